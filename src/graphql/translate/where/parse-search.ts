// `search: "red shoes -leather"` -> SearchExpr. People type it into search boxes, so nothing in it is an error.

import { type SearchExpr, type SearchTerm, searchWord } from '../../../query/ask/search-expression.ts';

interface Token extends SearchTerm {
  /** As it was written. */
  readonly word: string;
  readonly excluded: boolean;
}

/**
 * Words must all occur, `"a phrase"` as it stands; a minus excludes, `or` stands between two alternatives and binds less
 * tightly than words side by side, and `shoe*` finds shoes.
 * @param at what is found wrong later is blamed on this place
 */
export function parseSearch(text: string, at?: number): SearchExpr {
  const alternatives: SearchExpr[][] = [[]];
  const tokens = tokensOf(text, at);
  for (const [index, token] of tokens.entries()) {
    const current = alternatives.at(-1)!;
    const isBetween = current.length > 0 && index < tokens.length - 1;
    if (isBetween && token.word.toLowerCase() === 'or') alternatives.push([]);
    else current.push(toTerm(token));
  }
  return { kind: 'or', items: alternatives.map(items => ({ kind: 'and', items })) };
}

function toTerm({ word: _word, excluded, ...term }: Token): SearchExpr {
  return excluded ? { kind: 'not', item: term } : term;
}

/** A quote that is never closed goes to the end. */
const pattern = /(-?)(?:"([^"]*)(?:"|$)|([^\s"]+))/g;

const tokensOf = (text: string, at?: number): Token[] =>
  [...text.matchAll(pattern)].map(([written, minus, phrase, word]) => ({
    ...(word === undefined ? ({ kind: 'term', text: phrase!, at } as const) : searchWord(word, at)),
    word: written,
    excluded: minus === '-',
  }));
