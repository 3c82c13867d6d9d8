import type { Expr } from './expression.ts';
import { and } from './expression.ts';
import type { SearchExpr } from './search-expression.ts';
import { searchPosition } from './search-expression.ts';

/** @returns the condition and the search combined; undefined if there is neither */
export function whereFound(where: Expr | undefined, search: SearchExpr | undefined): Expr | undefined {
  if (!search) return where;
  const found: Expr = { kind: 'search', search, at: searchPosition(search) };
  return where ? and([found, where]) : found;
}
