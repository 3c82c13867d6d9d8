// Pages by cursors: whatever the order, they make up the list.

import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Database } from '../../src/base/database/database.ts';
import { call, compare, type Expr, literal, path } from '../../src/query/ask/expression.ts';
import type { OrderTerm } from '../../src/query/ask/order-term.ts';
import type { Engine } from '../../src/query/engine.ts';
import { openTestDatabase, type TestDatabase } from '../test-database.ts';
import { answer, createKitchen, fields, many, related } from './kitchen/kitchen.ts';
import { type Connection, readPage, walk } from './walk.ts';

let opened: TestDatabase;
let database: Database;
let engine: Engine;

beforeAll(async () => {
  opened = await openTestDatabase();
  ({ database } = opened);
  engine = await createKitchen(database);
  await fillThings();
  await fillVisits();
});
afterAll(() => opened.close());

/** Every sortable scalar from a few values, extreme ones among them, and missing ones: ties everywhere. */
async function fillThings(): Promise<void> {
  const values: Record<string, string> = {
    text: `ARRAY['', 'a', 'A', 'ä', 'Zoë "q" \\ b', E'line\\nbreak', repeat('long ', 200)]`,
    code: `ARRAY['AB', 'ab', 'A']`,
    short_text: `ARRAY['x', 'y', '%']`,
    uuid: `ARRAY['3f2a0d5c-7c1e-4b4e-9a55-0a6c1a7b1f10', '00000000-0000-0000-0000-000000000000']::uuid[]`,
    int: 'ARRAY[-2147483648, 0, 2147483647]',
    small: 'ARRAY[-1, 0, 1]::smallint[]',
    big: 'ARRAY[9007199254740993, 9007199254740992, -9223372036854775808]',
    double: `ARRAY['0.1', '0.30000000000000004', '-0', '0', '1e300', 'NaN', 'Infinity', '-Infinity']::float8[]`,
    single: `ARRAY['0.1', '0.2', '16777216', 'NaN']::real[]`,
    decimal: `ARRAY['12345678901234567890.123456789012345678901234567890', '12345678901234567890.123456789012345678901234567889', '0', 'NaN']::numeric[]`,
    money: 'ARRAY[0.0000000001, 0.0000000002]',
    flag: 'ARRAY[true, false]',
    moment: `ARRAY['2026-03-29 01:30:00.123+01', '2026-03-29 01:30:00.124+01', '0044-03-15 12:00:00+00 BC', 'infinity']::timestamptz[]`,
    local: `ARRAY['2026-01-02 03:04:05.6', '2026-01-02 03:04:05.601', '-infinity']::timestamp[]`,
    day: `ARRAY['2024-02-29', '2024-02-28', '10000-01-01']::date[]`,
    clock: `ARRAY['23:59:59', '08:00']::time[]`,
    bytes: `ARRAY['\\x00ff', '\\x', '\\x01']::bytea[]`,
    mood: `ARRAY['so so', 'HAPPY', 'sad-in-db']::mood[]`,
  };
  const columns = Object.keys(values);
  const picked = Object.values(values).map((list, index) => {
    const mixed = `abs(hashint8(i * 31 + ${index} * 7919))`;
    return `(${list})[1 + ${mixed} % (cardinality(${list}) + 1)]`;
  });
  await database.query(
    `INSERT INTO things (thing_id, ${columns.map(name => `"${name}"`).join(', ')})
     SELECT i, ${picked.join(', ')} FROM generate_series(1, 60) i`,
  );
}

async function fillVisits(): Promise<void> {
  await database.query(
    `INSERT INTO "Person" (id, name, "bossId", "twinId")
     SELECT i, 'name ' || i % 3, CASE WHEN i > 3 THEN i / 2 END, NULL FROM generate_series(1, 9) i`,
  );
  await database.query(
    `INSERT INTO "Room" SELECT 'house ' || i % 2, i, CASE WHEN i % 3 > 0 THEN 'title ' || i % 2 END FROM generate_series(1, 6) i`,
  );
  await database.query(
    `INSERT INTO "Visit" SELECT i, 1 + i % 9, CASE WHEN r > 0 THEN 'house ' || r % 2 END, nullif(r, 0)
     FROM (SELECT i, abs(hashint8(i)) % 7 AS r FROM generate_series(1, 70) i) AS mixed`,
  );
}

