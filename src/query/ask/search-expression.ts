// SearchExpr: what full-text search looks for, as plain frozen data. Every door's search words become this.

export type SearchExpr = SearchTerm | SearchJunction | SearchNegation;

/** Words that follow one another in a field. Upper and lower case are the same; letters with and without accents are not. */
export interface SearchTerm {
  readonly kind: 'term';
  /** Runs of letters and digits count, whatever stands between them; without any, the term is passed over. */
  readonly text: string;
  /** Whether each word may go on after what is given. */
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

/** @param text a word as it was written: an asterisk at its end stands for how it may go on */
export const searchWord = (text: string, at?: number): SearchTerm =>
  text.endsWith('*') ? { kind: 'term', text, prefix: true, at } : { kind: 'term', text, at };

/** @returns where its first word was written */
export function placeOf(search: SearchExpr): number | undefined {
  if (search.kind === 'term') return search.at;
  const items = search.kind === 'not' ? [search.item] : search.items;
  return items.length > 0 ? placeOf(items[0]!) : undefined;
}
