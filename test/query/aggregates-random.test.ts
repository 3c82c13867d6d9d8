// Aggregates of random rows against the same computed here, in whole numbers of any length.

import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { AggregateQuery, NamedAggregate } from '../../src/query/ask/aggregate-query.ts';
import { type AggregateFunction, compare, literal, path } from '../../src/query/ask/expression.ts';
import type { Engine } from '../../src/query/engine.ts';
import { openTestDatabase, type TestDatabase } from '../test-database.ts';
import { answer, createKitchen } from './kitchen/kitchen.ts';

let opened: TestDatabase;
let engine: Engine;

beforeAll(async () => {
  opened = await openTestDatabase();
  engine = await createKitchen(opened.database);
});

afterAll(() => opened.close());

interface Row {
  readonly text: string | null;
  readonly flag: boolean | null;
  readonly int: number | null;
  readonly big: bigint | null;
  /** In units of 10 to the power of -30. */
  readonly decimal: bigint | null;
  readonly double: number | null;
  readonly day: string | null;
  readonly uuid: string | null;
}

const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { freq: 4 });
const row: fc.Arbitrary<Row> = fc.record({
  text: maybe(fc.constantFrom('a', 'b', 'c')),
  flag: maybe(fc.boolean()),
  int: maybe(fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 })),
  big: maybe(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })),
  decimal: maybe(fc.bigInt({ min: -(10n ** 60n), max: 10n ** 60n })),
  // Eighths add up exactly.
  double: maybe(fc.integer({ min: -80_000, max: 80_000 }).map(eighths => eighths / 8)),
  day: maybe(fc.constantFrom('2023-12-31', '2024-01-01', '2024-02-29', '2024-12-31')),
  uuid: maybe(fc.uuid()),
});

const scale = 30;

function decimalText(value: bigint, places = scale): string {
  const digits = String(value < 0n ? -value : value).padStart(places + 1, '0');
  return `${value < 0n ? '-' : ''}${digits.slice(0, -places)}.${digits.slice(-places)}`;
}

async function store(rows: readonly Row[]): Promise<void> {
  const written = rows.map((each, id) => ({
    ...each,
    id,
    big: each.big === null ? null : String(each.big),
    decimal: each.decimal === null ? null : decimalText(each.decimal),
  }));
  await opened.database.query('DELETE FROM things');
  await opened.database.query(
    `INSERT INTO things (thing_id, text, flag, int, big, decimal, double, day, uuid)
     SELECT id, text, flag, int, big, decimal, double, day, uuid FROM jsonb_to_recordset($1::jsonb)
     AS r(id int, text text, flag bool, int int, big bigint, decimal numeric, double float8, day date, uuid uuid)`,
    [JSON.stringify(written)],
  );
}

const named = (function_: AggregateFunction, field?: string): NamedAggregate => ({
  name: field ? `${function_} ${field}` : function_,
  function: function_,
  of: field ? path([field]) : undefined,
});

const aggregates: NamedAggregate[] = [
  named('count'),
  ...['text', 'int', 'uuid'].flatMap(field => [named('count', field), named('countDistinct', field)]),
  ...['int', 'big', 'decimal', 'double'].flatMap(field => [named('sum', field), named('avg', field)]),
  ...['text', 'flag', 'int', 'big', 'decimal', 'double', 'day', 'uuid'].flatMap(field => [
    named('min', field),
    named('max', field),
  ]),
];

const grouped: AggregateQuery = {
  kind: 'aggregate',
  entity: 'Thing',
  groupBy: [
    { name: 'text', by: path(['text']) },
    { name: 'year', by: { kind: 'call', name: 'year', args: [path(['day'])] } },
  ],
  aggregates,
  select: ['text', 'year', ...aggregates.map(({ name }) => name)].map(name => ({
    kind: 'value',
    of: name,
    as: name,
  })),
  cardinality: 'many',
};

type Value = string | number | bigint | boolean;
type Group = Record<string, Value | null>;

/** The groups of rows as they are to come out, in the order of their keys. */
function groupsOf(rows: readonly Row[]): Group[] {
  const groups = new Map<string, Row[]>();
  for (const each of rows) {
    const key = JSON.stringify([each.text, each.day && Number(each.day.slice(0, 4))]);
    groups.set(key, [...(groups.get(key) ?? []), each]);
  }
  return [...groups]
    .map(([key, members]) => {
      const [text, year] = JSON.parse(key);
      return { text, year, ...aggregatesOf(members) };
    })
    .sort((a, b) => order(a.text, b.text) || order(a.year, b.year));
}

function aggregatesOf(rows: readonly Row[]): Group {
  const values = (field: string) =>
    rows.map(each => each[field as keyof Row]).filter((value): value is Value => value !== null);
  return Object.fromEntries(
    aggregates.map(({ name, function: function_ }) => {
      const field = name.split(' ')[1];
      return [name, field ? aggregateOf(function_, values(field)) : rows.length];
    }),
  );
}

