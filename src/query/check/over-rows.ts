// Expressions over other rows or elements, each with a variable of its own -> Bound.

import { fault } from '../../base/errors.ts';
import {
  type Aggregate,
  and,
  type Count,
  compare,
  type Elements,
  type Expr,
  type Lookup,
  path,
  type Quantifier,
} from '../ask/expression.ts';
import { type Bound, type BoundOver, type TypedBound, typeOf } from '../bound/expression.ts';
import { aggregateType, countType, isMissingOfNone } from './aggregate-type.ts';
import type { CheckContext } from './context.ts';
import { bindOver, type Scope } from './path.ts';

/** Binds the expressions inside of another one. */
export interface Binder {
  readonly context: CheckContext;
  /** @throws INVALID_OPERATION if the expression is not a condition */
  condition(scope: Scope, expr: Expr): Bound;
  /** @returns a value that can be written in SQL @throws INVALID_VALUE for text that cannot be stored */
  storable(scope: Scope, expr: Expr): TypedBound;
}

/** `any` and `all`. */
export function bindQuantifier(binder: Binder, scope: Scope, expr: Quantifier): TypedBound {
  const over = bindOver(binder.context, scope, expr.over);
  return { kind: expr.kind, over, where: bindInner(binder, scope, expr, over) };
}

/** The number of rows or elements. */
export function bindCount(binder: Binder, scope: Scope, expr: Count): TypedBound {
  const over = bindOver(binder.context, scope, expr.over);
  return {
    kind: 'count',
    over,
    where: bindInner(binder, scope, expr, over),
    type: countType,
    nullable: false,
  };
}

/** @throws INVALID_OPERATION for a type that the function does not take */
export function bindAggregate(binder: Binder, scope: Scope, expr: Aggregate): TypedBound {
  const { function: name, at } = expr;
  const over = bindOver(binder.context, scope, expr.over);
  const of = expr.of && binder.storable(innerScope(scope, expr, over), expr.of);
  return {
    kind: 'aggregate',
    function: name,
    of,
    over,
    where: bindInner(binder, scope, expr, over),
    type: aggregateType(name, of && typeOf(of), at),
    nullable: isMissingOfNone(name),
  };
}

/** @throws INVALID_OPERATION for a relation */
export function bindElements(binder: Binder, scope: Scope, expr: Elements): TypedBound {
  const over = bindOver(binder.context, scope, expr.over);
  if (over.field.kind !== 'column') {
    throw fault(
      'INVALID_OPERATION',
      `"${over.field.name}" is a relation; a list of values is expected here.`,
      {
        at: expr.at,
      },
    );
  }
  const inner = innerScope(scope, expr, over);
  return {
    kind: 'elements',
    over,
    where: bindInner(binder, scope, expr, over),
    order: (expr.order ?? []).map(({ by, direction }) => ({
      by: binder.storable(inner, by),
      direction,
    })),
    skip: expr.skip ?? 0,
    take: expr.take,
    type: over.field.type,
    nullable: false,
  };
}

/** @throws UNKNOWN_ENTITY */
export function bindLookup(binder: Binder, scope: Scope, expr: Lookup): TypedBound {
  const entity = binder.context.catalog.entities.get(expr.entity);
  if (!entity) throw fault('UNKNOWN_ENTITY', `There is no entity "${expr.entity}".`, { at: expr.at });
  binder.context.references.push({ entity, at: expr.at });
  const each = { entity };
  const inner = { root: scope.root, variables: new Map(scope.variables).set(expr.variable, each) };
  const conditions = expr.key.map(({ field, value }) =>
    compare('eq', path([field], expr.variable, expr.at), value, expr.at),
  );
  const of = binder.storable(inner, expr.of);
  const where = binder.condition(inner, and(conditions));
  return { kind: 'lookup', each, where, of, type: typeOf(of), nullable: true };
}

function bindInner(
  binder: Binder,
  scope: Scope,
  expr: Quantifier | Count | Aggregate | Elements,
  over: BoundOver,
): Bound | undefined {
  return expr.where && binder.condition(innerScope(scope, expr, over), expr.where);
}

const innerScope = (
  { root, variables }: Scope,
  { variable }: { variable: string },
  over: BoundOver,
): Scope => ({
  root,
  variables: new Map(variables).set(variable, over.each),
});
