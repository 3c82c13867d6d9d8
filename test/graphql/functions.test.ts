// Conditions on what is computed from values, through both ways of answering.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Engine } from '../../src/query/engine.ts';
import { createKitchen, reader } from '../query/kitchen/kitchen.ts';
import { openTestDatabase, type TestDatabase } from '../test-database.ts';
import { type BothPaths, bothPaths } from './both-paths.ts';

let opened: TestDatabase;
let engine: Engine;
let paths: BothPaths;

beforeAll(async () => {
  opened = await openTestDatabase();
  engine = await createKitchen(opened.database);
  paths = bothPaths(engine, reader);
  for (const statement of [
    `insert into things (thing_id, text, short_text, int, small, double, decimal, money, moment, day, clock, mood, flag)
     values (1, ' abc ', 'abc', 10, 3, 1.5, 2.5, 2.5, '2026-03-29 00:30:05.9Z', '2024-02-29', '08:30:15', 'HAPPY', true),
            (2, 'ABC', 'ABC', 3, 3, -1.5, -2.5, 7, '2025-12-31 23:59:59Z', '2023-12-31', '23:00:00', 'so so', false)`,
    'insert into things (thing_id) values (3)',
    `insert into "Person" values (1, 'Ann', null, null), (2, 'Bob', 1, 1), (3, 'Annabel', 1, null)`,
  ]) {
    await opened.database.query(statement);
  }
});

afterAll(() => opened.close());

/** @returns the ids that both ways find, or the code of the fault that both meet */
async function find(where: string, root = 'things'): Promise<number[] | string> {
  const read = `${root}(where: { ${where} }, orderBy: [{ id: asc }]) { id }`;
  const short = await paths.fast({ query: `{ ${read} }` });
  const long = await paths.slow({ query: `{ ${read} __schema { queryType { name } } }` });
  const [outcome, other] = [short ?? long, long].map(answer => outcomeOf(String(answer.body), root));
  expect(other).toEqual(outcome);
  return outcome!;
}

function outcomeOf(body: string, root: string): number[] | string {
  const { data, errors } = JSON.parse(body);
  return errors ? errors[0].extensions.code : data[root].map((row: { id: number }) => row.id);
}

describe('a filter looks at', () => {
  test.each<[string, string, number[]]>([
    ['the length of a text', 'text: { length: { equals: 5 } }', [1]],
    ['a missing length', 'text: { length: { equals: null } }', [3]],
    ['a length that is not', 'text: { NOT: { length: { gt: 4 } } }', [2, 3]],
    ['a text without blanks', 'text: { trim: { equals: "abc" } }', [1]],
    [
      'a text without blanks, whatever its case',
      'text: { mode: insensitive, trim: { equals: "abc" } }',
      [1, 2],
    ],
    ['the year of a moment', 'moment: { year: { in: [2026, 1999] } }', [1]],
    ['the quarter of a moment', 'moment: { quarter: { equals: 4 } }', [2]],
    ['the month of a moment', 'moment: { month: { not: 3 } }', [2, 3]],
    ['the day of the month', 'moment: { day: { gte: 30 } }', [2]],
    ['the hour', 'moment: { hour: { lt: 1 } }', [1]],
    ['minutes and seconds', 'moment: { minute: { equals: 30 }, second: { equals: 5 } }', [1]],
    ['the day of a moment', 'moment: { date: { equals: "2026-03-29" } }', [1]],
    ['parts of the day of a moment', 'moment: { date: { year: { lt: 2026 } } }', [2]],
    ['parts of a day', 'day: { year: { equals: 2024 }, month: { equals: 2 }, day: { equals: 29 } }', [1]],
    [
      'parts of a time of day',
      'clock: { hour: { equals: 8 }, minute: { gt: 29 }, second: { lte: 15 } }',
      [1],
    ],
    ['a decimal rounded', 'decimal: { round: { equals: "3" } }', [1]],
    ['a decimal rounded down', 'decimal: { floor: { equals: -3 } }', [2]],
    ['a decimal rounded up', 'decimal: { ceiling: { in: ["3", "-2"] } }', [1, 2]],
    ['a float rounded', 'double: { floor: { equals: -2 } }', [2]],
  ])('%s', async (_promise, where, ids) => expect(await find(where)).toEqual(ids));
});

