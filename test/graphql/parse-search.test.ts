import { describe, expect, test } from 'vitest';
import { parseSearch } from '../../src/graphql/translate/where/parse-search.ts';
import type { SearchExpr } from '../../src/query/ask/search-expression.ts';

/** @returns the search with every parenthesis, phrases in quotes */
function show(search: SearchExpr): string {
  switch (search.kind) {
    case 'term':
      return /\s/.test(search.text) ? `"${search.text}"` : search.text;
    case 'not':
      return `(not ${show(search.item)})`;
    default:
      return search.items.length === 1
        ? show(search.items[0]!)
        : `(${search.items.map(show).join(` ${search.kind} `)})`;
  }
}

describe('what people type means', () => {
  test.each([
    ['red', 'red'],
    [' red  shoes\n', '(red and shoes)'],
    ['"red shoes"', '"red shoes"'],
    ['red -leather', '(red and (not leather))'],
    ['-"red shoes"', '(not "red shoes")'],
    ['red shoes or blue OR boots', '((red and shoes) or blue or boots)'],
    ['or', 'or'],
    ['or red', '(or and red)'],
    ['red or', '(red and or)'],
    ['red or or blue', '(red or (or and blue))'],
    ['red "or" blue', '(red and or and blue)'],
    ['red -or blue', '(red and (not or) and blue)'],
    ['red "shoes and', '(red and "shoes and")'],
    ['brand-new', 'brand-new'],
    ["O'Neil's (blue) | & ! :*", "(O'Neil's and (blue) and | and & and ! and :*)"],
    ['-', '-'],
    ['', '()'],
    ['"', ''],
    ['--', '(not -)'],
  ])('%j: %s', (text, expected) => expect(show(parseSearch(text))).toBe(expected));

  test('how a word may go on, by an asterisk', () => {
    const term = { kind: 'term', text: 'sho*', prefix: true, at: 3 };
    expect(parseSearch('sho*', 3)).toEqual({ kind: 'or', items: [{ kind: 'and', items: [term] }] });
  });
});
