import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Database } from '../../src/base/database/database.ts';
import { compare, type Expr, type LiteralValue, literal, not, path } from '../../src/query/ask/expression.ts';
import type { Engine } from '../../src/query/engine.ts';
import { openTestDatabase, type TestDatabase } from '../test-database.ts';
import { answer, createKitchen, fields, many, reader } from './kitchen/kitchen.ts';

/** Each scalar: as PostgreSQL takes it, as the answer shows it, a lesser value of the type, and how a caller writes both. */
const scalars: Record<string, { sql: string; shown: unknown; given?: LiteralValue; less?: LiteralValue }> = {
  text: { sql: `'Zoë "quoted" \\ back'`, shown: 'Zoë "quoted" \\ back', less: 'A' },
  code: { sql: `'AB'`, shown: 'AB  ', given: 'AB', less: 'AA' },
  short: { sql: `'short'`, shown: 'short', less: 'a' },
  uuid: {
    sql: `'3f2a0d5c-7c1e-4b4e-9a55-0a6c1a7b1f10'`,
    shown: '3f2a0d5c-7c1e-4b4e-9a55-0a6c1a7b1f10',
    given: '3F2A0D5C-7C1E-4B4E-9A55-0A6C1A7B1F10',
    less: '00000000-0000-0000-0000-000000000000',
  },
  int: { sql: '2147483647', shown: 2147483647, less: -2147483648 },
  small: { sql: '32767', shown: 32767, less: '99' },
  big: { sql: '9223372036854775807', shown: '9223372036854775807', less: '9223372036854775806' },
  double: { sql: '0.1', shown: 0.1, less: -1e300 },
  single: { sql: '0.1', shown: 0.1, less: 0.05 },
  decimal: {
    sql: '12345678901234567890.123456789012345678901234567890',
    shown: '12345678901234567890.123456789012345678901234567890',
    less: '12345678901234567890.123456789012345678901234567889',
  },
  money: { sql: '0.0000000001', shown: '0.0000000001', less: '-.5' },
  flag: { sql: 'true', shown: true, less: false },
  moment: {
    sql: `'2026-03-29 01:30:00.123+01'`,
    shown: '2026-03-29T00:30:00.123Z',
    less: '2026-03-29T02:30:00.122+02:00',
  },
  local: {
    sql: `'2026-01-02 03:04:05.6'`,
    shown: '2026-01-02T03:04:05.600Z',
    less: '2026-01-02T03:04:05.599Z',
  },
  day: { sql: `'2024-02-29'`, shown: '2024-02-29', less: '2024-02-28' },
  clock: { sql: `'23:59:59'`, shown: '23:59:59', less: '08:00' },
  mood: { sql: `'so so'`, shown: 'SO_SO', less: 'SAD' },
};

const lists: Record<string, { sql: string; shown: unknown[]; has: LiteralValue }> = {
  texts: { sql: `ARRAY['a','b "c"',NULL,'']`, shown: ['a', 'b "c"', null, ''], has: 'b "c"' },
  ints: { sql: 'ARRAY[1,-2]', shown: [1, -2], has: -2 },
  bigs: { sql: 'ARRAY[9223372036854775807]', shown: ['9223372036854775807'], has: '9223372036854775807' },
  doubles: { sql: 'ARRAY[0.5]', shown: [0.5], has: 0.5 },
  decimals: { sql: 'ARRAY[1.50]', shown: ['1.500000000000000000000000000000'], has: '1.5' },
  flags: { sql: 'ARRAY[true,false]', shown: [true, false], has: false },
  moments: {
    sql: `ARRAY['2026-01-01 00:00+00'::timestamptz]`,
    shown: ['2026-01-01T00:00:00.000Z'],
    has: '2026-01-01T00:00:00Z',
  },
  moods: { sql: `ARRAY['sad-in-db','HAPPY']::mood[]`, shown: ['SAD', 'HAPPY'], has: 'SAD' },
  uuids: {
    sql: `ARRAY['3f2a0d5c-7c1e-4b4e-9a55-0a6c1a7b1f10'::uuid]`,
    shown: ['3f2a0d5c-7c1e-4b4e-9a55-0a6c1a7b1f10'],
    has: '3f2a0d5c-7c1e-4b4e-9a55-0a6c1a7b1f10',
  },
};

let opened: TestDatabase;
let database: Database;
let engine: Engine;

beforeAll(async () => {
  opened = await openTestDatabase();
  database = opened.database;
  engine = await createKitchen(database);
  const all = { ...scalars, ...lists };
  const columns = engine.catalog.entities.get('Thing')!.fields;
  const column = (name: string) => `"${(columns.get(name) as { column: string }).column}"`;
  const names = Object.keys(all).map(column).join(', ');
  const values = Object.values(all)
    .map(({ sql }) => sql)
    .join(', ');
  await database.query(
    `INSERT INTO things (thing_id, json, "jsonText", bytes, ${names}) VALUES (1, '{"a":[1,2.50,"x"]}', '{"b": 1}', '\\x00ff10', ${values})`,
  );
  await database.query('INSERT INTO things (thing_id) VALUES (2)');
});

afterAll(() => opened.close());

const idsWhere = async (where: Expr) =>
  ((await answer(engine, many('Thing', fields('id'), { where }))) as { id: number }[]).map(thing => thing.id);

