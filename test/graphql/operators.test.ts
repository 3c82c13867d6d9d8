// Every operator on every type, as a literal and as a variable, against four rows: three values in order, and a missing one.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ColumnField } from '../../src/catalog/catalog.ts';
import { elementName } from '../../src/graphql/schema/value-type.ts';
import type { Engine } from '../../src/query/engine.ts';
import { createKitchen, reader } from '../query/kitchen/kitchen.ts';
import { openTestDatabase, type TestDatabase } from '../test-database.ts';
import { type BothPaths, bothPaths } from './both-paths.ts';

/** Three values in order, as PostgreSQL takes them and as GraphQL does, and whether the type has an order at all. */
interface Samples {
  readonly sql: readonly [string, string, string];
  readonly given: readonly [unknown, unknown, unknown];
  readonly ordered?: false;
  readonly listed?: false;
}

const same = (...values: [unknown, unknown, unknown]): Samples => ({
  sql: values.map(String) as [string, string, string],
  given: values,
});

const samples: Readonly<Record<string, Samples>> = {
  text: same('A', 'B "quoted" \\ \u00fc', 'C 😀'),
  code: same('AAAA', 'BBBB', 'CCCC'),
  short: same('a', 'b', 'c'),
  uuid: {
    sql: [
      '00000000-0000-4000-8000-000000000001',
      '00000000-0000-4000-8000-00000000000a',
      'f0000000-0000-4000-8000-000000000000',
    ],
    given: [
      '00000000-0000-4000-8000-000000000001',
      '00000000-0000-4000-8000-00000000000A',
      'f0000000-0000-4000-8000-000000000000',
    ],
  },
  int: same(-2147483648, 0, 2147483647),
  small: same(-32768, 1, 32767),
  big: same('-9223372036854775808', '9007199254740993', '9223372036854775807'),
  double: same(-1e300, 0.1, 1e300),
  single: same(-0.5, 0.25, 1.5),
  decimal: same('-12345678901234567890.1234567891', '0.1', '12345678901234567890.1234567891'),
  money: same('-1.5', '0.0000000001', '99999999999999999999.9'),
  flag: { sql: ['false', 'true', 'true'], given: [false, true, true], ordered: false },
  moment: {
    sql: ['2026-03-29 00:30:00.122Z', '2026-03-29 00:30:00.123Z', '2026-03-29 00:30:01Z'],
    given: ['2026-03-29T00:30:00.122Z', '2026-03-29T02:30:00.123+02:00', '2026-03-29T00:30:01Z'],
  },
  local: {
    sql: ['2026-01-01 00:00:00', '2026-01-02 03:04:05.6', '2026-01-03 00:00:00'],
    given: ['2026-01-01T00:00:00Z', '2026-01-02T03:04:05.600Z', '2026-01-03T00:00:00Z'],
  },
  day: same('2023-02-28', '2024-02-29', '2024-03-01'),
  clock: same('00:00:00', '08:30:00', '23:59:59'),
  json: {
    sql: ['{"a": 1}', '[1, null]', '"x"'],
    given: [{ a: 1 }, [1, null], 'x'],
    ordered: false,
    listed: false,
  },
  bytes: { sql: ['\\x00', '\\xdeadbeef', '\\xff'], given: ['AA==', '3q2+7w==', '/w=='], ordered: false },
  mood: { sql: ['HAPPY', 'sad-in-db', 'so so'], given: ['HAPPY', 'SAD', 'SO_SO'] },
};

let opened: TestDatabase;
let engine: Engine;
let paths: BothPaths;
beforeAll(async () => {
  opened = await openTestDatabase();
  engine = await createKitchen(opened.database);
  paths = bothPaths(engine, reader);
  const columns = Object.keys(samples).map(name => columnOf(name));
  const names = columns.map(field => `"${field.column}"`);
  for (const row of [0, 1, 2] as const) {
    const values = columns.map((_, index) => `$${index + 1}`);
    const insert = `insert into things (thing_id, ${names.join(', ')}) values (${row + 1}, ${values.join(', ')})`;
    await opened.database.query(
      insert,
      Object.values(samples).map(({ sql }) => sql[row]),
    );
  }
  await opened.database.query('insert into things (thing_id) values (4)');
});
afterAll(() => opened.close());

