import type { Expr } from './expression.ts';
import { and } from './expression.ts';
import type { SearchExpr } from './search-expression.ts';
import { placeOf } from './search-expression.ts';

/** @returns what holds for rows that meet a condition and are found; undefined where neither is given */
export function whereFound(where: Expr | undefined, search: SearchExpr | undefined): Expr | undefined {
  if (!search) return where;
  const found: Expr = { kind: 'search', search, at: placeOf(search) };
  return where ? and([found, where]) : found;
}
