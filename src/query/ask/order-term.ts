import type { Expr } from './expression.ts';

export interface OrderTerm {
  readonly by: Expr;
  readonly direction: 'asc' | 'desc';
  /** Where missing values are sorted. Default: as the lowest value, so first when ascending and last when descending. */
  readonly nulls?: 'first' | 'last';
  readonly at?: number;
}
