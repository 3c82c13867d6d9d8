import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { AggregateQuery, GroupKey, NamedAggregate } from '../../src/query/ask/aggregate-query.ts';
import type { Selection } from '../../src/query/ask/entity-query.ts';
import {
  type AggregateFunction,
  call,
  compare,
  type Expr,
  type LiteralValue,
  literal,
  not,
  path,
} from '../../src/query/ask/expression.ts';
import type { Engine } from '../../src/query/engine.ts';
import { openTestDatabase, type TestDatabase } from '../test-database.ts';
import { answer, createKitchen, fields, many, reader, related } from './kitchen/kitchen.ts';

let opened: TestDatabase;
let engine: Engine;

beforeAll(async () => {
  opened = await openTestDatabase();
  engine = await createKitchen(opened.database);
  for (const statement of [
    `INSERT INTO "Person" VALUES (1, 'Ann', NULL, NULL), (2, 'Bob', 1, 1), (3, 'Cid', 1, NULL), (4, 'Dee', 2, 3)`,
    `INSERT INTO "_Likes" ("A", "B") VALUES (1, 2), (1, 3), (4, 1)`,
    `INSERT INTO "Room" VALUES ('north', 1, 'N1'), ('north', 2, NULL), ('south', 1, 'S1')`,
    `INSERT INTO "Visit" VALUES (1, 1, 'north', 1), (2, 1, 'south', 1), (3, 2, NULL, NULL), (4, 2, 'north', 1), (5, 3, 'north', 2)`,
    `INSERT INTO things (thing_id, code, uuid, single, flag, moment, local, day, clock, bytes, mood, ints, json, decimal) VALUES
     (1, 'b', '3f2a0d5c-7c1e-4b4e-9a55-0a6c1a7b1f10', 0.1, true, '2024-02-29 23:59:59.999+00', '2024-01-01', '2024-02-29', '08:00', '\\x00ff', 'HAPPY', '{3,1,2}', '1', 12345678901234567890.123456789012345678901234567890),
     (2, 'a', '00000000-0000-4000-8000-000000000000', 0.2, false, '2024-03-01 00:00+00', '2023-12-31 23:00', '2023-12-31', '23:59:59', '\\x0100', 'so so', '{}', '2', 0.000000000000000000000000000001),
     (3, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '{5,5}', NULL, NULL)`,
  ]) {
    await opened.database.query(statement);
  }
});

afterAll(() => opened.close());

const named = (name: AggregateFunction, ...segments: string[]): NamedAggregate => ({
  name: [name, ...segments].join(' '),
  function: name,
  of: segments.length ? path(segments) : undefined,
});

const shown = (...names: string[]) => names.map(name => ({ kind: 'value', of: name, as: name }) as const);

/** All rows of a set together. */
const together = (entity: string, aggregates: NamedAggregate[], where?: Expr): AggregateQuery => ({
  kind: 'aggregate',
  entity,
  where,
  aggregates,
  select: shown(...aggregates.map(({ name }) => name)),
  cardinality: 'one',
});

/** The rows of a set in groups. */
const grouped = (
  entity: string,
  groupBy: GroupKey[],
  aggregates: NamedAggregate[] = [],
  more: Partial<AggregateQuery> = {},
): AggregateQuery => ({
  kind: 'aggregate',
  entity,
  groupBy,
  aggregates,
  select: shown(...[...groupBy, ...aggregates].map(({ name }) => name)),
  cardinality: 'many',
  ...more,
});

const key = (name: string, by: Expr = path(name.split('/'))): GroupKey => ({ name, by });
const ask = (query: AggregateQuery) => answer(engine, query);

