// Literals that become parameters, whatever their value, so that a plan can be used again with another one.

import type { Expr } from '../../query/ask/expression.ts';
import type { ODataExpression } from '../parse/odata-expression.ts';

/** @returns a literal with a slot named after its position; anything else unchanged */
export const withSlot = (expr: Expr): Expr =>
  expr.kind === 'literal' && expr.at !== undefined ? { ...expr, slot: String(expr.at) } : expr;

/** @returns the operands, with a slot for a literal that is compared directly with a field */
export function slotted(
  left: ODataExpression,
  right: ODataExpression,
  operands: readonly [Expr, Expr],
): readonly [Expr, Expr] {
  const [first, second] = operands;
  if (left.kind === 'member' && right.kind === 'literal') return [first, withSlot(second)];
  return left.kind === 'literal' && right.kind === 'member' ? [withSlot(first), second] : operands;
}
