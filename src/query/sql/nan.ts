// NaN in comparisons. PostgreSQL treats it as equal to itself and greater than all numbers; for callers it equals nothing and is
// neither less nor greater than anything (IEEE 754, 5.11; OData 4.01 Part 2, 5.1.1.1.1). check/comparable.ts handles NaN literals.

import type { BoundCompare, TypedBound } from '../bound/expression.ts';
import { typeOf } from '../bound/expression.ts';
import { once } from './text.ts';

/** Whether a value may be NaN: it is stored or computed in floating point, or the result of a division. */
export const mayBeNaN = (bound: TypedBound): boolean => {
  const { scalar, list } = typeOf(bound);
  if (list || bound.kind === 'value') return false;
  return scalar === 'Float' || (scalar === 'Decimal' && bound.kind === 'call');
};

/** @param write returns PostgreSQL's own comparison of two expressions */
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
  const unlessNaN = (one: string, other: string) =>
    operator === 'eq'
      ? `(${write(one, other)} AND ${one} IS DISTINCT FROM 'NaN')`
      : `(${write(one, other)} OR ${one} = 'NaN')`;
  if (left.kind === 'field') return unlessNaN(a, b);
  return `(SELECT ${unlessNaN('q.a', 'q.b')} FROM ${once(`${a} AS a, ${b} AS b`)} q)`;
}

/** A comparison with null is never true. */
const withoutNaN = (sql: string): string => `nullif(${sql}, 'NaN')`;