describe('aggregates over all rows', () => {
  test.each([
    ['code', 'a   ', 'b   '],
    ['uuid', '00000000-0000-4000-8000-000000000000', '3f2a0d5c-7c1e-4b4e-9a55-0a6c1a7b1f10'],
    ['single', 0.1, 0.2],
    ['flag', false, true],
    ['moment', '2024-02-29T23:59:59.999Z', '2024-03-01T00:00:00.000Z'],
    ['local', '2023-12-31T23:00:00.000Z', '2024-01-01T00:00:00.000Z'],
    ['day', '2023-12-31', '2024-02-29'],
    ['clock', '08:00:00', '23:59:59'],
    ['bytes', 'AP8=', 'AQA='],
    ['mood', 'HAPPY', 'SO_SO'],
  ])('give the least and the greatest %s', async (field, min, max) => {
    const aggregates = [named('min', field), named('max', field), named('countDistinct', field)];
    expect(Object.values((await ask(together('Thing', aggregates))) as object)).toEqual([min, max, 2]);
    const none = await ask(together('Thing', aggregates, compare('gt', path(['id']), literal(2))));
    expect(Object.values(none as object)).toEqual([null, null, 0]);
  });

  test('sum exactly to 50 digits', async () => {
    const aggregates = [named('sum', 'decimal'), named('avg', 'decimal')];
    expect(await ask(together('Thing', aggregates))).toEqual({
      'sum decimal': '12345678901234567890.123456789012345678901234567891',
      'avg decimal': '6172839450617283945.0617283945061728394506172839455',
    });
    const { text } = await engine.run(engine.prepare(together('Thing', aggregates), reader, 'numbers'));
    expect(text).toBe(
      '{"sum decimal":12345678901234567890.123456789012345678901234567891,"avg decimal":6172839450617283945.0617283945061728394506172839455}',
    );
  });

  test('take the narrow floating point for the wide one', async () => {
    const query = together('Thing', [named('sum', 'single')]);
    expect((await ask(query)) as object).toEqual({ 'sum single': Math.fround(0.1) + Math.fround(0.2) });
  });

  test('reach through relations to one record', async () => {
    const aggregates = [named('count', 'room', 'title'), named('countDistinct', 'person', 'boss', 'name')];
    expect(Object.values((await ask(together('Visit', aggregates))) as object)).toEqual([3, 1]);
  });

  test('return one row even if no aggregate is selected', async () => {
    const constant = [{ kind: 'constant', as: '__typename', value: 'X' }] as const;
    expect(await ask({ ...together('Thing', []), select: constant })).toEqual({ __typename: 'X' });
    expect(await ask({ ...together('Thing', []), select: constant, cardinality: 'many' })).toEqual([
      { __typename: 'X' },
    ]);
  });

  test('may be of any expression, and meet a condition or not', async () => {
    const doubled = call('mul', [path(['id']), literal(2)]);
    const query = together('Visit', [{ name: 'n', function: 'sum', of: doubled }]);
    expect(await ask(query)).toEqual({ n: '30' });
    expect(await ask({ ...query, having: compare('gt', path(['n']), literal(30)) })).toBe(null);
  });
});

