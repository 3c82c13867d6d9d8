// `itemsAggregate: { where: { … }, sum: { quantity: { gt: 10 } } }` on the rows of a relation -> Expr.

import type { Entity, RelationField } from '../../../catalog/catalog.ts';
import { and, type Expr, path } from '../../../query/ask/expression.ts';
import { type Base, pathTo } from '../arguments/base.ts';
import { entriesOf, type Input, positionOf } from '../arguments/input.ts';
import { refuseNull } from '../arguments/refuse-null.ts';
import type { Translation } from '../arguments/translation.ts';
import { aggregateConditionToExpr, type ToAggregate } from './aggregate-conditions-to-expr.ts';

/** Translates a condition on the related rows. */
type WhereToExpr = (translation: Translation, entity: Entity, where: Input, base: Base) => Expr;

/** @param toExpr a parameter, because conditions on rows and on aggregates of related rows are mutually recursive */
export function relatedAggregateToExpr(
  translation: Translation,
  relation: RelationField,
  filter: Input,
  base: Base,
  toExpr: WhereToExpr,
): Expr {
  const conditions = new Map(entriesOf(filter));
  const where = conditions.get('where');
  conditions.delete('where');
  const target = translation.target(relation.target);
  const toAggregate = relatedAggregate(translation, relation, where, base, toExpr);
  return and(
    [...conditions].map(([name, input]) => aggregateConditionToExpr(target, name, input, toAggregate)),
  );
}

/** @param where which of the related rows to include. Default: all */
export function relatedAggregate(
  translation: Translation,
  relation: RelationField,
  where: Input | undefined,
  base: Base,
  toExpr: WhereToExpr,
): ToAggregate {
  const target = translation.target(relation.target);
  if (where) refuseNull('where', where, 'Omit it, or provide a condition.');
  return (name, field, at) => {
    const variable = translation.freshVariable();
    return {
      kind: 'aggregate',
      over: pathTo(base, relation.name, at),
      variable,
      function: name,
      of: field === undefined ? undefined : path([field], variable, at),
      where: where && toExpr(translation, target, where, { variable, segments: [] }),
      at: at ?? (where && positionOf(where)),
    };
  };
}