const columnOf = (name: string) => engine.catalog.entities.get('Thing')!.fields.get(name) as ColumnField;

/** @returns the ids of the things that meet a condition, asked for by both ways of writing it */
async function find(name: string, filter: (value: (sample: unknown) => string) => string): Promise<number[]> {
  const field = columnOf(name);
  const type = elementName(field.type);
  const variables: Record<string, unknown> = {};
  const declared: string[] = [];
  const asVariable = (sample: unknown) => {
    const variable = `v${declared.length}`;
    variables[variable] = sample;
    declared.push(`$${variable}: ${type}!`);
    return `$${variable}`;
  };
  const asLiteral = (sample: unknown) => (field.type.enum ? String(sample) : literalOf(sample));
  const list = (written: string) =>
    `{ things(where: { ${name}: { ${written} } }, orderBy: [{ id: asc }]) { id } }`;
  const literal = await ids(list(filter(asLiteral)), {});
  const withVariables = list(filter(asVariable));
  const head = declared.length > 0 ? `query(${declared.join(', ')}) ` : '';
  expect(await ids(`${head}${withVariables}`, variables), 'variables').toEqual(literal);
  return literal;
}

async function ids(query: string, variables: Record<string, unknown>): Promise<number[]> {
  const answer = await paths.fast({ query, variables });
  if (!answer) throw new Error(String((await paths.slow({ query, variables })).body));
  return (JSON.parse(answer.body as string).data.things as { id: number }[]).map(row => row.id);
}

function literalOf(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(literalOf).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  return `{ ${Object.entries(value)
    .map(([key, item]) => `${key}: ${literalOf(item)}`)
    .join(', ')} }`;
}

describe.each(Object.entries(samples))('%s', (name, { given: [low, middle, high], ordered, listed }) => {
  // true and true are equal, so the second and third row of a Boolean column cannot be told apart.
  const twins = name === 'flag' ? [2, 3] : [2];

  test('compares for equality, a missing value being different from all', async () => {
    expect(await find(name, value => `equals: ${value(middle)}`)).toEqual(twins);
    expect(await find(name, value => `not: ${value(low)}`)).toEqual([2, 3, 4]);
  });

  test('finds missing values and values that are there', async () => {
    expect(await find(name, () => 'equals: null')).toEqual([4]);
    expect(await find(name, () => 'not: null')).toEqual([1, 2, 3]);
    expect(await find(name, () => 'isNull: true')).toEqual([4]);
    expect(await find(name, () => 'isNull: false')).toEqual([1, 2, 3]);
  });

  test('turns a filter round, missing values included', async () => {
    expect(await find(name, value => `NOT: { equals: ${value(low)} }`)).toEqual([2, 3, 4]);
    expect(await find(name, value => `NOT: { NOT: { equals: ${value(low)} } }`)).toEqual([1]);
  });

  test.runIf(listed !== false)('looks values up in lists', async () => {
    expect(await find(name, value => `in: [${value(low)}, ${value(middle)}]`)).toEqual([1, ...twins]);
    expect(await find(name, value => `in: ${value(low)}`.replace(/\$\w+/, match => `[${match}]`))).toEqual([
      1,
    ]);
    expect(await find(name, () => 'in: []')).toEqual([]);
    expect(await find(name, value => `notIn: [${value(low)}]`)).toEqual([2, 3, 4]);
    expect(await find(name, () => 'notIn: []')).toEqual([1, 2, 3, 4]);
  });

  test.runIf(ordered !== false)(
    'compares by order, a missing value being neither less nor greater',
    async () => {
      expect(await find(name, value => `lt: ${value(middle)}`)).toEqual([1]);
      expect(await find(name, value => `lte: ${value(middle)}`)).toEqual([1, 2]);
      expect(await find(name, value => `gt: ${value(middle)}`)).toEqual([3]);
      expect(await find(name, value => `gte: ${value(middle)}`)).toEqual([2, 3]);
      expect(await find(name, value => `gt: ${value(low)}, lt: ${value(high)}`)).toEqual([2]);
    },
  );
});

