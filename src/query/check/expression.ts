// Expr -> Bound: resolves names, determines types, turns literals into parameters.

import { fault } from '../../base/errors.ts';
import type { ValueType } from '../../catalog/catalog.ts';
import type { Comparison, Expr, Literal, Membership, NullTest, TypeTest } from '../ask/expression.ts';
import { type Bound, booleanType, type TypedBound, typeOf } from '../bound/expression.ts';
import { bindCall, missing } from './call.ts';
import { bindCase } from './case.ts';
import { bindCast } from './cast.ts';
import { isNaNLiteral, isNullLiteral, refuseRecords } from './comparable.ts';
import type { CheckContext } from './context.ts';
import { bindItems, bindLiteral, bindSlot, literalType, readBoolean } from './literal.ts';
import {
  type Binder,
  bindAggregate,
  bindCount,
  bindElements,
  bindLookup,
  bindQuantifier,
} from './over-rows.ts';
import { bindValuePath, manyNotOne, type Scope, startOf, walk } from './path.ts';
import { bindRank, bindSearch } from './search.ts';
import { refuseUnequalTypes, refuseUnordered } from './type.ts';

/** @returns a condition @throws INVALID_OPERATION if the expression is not a condition */
export function bindCondition(context: CheckContext, scope: Scope, expr: Expr): Bound {
  const bound = bindExpression(context, scope, expr, isNullLiteral(expr) ? booleanType : undefined);
  if (typeOf(bound).scalar === 'Boolean' && !typeOf(bound).list) return bound;
  throw fault('INVALID_OPERATION', 'A condition is expected here, not a value.', {
    at: positionOf(expr),
  });
}

/**
 * @param expected the type that literals take: that of the other operand
 * @throws UNKNOWN_FIELD, INVALID_VALUE, INVALID_OPERATION, LIMIT_EXCEEDED
 */
export function bindExpression(
  context: CheckContext,
  scope: Scope,
  expr: Expr,
  expected?: ValueType,
): TypedBound {
  context.node(positionOf(expr));
  switch (expr.kind) {
    case 'literal':
      return bindValue(expr, expected);
    case 'path':
      return bindValuePath(context, scope, expr);
    case 'compare':
      return bindCompare(context, scope, expr);
    case 'in':
      return bindIn(context, scope, expr);
    case 'and':
    case 'or':
      return { kind: expr.kind, items: expr.items.map(item => bindCondition(context, scope, item)) };
    case 'not':
      return {
        kind: 'not',
        item: bindCondition(context, scope, expr.item),
        keepsNull: expr.keepsNull,
      };
    case 'isNull':
      return bindIsNull(context, scope, expr);
    case 'call':
      return bindCall(expr, (item, type) => bindExpression(context, scope, item, type));
    case 'case':
      return bindCase(expr, {
        condition: inner => bindCondition(context, scope, inner),
        value: (inner, type) => bindExpression(context, scope, inner, type),
      });
    case 'cast':
      return bindCast(expr, inner => bindExpression(context, scope, inner));
    case 'isOf':
      return bindTypeTest(context, scope, expr);
    case 'any':
    case 'all':
      return bindQuantifier(binderOf(context), scope, expr);
    case 'count':
      return bindCount(binderOf(context), scope, expr);
    case 'elements':
      return bindElements(binderOf(context), scope, expr);
    case 'lookup':
      return bindLookup(binderOf(context), scope, expr);
    case 'aggregate':
      return bindAggregate(binderOf(context), scope, expr);
    case 'search':
      return bindSearch(context, startOf(scope, expr), expr);
    case 'rank':
      return bindRank(context, scope.root, expr);
  }
}

const binderOf = (context: CheckContext): Binder => ({
  context,
  condition: (scope, expr) => bindCondition(context, scope, expr),
  storable: (scope, expr) => bindStorable(context, scope, expr),
});

function bindValue(expr: Literal, expected?: ValueType): TypedBound {
  if (isNullLiteral(expr)) return missing(expected ?? literalType(expr));
  if (expected) return bindSlot(readBoolean(expr, expected), expected);
  if (!Array.isArray(expr.value)) return bindLiteral(expr, literalType(expr));
  throw fault('NOT_IMPLEMENTED', 'A list literal can only be compared with a stored list.', {
    at: expr.at,
  });
}

export const positionOf = (expr: Expr): number | undefined => ('at' in expr ? expr.at : undefined);

