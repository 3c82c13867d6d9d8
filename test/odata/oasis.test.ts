// The OASIS test cases for OData URLs: what is served parses, what is not served says so, nothing is called malformed
// that is not.

import { describe, expect, test } from 'vitest';
import { parseOptions } from '../../src/odata/parse/options.ts';
import { parsePath } from '../../src/odata/parse/path.ts';
import { parseSearch } from '../../src/odata/parse/search.ts';
import { type ODataUrl, parseUrl } from '../../src/odata/url/url.ts';
import { type OasisCase, oasisCases } from './oasis-cases.ts';
import { parse } from './print-expression.ts';

const all = oasisCases();

const expressionRules = [
  ...[
    'commonExpr',
    'boolCommonExpr',
    'boolcommonExpr',
    'firstMemberExpr',
    'notExpr',
    'isofExpr',
    'propertyPathExpr',
  ],
  ...[
    'primitiveLiteral',
    'binaryLiteral',
    'stringLiteral',
    'date',
    'guid',
    'timeOfDayLiteral',
    'boolean',
    'null',
  ],
  ...[
    'dateTimeOffsetLiteral',
    'dateTimeOffsetValueInUrl',
    'durationLiteral',
    'enumLiteral',
    'decimalLiteral',
  ],
  ...[
    'doubleLiteral',
    'singleLiteral',
    'sbyteLiteral',
    'int16Literal',
    'int32Literal',
    'int64Literal',
    'stringInUrl',
  ],
];
const optionRules = [
  ...[
    'filter',
    'orderby',
    'orderBy',
    'expand',
    'select',
    'queryOptions',
    'systemQueryOption',
    'customQueryOption',
    'compute',
    'search',
    'deltatoken',
    'skiptoken',
  ],
];

/** The roots of the services that the cases are about. */
const belowService = /^https?:\/\/[^/]+\/(?:service|serviceRoot|OData\/OData\.svc|MyService)?\/?(.*)$/;

function parseOptionsOf(url: ODataUrl): void {
  const options = parseOptions(url);
  for (const name of url.aliases.keys()) options.alias(name);
}

/** @returns how a case is read, or undefined where its rule is none of ours: headers, context URLs, values of payloads */
function reader({ rule, input }: OasisCase): (() => unknown) | undefined {
  const [path, ...query] = input.split('?');
  if (expressionRules.includes(rule)) return () => parse(decodeURIComponent(input));
  if (optionRules.includes(rule)) return () => parseOptionsOf(parseUrl('', input));
  if (rule === 'resourcePath') return () => parsePath(parseUrl(`/${input}`, '').segments);
  if (/^geo(?:graphy|metry)/.test(rule)) return () => parse(decodeURIComponent(input));
  if (rule === 'anyExpr') return () => parse(decodeURIComponent(`a/${input}`));
  if (rule === 'searchExpr') return () => parseSearch({ text: decodeURIComponent(input), at: 0 });
  const below =
    rule === 'odataRelativeUri' ? path : rule === 'odataUri' ? belowService.exec(path!)?.[1] : undefined;
  if (below === undefined) return undefined;
  return () => {
    const url = parseUrl(`/${below}`, query.join('?'));
    parsePath(url.segments);
    parseOptionsOf(url);
  };
}

function outcome(read: () => unknown): { code: string; message: string } {
  try {
    read();
    return { code: 'OK', message: '' };
  } catch (error) {
    const { code, message } = error as { code?: string; message: string };
    if (code === undefined) throw error;
    return { code, message };
  }
}

/** What parses, but no option of ours: the refusal, and why. */
const notServed: readonly (readonly [RegExp, why: string])[] = [
  [/ \$id\b/, 'it names the other end of a link, or an entity by its id: never part of a read'],
];

const positives = all?.filter(test => test.failAt === undefined && reader(test)) ?? [];
const negatives = all?.filter(test => test.failAt !== undefined && reader(test)) ?? [];

const refusedThough: Readonly<Record<string, string>> = {
  '-10000-04-01': 'years before 1 and after 9999',
  '$format=json&$Format=atom&$format=xml&$format=text/html': 'options given twice',
  '$format=JSON&$format=Atom&$format=XML&$format=text/html': 'options given twice',
};

const acceptedThough: Readonly<Record<string, string>> = {
  '$filter= true': 'a space more is harmless',
  "Categories('Smartphone/Tablet')": 'a slash inside quotes is no delimiter',
  "Categories('Tablet/Slate')": 'a slash inside quotes is no delimiter',
  '$search=#1': 'a browser sends nothing from the hash on, and to others it is harmless',
  '$search=a;b': 'a semicolon separates words like any other mark',
  '$search=more&more': 'the second one is an option of its own',
  '$skiptoken=Not&this': 'the second one is an option of its own',
  '-INF': 'a literal of another type than the rule under test',
  INF: 'a literal of another type than the rule under test',
  '0': 'a literal of another type than the rule under test',
  '1': 'a literal of another type than the rule under test',
  'Model.Available': 'refused when it is translated: a type is no value',
  '$entity?$format=json': 'refused when the path is resolved',
  'Categories(1)/Products/$ref/$count': 'refused when the path is resolved',
  'Categories(1)/Products(2)/$ref/$count': 'refused when the path is resolved',
  'Categories(1)/ID/$value/foo': 'refused when the path is resolved',
  'Categories(1)/Address/$value': 'refused when the path is resolved',
  'Categories(1)/Thumbnail/$value': 'refused when the path is resolved',
  'Products/$count/foo': 'refused when the path is resolved',
  ".Products('foo')": 'refused when the path is resolved',
  'Model.Rejection': 'refused when the path is resolved',
  'Categories/TheBestProduct()': 'refused when the path is resolved',
  'Products(1)/Model.BestSellingProduct/Model.BestSellingProduct': 'refused when the path is resolved',
};

describe.skipIf(!all)('the OASIS test cases (skipped where shared/odata is absent)', () => {
  test('are read as they are meant', () => {
    expect(all).toHaveLength(840);
    expect(positives.length + negatives.length).toBeGreaterThan(500);
  });

  test.each(positives)('$rule: $input', case_ => {
    const { code, message } = outcome(reader(case_)!);
    if (code === 'NOT_IMPLEMENTED')
      expect(
        notServed.some(([pattern]) => pattern.test(message)),
        message,
      ).toBe(true);
    else expect(code).toBe(case_.input in refusedThough ? 'SYNTAX_ERROR' : 'OK');
  });

  test.each(negatives)('refuses $rule: $input', case_ => {
    const { code } = outcome(reader(case_)!);
    expect(code === 'OK').toBe(case_.input in acceptedThough);
  });

  test('leave no reason in the tables that is not needed any more', () => {
    const messages = positives.map(case_ => outcome(reader(case_)!).message);
    for (const [pattern] of notServed)
      expect(
        messages.some(message => pattern.test(message)),
        `${pattern}`,
      ).toBe(true);
    const inputs = new Set([...positives, ...negatives].map(({ input }) => input));
    for (const input of [...Object.keys(refusedThough), ...Object.keys(acceptedThough)])
      expect(inputs).toContain(input);
  });

  test('parse, but for those of the tables', () => {
    const refused = positives.filter(case_ => outcome(reader(case_)!).code !== 'OK');
    expect(positives.length).toBeGreaterThanOrEqual(440);
    expect(refused.length).toBeLessThanOrEqual(12);
  });
});