describe('text', () => {
  test('is searched', async () => {
    expect(await find('text', value => `contains: ${value('"quoted" \\')}`)).toEqual([2]);
    expect(await find('text', value => `startsWith: ${value('C')}`)).toEqual([3]);
    expect(await find('text', value => `endsWith: ${value('😀')}`)).toEqual([3]);
    expect(await find('text', value => `contains: ${value('%')}`)).toEqual([]);
    expect(await find('text', value => `contains: ${value('')}`)).toEqual([1, 2, 3]);
  });

  test('is the same in upper and lower case where that is asked for', async () => {
    expect(await find('text', value => `equals: ${value('a')}`)).toEqual([]);
    expect(await find('text', value => `equals: ${value('a')}, mode: insensitive`)).toEqual([1]);
    expect(await find('text', value => `not: ${value('a')}, mode: insensitive`)).toEqual([2, 3, 4]);
    expect(await find('text', value => `in: [${value('a')}, ${value('x')}], mode: insensitive`)).toEqual([1]);
    expect(await find('text', value => `notIn: [${value('a')}], mode: insensitive`)).toEqual([2, 3, 4]);
    expect(await find('text', value => `contains: ${value('QUOTED')}, mode: insensitive`)).toEqual([2]);
    expect(await find('text', value => `startsWith: ${value('b')}, mode: insensitive`)).toEqual([2]);
    expect(await find('text', value => `endsWith: ${value('Ü')}, mode: insensitive`)).toEqual([2]);
    expect(await find('text', value => `NOT: { equals: ${value('a')} }, mode: insensitive`)).toEqual([
      2, 3, 4,
    ]);
    expect(await find('text', value => `contains: ${value('QUOTED')}, mode: default`)).toEqual([]);
  });

  test('that the database cannot hold is found nowhere', async () => {
    expect(await find('text', value => `equals: ${value('a\0')}`)).toEqual([]);
    expect(await find('text', value => `not: ${value('a\0')}`)).toEqual([1, 2, 3, 4]);
  });
});

describe('lists', () => {
  beforeAll(async () => {
    await opened.database.query(`update things set texts = '{}', moods = '{}', decimals = '{}'`);
    await opened.database.query(
      `update things set texts = '{a,b}', moods = '{HAPPY,sad-in-db}', decimals = '{1.5,2}' where thing_id = 1`,
    );
    await opened.database.query(
      `update things set texts = '{b,a}', moods = '{HAPPY}', decimals = '{2}' where thing_id = 2`,
    );
  });

  test.each([
    ['texts', 'a', 'b'],
    ['moods', 'HAPPY', 'SAD'],
    ['decimals', '2.00', '1.5'],
  ])('%s are searched by their elements', async (name, first, second) => {
    const both = name === 'texts' ? [1, 2] : [1];
    expect(await find(name, value => `has: ${value(first)}`)).toEqual([1, 2]);
    expect(await find(name, value => `hasEvery: [${value(first)}, ${value(second)}]`)).toEqual(both);
    expect(await find(name, value => `hasSome: [${value(second)}]`)).toEqual(both);
    expect(await find(name, () => 'hasEvery: []')).toEqual([1, 2, 3, 4]);
    expect(await find(name, () => 'hasSome: []')).toEqual([]);
    expect(await find(name, () => 'isEmpty: true')).toEqual([3, 4]);
    expect(await find(name, () => 'isEmpty: false')).toEqual([1, 2]);
    expect(await find(name, () => 'equals: []')).toEqual([3, 4]);
    expect(await find(name, () => 'isNull: true')).toEqual([]);
  });

  test('are compared whole, in their order', async () => {
    expect(await find('texts', value => `equals: [${value('b')}, ${value('a')}]`)).toEqual([2]);
  });
});