describe('a comparison takes', () => {
  test.each<[string, string, number[]]>([
    ['two fields', '{ of: { field: int }, gt: { field: small } }', [1]],
    [
      'two fields that are equal, missing ones too',
      '{ of: { field: int }, equals: { field: small } }',
      [2, 3],
    ],
    ['two fields that differ', '{ of: { field: int }, not: { field: small } }', [1]],
    ['fields of different types of numbers', '{ of: { field: decimal }, lt: { field: money } }', [2]],
    ['a sum', '{ of: { add: [{ field: int }, { field: small }] }, equals: { number: 13 } }', [1]],
    ['a difference', '{ of: { sub: [{ field: int }, { number: "0.5" }] }, gte: { number: "9.5" } }', [1]],
    ['a product', '{ of: { mul: [{ field: decimal }, { number: 2 }] }, lte: { number: -5 } }', [2]],
    ['a whole quotient', '{ of: { div: [{ field: int }, { number: 3 }] }, equals: { number: 3 } }', [1]],
    ['a quotient', '{ of: { divby: [{ field: int }, { number: 4 }] }, equals: { number: "2.5" } }', [1]],
    ['a rest', '{ of: { mod: [{ field: int }, { number: 3 }] }, equals: { number: 1 } }', [1]],
    ['the other sign', '{ of: { negate: { field: decimal } }, gt: { number: 0 } }', [2]],
    ['roundings', '{ of: { round: { field: money } }, equals: { ceiling: { field: decimal } } }', [1, 3]],
    ['texts', '{ of: { trim: { field: text } }, equals: { field: short } }', [1, 2, 3]],
    ['texts in one case', '{ of: { lower: { field: short } }, equals: { text: "abc" } }', [1, 2]],
    ['a part of a text', '{ of: { field: text }, contains: { field: short } }', [1, 2]],
    ['the beginning of a text', '{ of: { field: text }, startsWith: { upper: { field: short } } }', [2]],
    ['the end of a text', '{ of: { field: text }, endsWith: { text: "c " } }', [1]],
    ['texts joined', '{ of: { concat: [{ field: short }, { text: "!" }] }, equals: { text: "ABC!" } }', [2]],
    ['places in a text', '{ of: { indexOf: [{ field: text }, { text: "b" }] }, equals: { number: 2 } }', [1]],
    [
      'pieces of a text',
      '{ of: { substring: [{ field: text }, { number: 1 }, { number: 2 }] }, equals: { text: "BC" } }',
      [2],
    ],
    ['lengths', '{ of: { length: { field: text } }, gt: { length: { field: short } } }', [1]],
    ['parts of dates', '{ of: { year: { field: moment } }, gt: { year: { field: day } } }', [1, 2]],
    ['days and times', '{ of: { time: { field: moment } }, lt: { field: clock } }', [1]],
    ['the present', '{ of: { field: moment }, lt: { now: true } }', [1, 2]],
    ['the names of values', '{ of: { field: mood }, equals: { text: "SO_SO" } }', [2]],
    ['days as text', '{ of: { date: { field: moment } }, equals: { text: "2026-03-29" } }', [1]],
    ['truth values', '{ of: { field: flag }, equals: { boolean: false } }', [2]],
    ['several, which must all hold', '{ of: { field: int }, gt: { number: 1 }, lt: { field: money } }', [2]],
  ])('%s', async (_promise, comparison, ids) => expect(await find(`compare: ${comparison}`)).toEqual(ids));

  test('several in a list', async () => {
    const comparisons =
      '[{ of: { field: int }, gt: { number: 1 } }, { of: { field: small }, lt: { field: int } }]';
    expect(await find(`compare: ${comparisons}`)).toEqual([1]);
    expect(await find(`NOT: { compare: ${comparisons} }`)).toEqual([2, 3]);
  });

  test('fields of other rows', async () => {
    const bossInside = '{ of: { field: name }, startsWith: { boss: { field: name } } }';
    expect(await find(`compare: ${bossInside}`, 'people')).toEqual([3]);
    expect(
      await find(`boss: { compare: { of: { length: { field: name } }, equals: { number: 3 } } }`, 'people'),
    ).toEqual([2, 3]);
    expect(
      await find(
        `staff: { some: { compare: { of: { field: name }, gt: { boss: { field: name } } } } }`,
        'people',
      ),
    ).toEqual([1]);
  });
});

describe('a comparison refuses', () => {
  test.each([
    ['types that cannot be compared', '{ of: { field: int }, gt: { field: text } }', 'INVALID_OPERATION'],
    [
      'functions of the wrong type',
      '{ of: { year: { field: int } }, gt: { number: 1 } }',
      'INVALID_OPERATION',
    ],
    [
      'too many arguments',
      '{ of: { add: [{ number: 1 }, { number: 1 }, { number: 1 }] }, gt: { number: 1 } }',
      'INVALID_OPERATION',
    ],
    ['null', '{ of: { field: int }, equals: null }', 'INVALID_VALUE'],
  ])('%s', async (_promise, comparison, code) => expect(await find(`compare: ${comparison}`)).toBe(code));

  test('fields that there are not', async () => {
    expect(await find('compare: { of: { field: intt }, gt: { number: 1 } }')).toBe('INVALID_VALUE');
  });

  test('more than one thing at once', async () => {
    expect(await find('compare: { of: { field: int, number: 1 }, gt: { number: 1 } }')).not.toEqual([1]);
  });
});
