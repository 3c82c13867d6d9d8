// `search: "red shoes -leather"` -> SearchExpr. Users type it into search boxes, so there are no syntax errors.

import { type SearchExpr, type SearchTerm, searchWord } from '../../../query/ask/search-expression.ts';

interface Token extends SearchTerm {
  /** As it was written. */
  readonly word: string;
  readonly excluded: boolean;
}

/**
 * All words must occur, and a `"quoted phrase"` verbatim; a minus excludes; `or` separates alternatives and has lower
 * precedence than juxtaposition; `shoe*` matches by prefix.
 * @param at the offset for errors that are found later
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

/** An unclosed quote extends to the end. */
const pattern = /(-?)(?:"([^"]*)(?:"|$)|([^\s"]+))/g;

const tokensOf = (text: string, at?: number): Token[] =>
  [...text.matchAll(pattern)].map(([written, minus, phrase, word]) => ({
    ...(word === undefined ? ({ kind: 'term', text: phrase!, at } as const) : searchWord(word, at)),
    word: written,
    excluded: minus === '-',
  }));
