import { describe, expect, test } from 'vitest';
import { parseSearch } from '../../src/odata/parse/search.ts';
import type { SearchExpr } from '../../src/query/ask/search-expression.ts';
import { oasisCases } from './oasis-cases.ts';

/** @returns the search with every parenthesis, phrases in quotes */
function show(search: SearchExpr): string {
  switch (search.kind) {
    case 'term':
      return /\s/.test(search.text) ? `"${search.text}"` : search.text;
    case 'not':
      return `(not ${show(search.item)})`;
    default:
      return `(${search.items.map(show).join(` ${search.kind} `)})`;
  }
}

/** @returns the meaning of a search, or what is wrong with it and where */
function meaning(text: string): string {
  try {
    return show(parseSearch({ text, at: 0 }));
  } catch (error) {
    const { code, at } = error as { code: string; at: number };
    return `${code} at ${at}`;
  }
}

describe('$search means', () => {
  test.each([
    ['blue', 'blue'],
    ['blue green', '(blue and green)'],
    ['blue AND green', '(blue and green)'],
    ['blue OR green', '(blue or green)'],
    ['a OR b c', '(a or (b and c))'],
    ['a b OR c d', '((a and b) or (c and d))'],
    ['(a OR b) c', '((a or b) and c)'],
    ['NOT blue', '(not blue)'],
    ['a NOT b', '(a and (not b))'],
    ['NOT (blue green)', '(not (blue and green))'],
    ['NOT a OR b', '((not a) or b)'],
    ['"blue green"', '"blue green"'],
    ['"say \\"it\\" so"', '"say "it" so"'],
    ['AND', 'AND'],
    ['NOT NOT', '(not NOT)'],
    ['AND OR', '(AND and OR)'],
    ['OR AND', '(OR and AND)'],
    ['AND OR NOT', '(AND or NOT)'],
    ['a and b', '(a and and and b)'],
    ["Daniel's", "Daniel's"],
    ['08/15', '08/15'],
    ['((a))', 'a'],
    [`'"blue (p'`, '(blue and p)'],
    ["'('", '()'],
  ])('%s: %s', (text, expected) => expect(meaning(text)).toBe(expected));

  test('how a word may go on, by an asterisk', () => {
    expect(parseSearch({ text: 'blu*', at: 3 })).toEqual({ kind: 'term', text: 'blu*', prefix: true, at: 3 });
  });
});

describe('$search refuses', () => {
  test.each([
    ['', 'SYNTAX_ERROR at 0'],
    ['"blue', 'SYNTAX_ERROR at 0'],
    ['"blue"green', 'SYNTAX_ERROR at 0'],
    ['(a', 'SYNTAX_ERROR at 2'],
    ['a)', 'SYNTAX_ERROR at 1'],
    ['()', 'SYNTAX_ERROR at 1'],
    ['a (OR', 'SYNTAX_ERROR at 5'],
    ['('.repeat(1000), 'LIMIT_EXCEEDED at 100'],
    [`${'('.repeat(50)}a${')'.repeat(51)}`, 'SYNTAX_ERROR at 101'],
  ])('%s', (text, expected) => expect(meaning(text)).toBe(expected));

  test('nothing by running out of stack', () => {
    expect(meaning(`${'NOT '.repeat(10_000)}a`)).not.toContain('undefined');
    expect(meaning('a OR '.repeat(5_000))).not.toContain('undefined');
  });
});

const cases = oasisCases()?.filter(
  ({ rule, input }) => /^search/.test(rule) && !input.startsWith('$search=%'),
);

describe.skipIf(!cases)('the OASIS test cases (skipped where shared/odata is absent)', () => {
  test.each(cases ?? [])('$rule: $input', ({ input, failAt }) => {
    const text = decodeURIComponent(input.replace(/^\$search=/, ''));
    expect(/^SYNTAX_ERROR/.test(meaning(text))).toBe(failAt !== undefined);
  });
});