function bindCompare(context: CheckContext, scope: Scope, expr: Comparison): TypedBound {
  const { operator, left, right, at } = expr;
  refuseRecords(context, scope, expr);
  const nullSide = isNullLiteral(right) ? left : isNullLiteral(left) ? right : undefined;
  if (nullSide) return bindCompareNull(context, scope, expr, nullSide);
  if (left.kind === 'literal' && (right.kind !== 'literal' || (isUntyped(left) && !isUntyped(right)))) {
    return bindCompare(context, scope, {
      kind: 'compare',
      operator: mirrored[operator],
      left: right,
      right: left,
      at,
    });
  }
  const boundLeft = bindExpression(context, scope, left);
  if (isNaNLiteral(left) || isNaNLiteral(right)) return operator === 'ne' ? always : never;
  const boundRight = bindExpression(context, scope, right, typeOf(boundLeft));
  refuseUnequalTypes(typeOf(boundLeft), typeOf(boundRight), at);
  if (operator !== 'eq' && operator !== 'ne') refuseUnordered(typeOf(boundLeft), at);
  return { kind: 'compare', operator, left: boundLeft, right: boundRight };
}

const mirrored = { eq: 'eq', ne: 'ne', lt: 'gt', le: 'ge', gt: 'lt', ge: 'le' } as const;

/** Text without a type takes the type of the other operand. */
const isUntyped = ({ type, value }: Literal): boolean => type === undefined && typeof value === 'string';

/** `eq null` tests whether the value is missing; no value is less or greater than a missing one. */
function bindCompareNull(context: CheckContext, scope: Scope, expr: Comparison, side: Expr): TypedBound {
  if (isNullLiteral(side)) return { kind: expr.operator === 'eq' ? 'and' : 'or', items: [] };
  const isNull = bindIsNull(context, scope, { kind: 'isNull', item: side, at: expr.at });
  if (expr.operator === 'eq') return isNull;
  return expr.operator === 'ne' ? { kind: 'not', item: isNull } : { kind: 'or', items: [] };
}

function bindIsNull(context: CheckContext, scope: Scope, expr: NullTest): TypedBound {
  if (expr.item.kind !== 'path') return { kind: 'isNull', item: bindExpression(context, scope, expr.item) };
  const { source, path: walked, last } = walk(context, scope, expr.item);
  if (!last && source.entity) return never;
  if (last?.kind !== 'relation') return { kind: 'isNull', item: bindValuePath(context, scope, expr.item) };
  if (last.list) throw manyNotOne(last, expr.item.at);
  return { kind: 'isNull', item: { kind: 'relation', source, path: [...walked, last] } };
}

function bindIn(context: CheckContext, scope: Scope, expr: Membership): TypedBound {
  const { listItemsMax } = context.limits;
  if (expr.list.length > listItemsMax) {
    throw fault(
      'LIMIT_EXCEEDED',
      `A list has ${expr.list.length} values, more than the maximum of ${listItemsMax}.`,
      {
        at: expr.at,
      },
    );
  }
  const item = bindExpression(context, scope, expr.item);
  if (typeOf(item).list)
    throw fault('INVALID_OPERATION', '"in" tests a single value, not a list.', { at: expr.at });
  const present = expr.list.filter(literal => literal.value !== null);
  const { values, cast } = bindItems(present, typeOf(item));
  return {
    kind: 'in',
    item,
    values,
    cast,
    orNull: present.length < expr.list.length,
  };
}

/** Types are known before any row is read, so only whether there is a value is tested at run time. */
function bindTypeTest(context: CheckContext, scope: Scope, { item, type, at }: TypeTest): TypedBound {
  const present = (bound: TypedBound): TypedBound => ({ kind: 'not', item: bound });
  if (item.kind !== 'path') {
    const bound = bindExpression(context, scope, item);
    return isCalled(typeOf(bound), type) ? present({ kind: 'isNull', item: bound }) : never;
  }
  const { source, last } = walk(context, scope, item);
  const record = last ? (last.kind === 'relation' ? last.target : undefined) : source.entity?.name;
  if (record !== undefined && record !== type) return never;
  if (record !== undefined && !last) return always;
  if (record === undefined && !isCalled(typeOf(bindValuePath(context, scope, item)), type)) return never;
  return present(bindIsNull(context, scope, { kind: 'isNull', item, at }));
}

const never: TypedBound = { kind: 'or', items: [] };
const always: TypedBound = { kind: 'and', items: [] };

const isCalled = ({ enum: enumType, scalar, list }: ValueType, name: string): boolean =>
  !list && (enumType?.name ?? scalar) === name;

/** @returns a value that can be written in SQL @throws INVALID_VALUE for text that cannot be stored */
export function bindStorable(context: CheckContext, scope: Scope, expr: Expr): TypedBound {
  const bound = bindExpression(context, scope, expr);
  if (bound.kind !== 'unstorable') return bound;
  throw fault('INVALID_VALUE', 'Text with a NUL character or an unpaired surrogate cannot be used here.', {
    at: positionOf(expr),
  });
}