const sortable =
  'text code short uuid int small big double single decimal money flag moment local day clock bytes mood'.split(
    ' ',
  );
const byField = fc.constantFrom(...sortable).map(name => path([name]));
const byValue = fc.constantFrom<Expr>(
  call('lower', [path(['text'])]),
  call('length', [path(['text'])]),
  call('add', [path(['single']), path(['small'])]),
  call('divby', [path(['int']), literal(7)]),
  call('mod', [path(['big']), literal(3)]),
  call('year', [path(['day'])]),
  call('floor', [path(['decimal'])]),
  compare('gt', path(['int']), literal(0)),
  { kind: 'isNull', item: path(['mood']) },
  literal('always the same'),
);
const byPath = fc.constantFrom<Expr>(
  path(['person', 'name']),
  path(['person', 'boss', 'name']),
  path(['person', 'boss', 'bossId']),
  path(['room', 'title']),
  path(['roomHouse']),
  call('concat', [path(['person', 'name']), path(['room', 'title'])]),
  { kind: 'count', over: path(['person', 'visits']), variable: 'v' },
);

const termsOf = (by: fc.Arbitrary<Expr>): fc.Arbitrary<OrderTerm[]> =>
  fc.array(
    fc.record({
      by,
      direction: fc.constantFrom('asc', 'desc'),
      nulls: fc.constantFrom(undefined, 'first', 'last'),
    }),
    { maxLength: 4 },
  );
const things = termsOf(fc.oneof({ weight: 4, arbitrary: byField }, byValue, fc.constant(path(['id']))));
const orders = fc.oneof(
  things.map(orderBy => many('Thing', fields('id'), { orderBy })),
  termsOf(byPath).map(orderBy => many('Visit', fields('id'), { orderBy })),
  termsOf(byPath).map(orderBy =>
    many(
      'Visit',
      [...fields('id'), related('room', { entity: 'Room', select: fields('title'), cardinality: 'one' })],
      {
        orderBy,
        where: compare('gt', path(['id']), literal(10)),
      },
    ),
  ),
);

const nodesOf = (pages: readonly Connection[]): unknown[] => pages.flatMap(page => page.nodes);

describe('keyset paging in any order', () => {
  test('pages of any size, from the first on and from the last back, make up the list', async () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 25 }), { minLength: 1, maxLength: 5 });
    const property = fc.asyncProperty(orders, sizes, async (query, given) => {
      const whole = await answer(engine, { ...query, take: 1000 });
      let turn = 0;
      const sizeOf = () => given[turn++ % given.length]!;
      const forward = await walk(engine, query, sizeOf);
      expect(nodesOf(forward)).toEqual(whole);
      const backward = await walk(engine, query, sizeOf, true);
      expect(nodesOf(backward.toReversed())).toEqual(whole);
      for (const pages of [forward, backward.toReversed()]) expectLinked(pages, (whole as unknown[]).length);
    });
    await fc.assert(property, { numRuns: 120, endOnFailure: true });
  });

  test('two cursors select the rows between them', async () => {
    const place = fc.nat({ max: 59 });
    const property = fc.asyncProperty(orders, place, place, fc.boolean(), async (query, a, b, backward) => {
      const all = await readPage(engine, { ...query, take: 1000 });
      const [low, high] = [Math.min(a, b), Math.max(a, b)];
      const [after, before] = [all.edges[low]!.cursor, all.edges[high]!.cursor];
      const between = all.nodes.slice(low + 1, high);
      const page = await readPage(engine, { ...query, after, before, take: 7, backward });
      expect(page.nodes).toEqual(backward ? between.slice(-7) : between.slice(0, 7));
      expect(page.pageInfo).toMatchObject({ hasNextPage: true, hasPreviousPage: true });
      expect(page.totalCount).toBe(all.nodes.length);
    });
    await fc.assert(property, { numRuns: 80, endOnFailure: true });
  });
});

/** What each page says of itself must be what the whole list shows. */
function expectLinked(pages: readonly Connection[], total: number): void {
  for (const [index, { edges, nodes, pageInfo, totalCount }] of pages.entries()) {
    expect(edges.map(edge => edge.node)).toEqual(nodes);
    expect(pageInfo).toEqual({
      hasNextPage: index < pages.length - 1,
      hasPreviousPage: index > 0,
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    });
    expect(totalCount).toBe(total);
  }
}
