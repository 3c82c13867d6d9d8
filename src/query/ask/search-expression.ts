// SearchExpr: what full-text search looks for, as plain frozen data. Every API translates its search terms to it.

export type SearchExpr = SearchTerm | SearchJunction | SearchNegation;

/** Consecutive words in a field. Case is ignored; accents are not. */
export interface SearchTerm {
  readonly kind: 'term';
  /** Only its runs of letters and digits matter. A term without any is ignored. */
  readonly text: string;
  /** Whether each word is a prefix. */
  readonly prefix?: boolean;
  readonly at?: number;
}

interface SearchJunction {
  readonly kind: 'and' | 'or';
  readonly items: readonly SearchExpr[];
}

interface SearchNegation {
  readonly kind: 'not';
  readonly item: SearchExpr;
}

/** @param text a word as the caller wrote it; a trailing asterisk makes it a prefix */
export const searchWord = (text: string, at?: number): SearchTerm =>
  text.endsWith('*') ? { kind: 'term', text, prefix: true, at } : { kind: 'term', text, at };

/** @returns the position of its first word in the caller's text */
export function searchPosition(search: SearchExpr): number | undefined {
  if (search.kind === 'term') return search.at;
  const items = search.kind === 'not' ? [search.item] : search.items;
  return items.length > 0 ? searchPosition(items[0]!) : undefined;
}
