// The OASIS test cases for OData URLs: what is served parses, what is not served says so, nothing is called malformed
// that is not.

import { describe, expect, test } from 'vitest';
import { parseOptions } from '../../src/odata/parse-options.ts';
import { parsePath } from '../../src/odata/parse-path.ts';
import { type ODataUrl, parseUrl } from '../../src/odata/url.ts';
import { type OasisCase, oasisCases } from './oasis-cases.ts';
import { parse } from './show.ts';

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
  ],
];

function parseOptionsOf(url: ODataUrl): void {
  const options = parseOptions(url);
  for (const name of url.aliases.keys()) options.alias(name);
}

/** @returns how a case is read, or undefined where its rule is none of ours: headers, $batch, geometry, search, tokens */
function reader({ rule, input }: OasisCase): (() => unknown) | undefined {
  const [path, ...query] = input.split('?');
  if (expressionRules.includes(rule)) return () => parse(decodeURIComponent(input));
  if (optionRules.includes(rule)) return () => parseOptionsOf(parseUrl('', input));
  if (rule === 'resourcePath') return () => parsePath(parseUrl(`/${input}`, '').segments);
  if (rule !== 'odataRelativeUri') return undefined;
  return () => {
    const url = parseUrl(`/${path}`, query.join('?'));
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

/** Not covered yet: what the refusal says, and why. */
const notServed: readonly (readonly [RegExp, why: string])[] = [
  [/ \$compute/, 'the waist selects no expressions yet'],
  [/ \$id\b/, 'there are no entity references'],
  [/ \$index/, 'there are no ordered collections to write to'],
  [/ \$schemaversion/, 'no schema version is published'],
  [/objects as values/, 'there are no complex parameters'],
  [/fields in arrays/, 'literal lists hold values only'],
  [/"in" with a field in parentheses/, 'a field may follow "in" without parentheses'],
  [/\$filter(\(|")|crossjoin|\/\$filter/, 'path segments that filter or join'],
  [
    /functions in a path|custom functions|"[\w.]+\(\.\.\.\)" on a path|actions and functions/,
    'the model has no functions',
  ],
  [/"[\w.]+" in a path/, 'the model has no derived types and no functions'],
  [/annotations/, 'no annotations are served on data'],
  [/aliases inside \$expand|paths that begin with an alias/, 'aliases stand for values'],
  [/options inside \$select|\$value in \$expand/, 'there are no complex properties and no streams'],
  [/the path segment/, 'keys are written in parentheses'],
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

  test('parse in their greater part', () => {
    const parsed = positives.filter(case_ => outcome(reader(case_)!).code === 'OK').length;
    expect(parsed).toBeGreaterThanOrEqual(310);
  });
});
