// The OASIS test cases for $apply: what is served parses, what is not served says so, what is malformed is refused.

import { describe, expect, test } from 'vitest';
import { parseOptions } from '../../src/odata/parse/options.ts';
import { parseUrl } from '../../src/odata/url/url.ts';
import { type OasisCase, oasisCases } from './oasis-cases.ts';

const cases = oasisCases('odata-aggregation-testcases.yaml')?.filter(({ rule }) => rule === 'queryOptions');

/** What the cases hold that is not served, each a part of the extension that this service leaves out. */
const unserved =
  /rollup|addnested|nest\(|join\(|ancestors|descendants|traverse|(?:top|bottom)(?:sum|percent)|Custom\.|Self\.|from |Aggregation\.|isdefined|\$root|\$crossjoin|@Measures|top(?:count)?\(\$these|\('2015'\)|Amount le 2\)|Sales\/Forecast/;

/** What the grammar refuses because it knows the model of the cases. Here names are looked up later, and refused then. */
const refusedLater = [
  'aggregate - forbidden arithmetic on collection',
  'aggregate - groupby no two consecutive primitive properties',
  'aggregate - groupby final type cast',
  'aggregation methods - collection-valued navigation property',
  // Every field that can be summed has its sum as its custom aggregate.
  'aggregate - property requires method',
  'aggregate - property requires method and alias',
];

function outcome({ input }: OasisCase): string {
  try {
    parseOptions(parseUrl('', input));
    return 'parsed';
  } catch (error) {
    const { code, message } = error as { code?: string; message: string };
    if (code === undefined) throw error;
    return `${code}: ${message}`;
  }
}

describe.skipIf(!cases)('OASIS cases for $apply', () => {
  test('there are some', () => {
    expect(cases!.length).toBeGreaterThan(170);
  });

  test.each((cases ?? []).filter(({ failAt }) => failAt === undefined).map(one => [one.name, one] as const))(
    'accepts %s',
    (_, one) => {
      if (unserved.test(one.input)) expect(outcome(one)).toMatch(/^(?:NOT_IMPLEMENTED|parsed)/);
      else expect([one.input, outcome(one)]).toEqual([one.input, 'parsed']);
    },
  );

  test.each(
    (cases ?? [])
      .filter(({ name, failAt }) => failAt !== undefined && !refusedLater.includes(name))
      .map(one => [one.name, one] as const),
  )('refuses %s', (_, one) => {
    expect(outcome(one)).toMatch(/^(?:SYNTAX_ERROR|NOT_IMPLEMENTED)/);
  });
});
