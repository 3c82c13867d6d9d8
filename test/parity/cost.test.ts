// A query that would cost too much is refused before it runs, whichever door it comes through.

import { beforeAll, expect, test } from 'vitest';
import type { EntityQuery, Selection } from '../../src/query/ask/entity-query.ts';
import { compare, literal, path } from '../../src/query/ask/expression.ts';
import { principalWith } from '../graphql/both-paths.ts';
import { serverForFile } from '../harness.ts';
import { ApiClient } from './api-client.ts';

let doors: ApiClient;

const server = serverForFile({ demo: true, env: { COST_MAX: '20000' } });
beforeAll(async () => {
  doors = new ApiClient(server);
});

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
const products = (take: number, ...select: Selection[]): EntityQuery => list('Product', { select, take });

/** Where nothing is known of the tables, a relation is taken to lead to thirty rows. */
function costOf(query: EntityQuery): number {
  return server.engine.prepare(query, principalWith('read'), 'strings').cost;
}

/** What it costs to read thirty rows, or as many as there are, of each parent. */
const looked = 30 * 0.5;

test('a cost is rows times width, of nested lists as well', () => {
  expect(costOf(products(10, field('id')))).toBe(20);
  expect(costOf(products(10, field('id'), field('sku'), field('name')))).toBe(40);
  const nested = products(10, field('id'), items({ select: [field('id')], take: 5 }));
  expect(costOf(nested)).toBe(10 * (2 + looked + 5 * 2));
  const open = products(10, field('id'), items({ select: [field('id')] }));
  expect(costOf(open)).toBe(10 * (2 + looked + 30 * 2));
});

test('what is counted and what is asked of rows costs as well', () => {
  const count: Selection = { kind: 'count', relation: 'orderItems', as: 'n' };
  expect(costOf(products(10, count))).toBe(10 * (1 + looked));
  expect(costOf({ ...products(10, field('id')), count: 'exact' })).toBe(1_020);
  const some = { kind: 'any', over: path(['orderItems']), variable: 'x' } as const;
  // Every row of the table may have to be looked at for a condition on related rows.
  expect(costOf({ ...products(10), where: some })).toBe(10 + 1_000 * looked);
  const simple = compare('gt', path(['id']), literal(5));
  expect(costOf({ ...products(10), where: simple })).toBe(11);
});

test('a page is as large as can be afforded', () => {
  const open = list('Product', { select: [field('id'), items({ select: [field('id')] })], pageable: true });
  const { plan, cost } = server.engine.prepare(open, principalWith('read'), 'strings');
  expect(plan.take).toBe(Math.floor(2_000 / (2 + looked + 30 * 2)));
  expect(cost).toBeLessThanOrEqual(2_000);
});

const tooCostly = [
  ['wide rows', 'products(take: 5000) { id sku name price }'],
  ['nested lists', 'orders(take: 500) { items(take: 10) { id quantity price: id product { name } } }'],
  ['counts', 'products(take: 2000) { orderItemsCount }'],
  ['aggregates', 'products(take: 2000) { orderItemsAggregate { sum { quantity } } }'],
  ['conditions on related rows', 'products(take: 5000, where: { orderItems: { some: {} } }) { id }'],
  [
    'an order by related rows',
    'products(take: 5000, orderBy: [{ orderItemsAggregate: { count: asc } }]) { id }',
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
    message: expect.stringMatching(/cost of \d+, more than the maximum of 20000/),
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
      message: expect.stringMatching(/cost of \d+, more than the maximum of 20000/),
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
  // Each row is taken to have its values, its tag, and thirty related ones, and a page costs a tenth of what is allowed.
  expect(value.length).toBeGreaterThan(10);
  expect(value.length).toBeLessThan(2_000 / (2 + 30 * 2));
  expect(rest['@odata.nextLink']).toBeDefined();
  const deep =
    '/odata/categories(1)?$select=id&$expand=products($expand=orderItems($expand=order($expand=items)))';
  const refused = await doors.answer(deep);
  expect(refused.status, refused.text.slice(0, 300)).toBe(400);
  expect(JSON.parse(refused.text).error).toMatchObject({
    code: 'LIMIT_EXCEEDED',
    message: expect.stringMatching(/cost of \d+, more than the maximum of 20000/),
  });
});

test('what a mutation answers is held to the same limit, and nothing is written', async () => {
  const deep = 'category { products { orderItems { order { items { id quantity } } } } }';
  const query = `mutation { updateProduct(id: 1, data: { name: "changed" }) { ${deep} } }`;
  const { text } = await doors.answer('/graphql', { query });
  expect(JSON.parse(text).errors?.[0]?.extensions?.code, text).toBe('LIMIT_EXCEEDED');
  const { rows } = await server.database.query('SELECT name FROM "Product" WHERE id = 1');
  expect(rows[0]![0]).not.toBe('changed');
});