describe('groups of an aggregate query', () => {
  test('can be keyed by a path that is missing for some rows', async () => {
    const query = grouped('Visit', [key('room/title')], [named('count'), named('sum', 'id')]);
    expect(await ask(query)).toEqual([
      { 'room/title': null, count: 2, 'sum id': '8' },
      { 'room/title': 'N1', count: 2, 'sum id': '5' },
      { 'room/title': 'S1', count: 1, 'sum id': '2' },
    ]);
  });

  test('distinguish a missing record from a missing value', async () => {
    const hasRoom = key('has room', not({ kind: 'isNull', item: path(['room']) }));
    const room = {
      kind: 'object',
      as: 'room',
      select: shown('room/title'),
      presentWhere: 'has room',
    } as const;
    const query = grouped('Visit', [key('room/title'), hasRoom], [named('count')], {
      select: [room, ...shown('count')],
    });
    expect(await ask(query)).toEqual([
      { room: null, count: 1 },
      { room: { 'room/title': null }, count: 1 },
      { room: { 'room/title': 'N1' }, count: 2 },
      { room: { 'room/title': 'S1' }, count: 1 },
    ]);
  });

  test('are made by parts of dates, and by several keys', async () => {
    const parts = (['year', 'quarter', 'month', 'day', 'hour', 'date'] as const).map(part =>
      key(part, call(part, [path(['moment'])])),
    );
    expect(await ask(grouped('Thing', parts, [named('count')]))).toEqual([
      { year: null, quarter: null, month: null, day: null, hour: null, date: null, count: 1 },
      { year: 2024, quarter: 1, month: 2, day: 29, hour: 23, date: '2024-02-29', count: 1 },
      { year: 2024, quarter: 1, month: 3, day: 1, hour: 0, date: '2024-03-01', count: 1 },
    ]);
  });

  test('are made by an expression with values in it', async () => {
    const odd = key('odd', call('mod', [path(['id']), literal(2)]));
    const query = grouped('Visit', [odd], [named('count')], {
      where: compare('lt', path(['id']), literal(5)),
    });
    expect(await ask(query)).toEqual([
      { odd: '0', count: 2 },
      { odd: '1', count: 2 },
    ]);
  });

  test('do not exist if there are no rows', async () => {
    const none = compare('lt', path(['id']), literal(0));
    expect(await ask(grouped('Visit', [key('personId')], [named('count')], { where: none }))).toEqual([]);
  });

  test('may have keys alone, and be filtered and sorted by what is not shown', async () => {
    const query = grouped('Visit', [key('personId')], [named('count')], {
      select: shown('personId'),
      having: compare('gt', path(['count']), literal(0)),
      orderBy: [{ by: path(['count']), direction: 'desc' }],
    });
    expect(await ask(query)).toEqual([{ personId: 1 }, { personId: 2 }, { personId: 3 }]);
  });

  test('sort missing values as rows do', async () => {
    const by = (direction: 'asc' | 'desc', nulls?: 'first' | 'last') =>
      ask(
        grouped('Visit', [key('roomHouse')], [], {
          orderBy: [{ by: path(['roomHouse']), direction, nulls }],
        }),
      );
    const values = (rows: unknown) => (rows as { roomHouse: unknown }[]).map(({ roomHouse }) => roomHouse);
    expect(values(await by('asc'))).toEqual([null, 'north', 'south']);
    expect(values(await by('desc'))).toEqual(['south', 'north', null]);
    expect(values(await by('desc', 'first'))).toEqual([null, 'south', 'north']);
  });

  test('say when the default number of them cut the list', async () => {
    const { limits } = await import('../../src/base/config/config.ts').then(({ readConfig }) =>
      readConfig({}),
    );
    const { createEngine } = await import('../../src/query/create-engine.ts');
    const small = createEngine({
      catalog: engine.catalog,
      database: opened.database,
      limits: { ...limits, takeDefault: 2 },
    });
    const run = (more: Partial<AggregateQuery>) =>
      small.run(small.prepare(grouped('Visit', [key('personId')], [], more), reader, 'numbers'));
    expect(await run({})).toMatchObject({ rows: 2, truncated: [''] });
    expect(await run({ skip: 1 })).toMatchObject({ rows: 2, truncated: [] });
    expect(await run({ take: 1 })).toMatchObject({ rows: 1, truncated: [] });
  });
});