function aggregateOf(name: AggregateFunction, values: readonly Value[]): Value | null {
  if (name === 'count') return values.length;
  if (name === 'countDistinct') return new Set(values).size;
  if (values.length === 0) return null;
  const sorted = values.toSorted(order);
  if (name === 'min') return sorted[0]!;
  if (name === 'max') return sorted.at(-1)!;
  const sum = typeof values[0] === 'number' ? sumOf(values as number[], 0) : sumOf(values as bigint[], 0n);
  return name === 'sum' ? sum : averageOf(sum, values.length);
}

const sumOf = <T extends Value>(values: readonly T[], zero: T): T =>
  values.reduce((sum, value) => ((sum as number) + (value as number)) as unknown as T, zero);

/** Whole numbers come as a fraction, for the answer to be held against. */
const averageOf = (sum: Value, count: number): Value =>
  typeof sum === 'bigint' ? `${sum}/${count}` : (sum as number) / count;

/** Missing is the lowest. */
function order(a: Value | null, b: Value | null): number {
  if (a === b) return 0;
  if (a === null || b === null) return a === null ? -1 : 1;
  return a < b ? -1 : 1;
}

/** As the answer writes it, numbers as strings. */
function written(name: string, value: Value | null): unknown {
  if (value === null) return null;
  if (name.endsWith(' decimal') && typeof value === 'bigint') return decimalText(value);
  if (name === 'sum int' || typeof value === 'bigint') return String(value);
  return value;
}

/** An average has to be the nearest number that its digits can say. */
function expectAverage(actual: unknown, fraction: string, places: number): void {
  const [sum, count] = fraction.split('/').map(BigInt) as [bigint, bigint];
  const [whole, digits = ''] = String(actual).split('.') as [string, string?];
  const kept = Math.max(digits.length, 16 + places);
  const average = BigInt(whole + digits.padEnd(kept, '0'));
  const error = average * count * 10n ** BigInt(places) - sum * 10n ** BigInt(kept);
  expect(2n * (error < 0n ? -error : error) <= count * 10n ** BigInt(places)).toBe(true);
}

function expectGroup(actual: Record<string, unknown>, expected: Group): void {
  for (const [name, value] of Object.entries(expected)) {
    if (name.startsWith('avg') && typeof value === 'string')
      expectAverage(actual[name], value, name === 'avg decimal' ? scale : 0);
    else if (name === 'avg int' && value !== null)
      expectAverage(actual[name], `${expected['sum int']}/${expected['count int']}`, 0);
    else expect(actual[name], name).toEqual(written(name, value));
  }
  expect(Object.keys(actual)).toEqual(Object.keys(expected));
}

const rowsOf = fc.array(row, { maxLength: 40 });

test('every aggregate of every group is right, to the last digit', async () => {
  const property = fc.asyncProperty(rowsOf, async rows => {
    await store(rows);
    const actual = (await answer(engine, grouped)) as Record<string, unknown>[];
    const expected = groupsOf(rows);
    expect(actual.length).toBe(expected.length);
    for (const [index, group] of expected.entries()) expectGroup(actual[index]!, group);
    const { groupBy: _, ...together } = grouped;
    const select = together.select.slice(2);
    const all = await answer(engine, { ...together, select, cardinality: 'one' });
    expectGroup(all as Record<string, unknown>, aggregatesOf(rows));
  });
  await fc.assert(property, { numRuns: 40 });
});

test('groups are filtered, sorted and cut to a page', async () => {
  const sortable = ['count', 'sum int', 'sum decimal', 'avg double', 'max day', 'countDistinct int', 'year'];
  const property = fc.asyncProperty(
    rowsOf,
    fc.constantFrom(...sortable),
    fc.boolean(),
    fc.nat(4),
    fc.nat(4),
    fc.nat(3),
    async (rows, by, descending, take, skip, least) => {
      await store(rows);
      const expected = groupsOf(rows)
        .filter(group => (group.count as number) >= least && group['sum int'] !== null)
        .sort((a, b) => order(a[by]!, b[by]!) * (descending ? -1 : 1))
        .slice(skip, skip + take);
      const actual = (await answer(engine, {
        ...grouped,
        having: {
          kind: 'and',
          items: [
            compare('ge', path(['count']), literal(least)),
            compare('ne', path(['sum int']), literal(null)),
          ],
        },
        orderBy: [{ by: path([by]), direction: descending ? 'desc' : 'asc' }],
        take,
        skip,
      })) as Record<string, unknown>[];
      expect(actual.map(({ text, year }) => [text, year])).toEqual(
        expected.map(({ text, year }) => [text, year]),
      );
    },
  );
  await fc.assert(property, { numRuns: 60 });
});
