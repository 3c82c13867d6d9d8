// A query that would cost too much is refused before it runs, whichever door it comes through.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { limitDefaults } from '../../src/base/config/config.ts';
import type { EntityQuery, Selection } from '../../src/query/ask/entity-query.ts';
import { compare, literal, path } from '../../src/query/ask/expression.ts';
import { costOf, rowsAffordable } from '../../src/query/check/cost.ts';
import { startServer, type TestServer } from '../harness.ts';
import { Doors } from './doors.ts';

let server: TestServer;
let doors: Doors;

beforeAll(async () => {
  server = await startServer({ demo: true, env: { COST_MAX: '20000' } });
  doors = new Doors(server);
});

afterAll(() => server.close());

const field = (name: string): Selection => ({ kind: 'field', field: name, as: name });
const list = (entity: string, more: Partial<EntityQuery>): EntityQuery => ({
  entity,
  cardinality: 'many',
  select: [],
  ...more,
});
const items = (more: Partial<EntityQuery>): Selection => ({
  kind: 'relation',
  relation: 'orderItems',
  as: 'orderItems',
  query: list('OrderItem', more),
});

test('a cost is rows times width, of nested lists as well', () => {
  const narrow = list('Product', { select: [field('id')] });
  expect(costOf(narrow, 10)).toBe(20);
  expect(costOf(list('Product', { select: [field('id'), field('sku'), field('name')] }), 10)).toBe(40);
  const nested = list('Product', { select: [field('id'), items({ select: [field('id')], take: 5 })] });
  expect(costOf(nested, 10)).toBe(10 * (2 + 5 * 2));
  const open = list('Product', { select: [field('id'), items({ select: [field('id')] })] });
  expect(costOf(open, 10)).toBe(10 * (2 + 30 * 2));
});

test('what is counted and what is asked of rows costs as well', () => {
  const count: Selection = { kind: 'count', relation: 'orderItems', as: 'n' };
  expect(costOf(list('Product', { select: [count] }), 10)).toBe(10 * (1 + 30));
  expect(costOf(list('Product', { select: [field('id')], count: 'exact' }), 10)).toBe(1_020);
  const some = { kind: 'any', over: path(['orderItems']), variable: 'x' } as const;
  expect(costOf(list('Product', { where: some }), 10)).toBe(10 * (1 + 10));
  const simple = compare('gt', path(['id']), literal(5));
  expect(costOf(list('Product', { where: simple }), 10)).toBe(11);
});

test('the rows that can be afforded can be afforded', () => {
  const open = list('Product', { select: [field('id'), items({ select: [field('id')] })], count: 'exact' });
  const limits = { ...limitDefaults, costMax: 30_000 };
  const rows = rowsAffordable(open, limits);
  expect(costOf(open, rows)).toBeLessThanOrEqual(limits.costMax);
  expect(costOf(open, rows + 1)).toBeGreaterThan(limits.costMax);
  expect(rowsAffordable(open, { ...limits, costMax: 1 })).toBe(1);
});

const tooCostly = [
  ['wide rows', 'products(take: 5000) { id sku name price }'],
  ['nested lists', 'orders(take: 500) { items(take: 10) { id quantity price: id product { name } } }'],
  ['counts', 'products(take: 1000) { orderItemsCount }'],
  ['aggregates', 'products(take: 1000) { orderItemsAggregate { sum { quantity } } }'],
  ['conditions on related rows', 'products(take: 2000, where: { orderItems: { some: {} } }) { id }'],
  [
    'an order by related rows',
    'products(take: 1000, orderBy: [{ orderItemsAggregate: { count: asc } }]) { id }',
  ],
  ['a connection', 'productsConnection(first: 5000) { edges { node { id sku name price } } }'],
  ['several lists together', 'a: products(take: 4000) { id sku } b: products(take: 4000) { id sku }'],
  [
    'several counts together',
    'a: productsCount(where: { orderItems: { some: {} } }) b: productsCount(where: { orderItems: { some: {} } })',
  ],
] as const;

const cheap = [
  'products(take: 10) { id sku name price orderItemsCount category { name } }',
  'products(where: { orderItems: { some: {} } }, take: 10) { id }',
  'productsConnection(first: 10) { nodes { id } totalCount }',
  'productsAggregate { count sum { stock } }',
];

test.each(tooCostly)('the Query API refuses %s', async (_, query) => {
  const { status, text } = await doors.answer('/api/query', { query });
  expect(status).toBe(400);
  expect(JSON.parse(text).error).toMatchObject({
    code: 'LIMIT_EXCEEDED',
    message: expect.stringMatching(/cost \d+, more than the 20000 allowed/),
    hint: expect.stringContaining('take'),
    location: expect.anything(),
  });
});

test.each(tooCostly)('GraphQL refuses %s, executed either way', async (_, query) => {
  for (const more of ['', ' __schema { queryType { name } }']) {
    const { text } = await doors.answer('/graphql', { query: `{ ${query}${more} }` });
    const { data, errors } = JSON.parse(text);
    expect(data ?? null).toBe(null);
    expect(errors[0]).toMatchObject({
      message: expect.stringMatching(/cost \d+, more than the 20000 allowed/),
      extensions: { code: 'LIMIT_EXCEEDED', hint: expect.stringContaining('take') },
    });
  }
});

test('a number in a variable counts as one in the text', async () => {
  const query = 'query ($n: Int) { products(take: $n) { id } }';
  const ask = (n: number) => doors.answer('/graphql', { query, variables: { n } });
  expect((await ask(10)).status).toBe(200);
  expect(JSON.parse((await ask(10_000)).text).data).toBeTruthy();
  const wide = query.replace('{ id }', '{ id sku name }');
  expect((await doors.answer('/graphql', { query: wide, variables: { n: 10_000 } })).text).toContain(
    'LIMIT_EXCEEDED',
  );
});

test.each(cheap)('what costs less is answered: %s', async query => {
  expect((await doors.answer('/api/query', { query })).status).toBe(200);
  expect(JSON.parse((await doors.answer('/graphql', { query: `{ ${query} }` })).text).errors).toBe(undefined);
});

test('OData gives smaller pages where it can, and refuses what one row would make too much of', async () => {
  const { text } = await doors.answer('/odata/products?$select=id&$expand=orderItems($select=id)');
  const { value, ...rest } = JSON.parse(text);
  // Each row is reckoned with its values, its tag, and thirty related ones.
  expect(value.length).toBeGreaterThan(100);
  expect(value.length).toBeLessThan(20_000 / (2 + 30 * 2));
  expect(rest['@odata.nextLink']).toBeDefined();
  const wide = '/odata/products(1)?$select=id&$expand=orderItems($top=9000;$select=id,quantity)';
  const refused = await doors.answer(wide);
  expect(refused.status).toBe(400);
  expect(JSON.parse(refused.text).error).toMatchObject({
    code: 'LIMIT_EXCEEDED',
    message: expect.stringMatching(/cost \d+, more than the 20000 allowed/),
  });
});

test('what a mutation answers is held to the same limit, and nothing is written', async () => {
  const query =
    'mutation { updateProduct(id: 1, data: { name: "changed" }) { orderItems(take: 9000) { id quantity } } }';
  const { text } = await doors.answer('/graphql', { query });
  expect(JSON.parse(text).errors?.[0]?.extensions?.code, text).toBe('LIMIT_EXCEEDED');
  const { rows } = await server.database.query('SELECT name FROM "Product" WHERE id = 1');
  expect(rows[0]![0]).not.toBe('changed');
});