describe('aggregates of related rows', () => {
  const visits = (name: AggregateFunction, of?: string, where?: Expr): Expr => ({
    kind: 'aggregate',
    over: path(['visits']),
    variable: 'v',
    function: name,
    of: of === undefined ? undefined : path([of], 'v'),
    where,
  });
  const ids = async (where: Expr) =>
    ((await answer(engine, many('Person', fields('id'), { where }))) as { id: number }[]).map(({ id }) => id);
  const inNorth = compare('eq', path(['roomHouse'], 'v'), literal('north'));
  const than = (left: Expr, operator: 'eq' | 'ne' | 'gt', value: LiteralValue) =>
    compare(operator, left, literal(value));

  test('filter, a missing one meeting no comparison', async () => {
    expect(await ids(than(visits('sum', 'id'), 'gt', 4))).toEqual([2, 3]);
    expect(await ids(than(visits('sum', 'id', inNorth), 'eq', 4))).toEqual([2]);
    expect(await ids(than(visits('avg', 'id'), 'eq', '3.5'))).toEqual([2]);
    expect(await ids(than(visits('max', 'id'), 'eq', null))).toEqual([4]);
    expect(await ids(not(than(visits('max', 'id'), 'gt', 4)))).toEqual([1, 2, 4]);
    expect(await ids(than(visits('countDistinct', 'roomHouse'), 'eq', 2))).toEqual([1]);
    expect(await ids(than(visits('count'), 'eq', 0))).toEqual([4]);
  });

  test('start from a related record, and from the row of a quantifier', async () => {
    const ofBoss: Expr = { ...visits('sum', 'id'), over: path(['boss', 'visits']) } as Expr;
    expect(await ids(than(ofBoss, 'eq', 3))).toEqual([2, 3]);
    const ofStaff: Expr = {
      kind: 'any',
      over: path(['staff']),
      variable: 's',
      where: than({ ...visits('sum', 'id'), over: path(['visits'], 's') } as Expr, 'eq', 7),
    };
    expect(await ids(ofStaff)).toEqual([1]);
  });

  test('reach through relations of the related rows', async () => {
    const titles = { ...visits('max'), of: path(['room', 'title'], 'v') } as Expr;
    expect(await ids(than(titles, 'eq', 'S1'))).toEqual([1]);
  });

  test('sort, many to many as well', async () => {
    const likes: Expr = {
      kind: 'aggregate',
      over: path(['likedBy']),
      variable: 'p',
      function: 'max',
      of: path(['id'], 'p'),
    };
    const orderBy = [{ by: likes, direction: 'desc' }] as const;
    const rows = (await answer(engine, many('Person', fields('id'), { orderBy }))) as { id: number }[];
    const greatest = await opened.database.query(
      `SELECT p.id FROM "Person" p ORDER BY (SELECT max(l."B") FROM "_Likes" l WHERE l."A" = p.id) DESC NULLS LAST, p.id`,
    );
    expect(rows.map(({ id }) => String(id))).toEqual(greatest.rows.map(([id]) => id));
  });

  test('are taken of the elements of a list too', async () => {
    const ofInts = (name: AggregateFunction): Expr => ({
      kind: 'aggregate',
      over: path(['ints']),
      variable: 'i',
      function: name,
      of: path([], 'i'),
    });
    const things = async (where: Expr) =>
      ((await answer(engine, many('Thing', fields('id'), { where }))) as { id: number }[]).map(
        ({ id }) => id,
      );
    expect(await things(than(ofInts('sum'), 'gt', 5))).toEqual([1, 3]);
    expect(await things(than(ofInts('countDistinct'), 'eq', 1))).toEqual([3]);
    expect(await things(than(ofInts('max'), 'eq', null))).toEqual([2]);
  });

  const selected = (where?: Expr): Selection => ({
    kind: 'aggregate',
    relation: 'visits',
    as: 'visitsAggregate',
    where,
    aggregates: [named('count'), named('sum', 'id'), named('max', 'room', 'title')],
    select: [
      { kind: 'constant', as: '__typename', value: 'Quote " and \\' },
      ...shown('count'),
      { kind: 'object', as: 'values', select: shown('sum id', 'max room title') },
    ],
  });

  test('are selected, at the root and in nested lists', async () => {
    const of = (count: number, sum: string | null, title: string | null) => ({
      __typename: 'Quote " and \\',
      count,
      values: { 'sum id': sum, 'max room title': title },
    });
    expect(await answer(engine, many('Person', [...fields('id'), selected()]))).toEqual([
      { id: 1, visitsAggregate: of(2, '3', 'S1') },
      { id: 2, visitsAggregate: of(2, '7', 'N1') },
      { id: 3, visitsAggregate: of(1, '5', null) },
      { id: 4, visitsAggregate: of(0, null, null) },
    ]);
    const north = compare('eq', path(['room', 'house']), literal('north'));
    const staff = many('Person', [...fields('id'), selected(north)]);
    const boss = { entity: 'Person', select: [selected()], cardinality: 'one' } as const;
    const query = many('Person', [related('staff', staff), related('boss', boss)], { take: 2 });
    expect(await answer(engine, query)).toEqual([
      {
        staff: [
          { id: 2, visitsAggregate: of(1, '4', 'N1') },
          { id: 3, visitsAggregate: of(1, '5', null) },
        ],
        boss: null,
      },
      {
        staff: [{ id: 4, visitsAggregate: of(0, null, null) }],
        boss: { visitsAggregate: of(2, '3', 'S1') },
      },
    ]);
  });

  test('exist for each row even if no aggregate is selected', async () => {
    const nothing = {
      ...selected(),
      aggregates: [],
      select: [{ kind: 'constant', as: 'x', value: '1' }],
    } as Selection;
    const rows = await answer(engine, many('Person', [nothing]));
    expect(rows).toEqual(Array(4).fill({ visitsAggregate: { x: '1' } }));
  });

  test('of one relation are computed in one subquery', () => {
    const { plan } = engine.prepare(many('Person', [selected()]), reader, 'numbers');
    expect(plan.text.match(/FROM "Visit"/g)).toHaveLength(1);
  });
});

