// NaN in comparisons. PostgreSQL takes it for equal to itself and greater than all numbers; to callers it is equal to nothing
// and on neither side of anything (IEEE 754, 5.11; OData 4.01 Part 2, 5.1.1.1.1). NaN as a literal is seen to in check.

import type { BoundCompare, TypedBound } from '../bound/expression.ts';
import { typeOf } from '../bound/expression.ts';
import { once } from './text.ts';

/** Whether a value may be no number: one that is stored or computed in floating point, or divided. */
export const mayBeNaN = (bound: TypedBound): boolean => {
  const { scalar, list } = typeOf(bound);
  if (list || bound.kind === 'value') return false;
  return scalar === 'Float' || (scalar === 'Decimal' && bound.kind === 'call');
};

/** @param write gives the comparison of two expressions as PostgreSQL understands it */
export function comparisonSql(
  { operator, left, right }: BoundCompare,
  [a, b]: readonly [string, string],
  write: (a: string, b: string) => string,
): string {
  if (operator !== 'eq' && operator !== 'ne') {
    const isLeft = operator === 'gt' || operator === 'ge';
    if (!mayBeNaN(isLeft ? left : right)) return write(a, b);
    if ((isLeft ? left : right).kind === 'field') return `(${write(a, b)} AND ${isLeft ? a : b} <> 'NaN')`;
    return isLeft ? write(withoutNaN(a), b) : write(a, withoutNaN(b));
  }
  if (!mayBeNaN(left) || !mayBeNaN(right)) return write(a, b);
  const apart = (one: string, other: string) =>
    operator === 'eq'
      ? `(${write(one, other)} AND ${one} IS DISTINCT FROM 'NaN')`
      : `(${write(one, other)} OR ${one} = 'NaN')`;
  if (left.kind === 'field') return apart(a, b);
  return `(SELECT ${apart('q.a', 'q.b')} FROM ${once(`${a} AS a, ${b} AS b`)} q)`;
}

/** What is missing compares as nothing does. */
const withoutNaN = (sql: string): string => `nullif(${sql}, 'NaN')`;