describe.each(Object.entries(scalars))('a %s', (name, { shown, given = shown as LiteralValue, less }) => {
  test('comes as it is, and as null where it is missing', async () => {
    expect(await answer(engine, many('Thing', fields(name)))).toEqual([{ [name]: shown }, { [name]: null }]);
  });

  test('is found by every comparison', async () => {
    const value = path([name]);
    expect(await idsWhere(compare('eq', value, literal(given)))).toEqual([1]);
    expect(await idsWhere(compare('ne', value, literal(given)))).toEqual([2]);
    expect(await idsWhere(compare('ge', value, literal(given)))).toEqual([1]);
    expect(await idsWhere(compare('le', literal(given), value))).toEqual([1]);
    expect(await idsWhere(compare('gt', value, literal(less!)))).toEqual([1]);
    expect(await idsWhere(compare('lt', value, literal(less!)))).toEqual([]);
    expect(await idsWhere(not(compare('lt', value, literal(less!))))).toEqual([1, 2]);
    expect(await idsWhere({ kind: 'in', item: value, list: [literal(less!), literal(given)] })).toEqual([1]);
    expect(await idsWhere({ kind: 'in', item: value, list: [literal(null), literal(given)] })).toEqual([
      1, 2,
    ]);
    expect(await idsWhere(compare('eq', value, literal(null)))).toEqual([2]);
    expect(await idsWhere(compare('ne', value, literal(null)))).toEqual([1]);
    expect(await idsWhere(compare('eq', value, value))).toEqual([1, 2]);
  });

  test('sorts, with missing values lowest unless said otherwise', async () => {
    const sorted = async (direction: 'asc' | 'desc', nulls?: 'first' | 'last') =>
      (
        (await answer(
          engine,
          many('Thing', fields('id'), { orderBy: [{ by: path([name]), direction, nulls }] }),
        )) as { id: number }[]
      ).map(({ id }) => id);
    expect(await sorted('asc')).toEqual([2, 1]);
    expect(await sorted('desc')).toEqual([1, 2]);
    expect(await sorted('asc', 'last')).toEqual([1, 2]);
    expect(await sorted('desc', 'first')).toEqual([2, 1]);
  });
});

describe.each(Object.entries(lists))('a list of %s', (name, { shown, has }) => {
  test('comes as it is, and empty where it is missing', async () => {
    expect(await answer(engine, many('Thing', fields(name)))).toEqual([{ [name]: shown }, { [name]: [] }]);
  });

  test('can be filtered by its elements', async () => {
    const element = path([], 'e');
    const any: Expr = {
      kind: 'any',
      over: path([name]),
      variable: 'e',
      where: compare('eq', element, literal(has)),
    };
    expect(await idsWhere(any)).toEqual([1]);
    expect(await idsWhere(not(any))).toEqual([2]);
    expect(
      await idsWhere({
        kind: 'all',
        over: path([name]),
        variable: 'e',
        where: compare('eq', element, literal(has)),
      }),
    ).toEqual(shown.length === 1 ? [1, 2] : [2]);
    expect(await idsWhere({ kind: 'call', name: 'isEmpty', args: [path([name])] })).toEqual([2]);
    expect(await idsWhere({ kind: 'call', name: 'hasEvery', args: [path([name]), literal([has])] })).toEqual([
      1,
    ]);
    expect(await idsWhere({ kind: 'call', name: 'hasSome', args: [path([name]), literal([has])] })).toEqual([
      1,
    ]);
  });
});

describe('JSON and bytes', () => {
  test('are returned unchanged', async () => {
    const [first] = (await answer(engine, many('Thing', fields('json', 'jsonText', 'bytes')))) as object[];
    expect(first).toEqual({ json: { a: [1, 2.5, 'x'] }, jsonText: { b: 1 }, bytes: 'AP8Q' });
  });

  test('are compared as a whole', async () => {
    expect(await idsWhere(compare('eq', path(['json']), literal({ json: { a: [1, 2.5, 'x'] } })))).toEqual([
      1,
    ]);
    expect(await idsWhere(compare('eq', path(['jsonText']), literal({ json: { b: 1 } })))).toEqual([1]);
    expect(await idsWhere(compare('eq', path(['bytes']), literal('AP8Q')))).toEqual([1]);
    expect(await idsWhere(compare('ne', path(['bytes']), literal('AAAA')))).toEqual([1, 2]);
  });
});

describe('numbers', () => {
  test('that JSON cannot represent are returned as strings', async () => {
    await database.query(
      `INSERT INTO things (thing_id, "double", "decimal") VALUES (3, 'NaN', 'NaN'), (4, '-Infinity', NULL)`,
    );
    const where = compare('ge', path(['id']), literal(3));
    expect(await answer(engine, many('Thing', fields('double', 'decimal'), { where }), 'numbers')).toEqual([
      { double: 'NaN', decimal: 'NaN' },
      { double: '-Infinity', decimal: null },
    ]);
    await database.query('DELETE FROM things WHERE thing_id >= 3');
  });

  test('keep every digit when they are written as numbers', async () => {
    const { text } = await engine.run(
      engine.prepare(
        many('Thing', fields('big', 'decimal', 'decimals', 'bigs'), { take: 1 }),
        reader,
        'numbers',
      ),
    );
    expect(text).toBe(
      '[{"big":9223372036854775807,"decimal":12345678901234567890.123456789012345678901234567890,"decimals":[1.500000000000000000000000000000],"bigs":[9223372036854775807]}]',
    );
  });

  test('of any size are compared with columns of any size', async () => {
    expect(await idsWhere(compare('lt', path(['int']), literal('99999999999999999999')))).toEqual([1]);
    expect(await idsWhere(compare('gt', path(['small']), literal('2.5')))).toEqual([1]);
    expect(await idsWhere(compare('eq', path(['int']), literal('2147483647.0')))).toEqual([1]);
  });
});
