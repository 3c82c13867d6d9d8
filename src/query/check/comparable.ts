// Special operands of comparisons: whole records, NaN and null.

import { fault } from '../../base/errors.ts';
import type { Comparison, Expr, Path } from '../ask/expression.ts';
import type { CheckContext } from './context.ts';
import { type Scope, startOf, walk } from './path.ts';

/** @throws NOT_IMPLEMENTED if a whole record is compared */
export function refuseRecords(
  context: CheckContext,
  scope: Scope,
  { operator, left, right, at }: Comparison,
): void {
  if ((operator !== 'eq' && operator !== 'ne') || isNullLiteral(left) || isNullLiteral(right)) return;
  if (![left, right].some(side => side.kind === 'path' && isRecord(context, scope, side))) return;
  throw fault('NOT_IMPLEMENTED', 'Whole records cannot be compared.', { hint: 'Compare their keys.', at });
}

function isRecord(context: CheckContext, scope: Scope, expr: Path): boolean {
  if (expr.segments.length === 0) return startOf(scope, expr).entity !== undefined;
  const { last } = walk(context, scope, expr);
  return last?.kind === 'relation' && !last.list;
}

/** NaN equals nothing, not even itself, and is neither less nor greater than anything (OData 4.01 Part 2, 5.1.1.1.1; IEEE 754, 5.11). */
export const isNaNLiteral = (expr: Expr): boolean =>
  expr.kind === 'literal' && expr.type === 'Float' && expr.value === 'NaN';

export const isNullLiteral = (expr: Expr): boolean => expr.kind === 'literal' && expr.value === null;
