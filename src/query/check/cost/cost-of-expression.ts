// The estimated cost of a condition, a sort key or a computed value per row.

import type { Bound, BoundOver } from '../../bound/expression.ts';
import type { Statistics } from '../../statistics/statistics.ts';

/** Less than 1, since a condition is evaluated but not written. */
export const conditionWeight = 0.1;
/** A related row that is read to be counted, filtered or sorted. */
export const lookedAtWeight = 0.5;
const rankWeight = 10;
/** Assumed number of list elements that are evaluated until the result is known. */
const triedMax = 10;

/** How many rows a condition on related rows reads. */
export type FanOutOf = (over: BoundOver) => number;

/** @returns the estimated number of related rows read for each row of the source */
export function fanOutIn(statistics: Statistics, { source, path, field }: BoundOver): number {
  if (field.kind !== 'relation' || !source.entity) return triedMax;
  const { mean, biased } = statistics.fanOut(source.entity, field);
  return path.length > 0 ? biased : mean;
}

/** @param fanOut absent: related rows cost nothing */
export function weightOf(expr: Bound | undefined, fanOut: FanOutOf = () => 0): number {
  const weigh = (inner: Bound | undefined) => weightOf(inner, fanOut);
  switch (expr?.kind) {
    case undefined:
    case 'value':
    case 'unstorable':
    case 'element':
      return 0;
    case 'field':
      return conditionWeight * (1 + expr.path.length);
    case 'relation':
      return conditionWeight * expr.path.length;
    case 'compare':
      return weigh(expr.left) + weigh(expr.right);
    case 'in':
    case 'isNull':
    case 'not':
      return weigh(expr.item);
    case 'and':
    case 'or':
      return sum(expr.items, weigh);
    case 'call':
      return conditionWeight + sum(expr.args, weigh);
    case 'case':
      return sum(expr.branches, ({ when, value }) => weigh(when) + weigh(value));
    case 'cast':
      return conditionWeight + weigh(expr.item);
    case 'lookup':
      return 1 + weigh(expr.where) + weigh(expr.of);
    case 'search':
      return conditionWeight;
    case 'rank':
      return rankWeight;
    case 'any':
    case 'all':
      return fanOut(expr.over) * (lookedAtWeight + weigh(expr.where));
    case 'count':
      return fanOut(expr.over) * (lookedAtWeight + weigh(expr.where));
    case 'elements':
      return triedMax * (lookedAtWeight + weigh(expr.where));
    case 'aggregate':
      return fanOut(expr.over) * (lookedAtWeight + weigh(expr.where) + weigh(expr.of));
  }
}

export function sum<T>(items: readonly T[], weigh: (item: T) => number): number {
  let total = 0;
  for (const item of items) total += weigh(item);
  return total;
}