describe('invalid aggregate queries', () => {
  const refused = (query: AggregateQuery) => {
    try {
      engine.prepare(query, reader, 'numbers');
    } catch (error) {
      return error;
    }
    return undefined;
  };

  test.each([
    ['a sum of text', together('Thing', [named('sum', 'text')])],
    ['an average of days', together('Thing', [named('avg', 'day')])],
    ['the least of JSON', together('Thing', [named('min', 'json')])],
    ['the greatest of lists', together('Thing', [named('max', 'ints')])],
    ['different JSON', together('Thing', [named('countDistinct', 'json')])],
    ['a sum of nothing', together('Thing', [named('sum')])],
    ['groups by JSON', grouped('Thing', [key('json')])],
    ['groups by lists', grouped('Thing', [key('ints')])],
    ['groups by a record', grouped('Visit', [key('room')])],
    ['groups by many', grouped('Person', [key('visits')])],
    ['two things of one name', grouped('Visit', [key('id'), key('id')])],
  ])('is refused: %s', (_what, query) => {
    expect(refused(query)).toMatchObject({ code: 'INVALID_OPERATION' });
  });

  test('unknown names are reported', () => {
    expect(refused(together('Thing', [named('sum', 'itn')]))).toMatchObject({ code: 'UNKNOWN_FIELD' });
    const query = grouped('Visit', [key('personId')], [named('count')]);
    for (const more of [
      { having: compare('gt', path(['counts']), literal(1)) },
      { orderBy: [{ by: path(['id']), direction: 'asc' }] as const },
      { select: shown('id') },
    ])
      expect(refused({ ...query, ...more })).toMatchObject({ code: 'UNKNOWN_FIELD' });
    expect(refused({ ...query, having: compare('gt', path(['counts']), literal(1)) })).toMatchObject({
      hint: 'Did you mean "count"?',
    });
  });

  test('more groups than the maximum are rejected', () => {
    expect(refused(grouped('Visit', [key('id')], [], { take: 1_000_000 }))).toMatchObject({
      code: 'LIMIT_EXCEEDED',
    });
    expect(refused(grouped('Visit', [key('id')], [], { take: -1 }))).toMatchObject({
      code: 'INVALID_VALUE',
    });
  });

  test('a sum that no double can hold is refused', async () => {
    const huge = call('mul', [path(['single']), literal('1.7e308', 'Float')]);
    const huger = call('mul', [huge, literal('8', 'Float')]);
    const query = together('Thing', [{ name: 'n', function: 'sum', of: huger }]);
    await expect(ask(query)).rejects.toMatchObject({ code: 'INVALID_VALUE' });
  });
});
