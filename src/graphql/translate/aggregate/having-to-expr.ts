// `having: { count: { gt: 5 }, OR: [ … ] }` -> Expr over the groups.

import type { Entity } from '../../../catalog/catalog.ts';
import { and, type Expr, not, or, path } from '../../../query/ask/expression.ts';
import { entriesOf, type Input, itemsOf } from '../arguments/input.ts';
import { refuseNull } from '../arguments/refuse-null.ts';
import { aggregateConditionToExpr } from '../where/aggregate-conditions-to-expr.ts';
import type { AggregateParts } from './parts.ts';

/** @param parts collects what the condition refers to */
export const havingToExpr = (parts: AggregateParts, entity: Entity, having: Input): Expr =>
  and(
    entriesOf(having).map(([name, input]) => {
      if (name === 'AND' || name === 'OR' || name === 'NOT')
        return junctionToExpr(parts, entity, name, input);
      return aggregateConditionToExpr(entity, name, input, (aggregate, field, at) =>
        path([parts.aggregate(aggregate, field, at)], undefined, at),
      );
    }),
  );

function junctionToExpr(
  parts: AggregateParts,
  entity: Entity,
  name: 'AND' | 'OR' | 'NOT',
  input: Input,
): Expr {
  refuseNull(name, input, 'Omit it, or provide a list of conditions.');
  const items = itemsOf(input).map(item => havingToExpr(parts, entity, item));
  if (name === 'AND') return and(items);
  return name === 'OR' ? or(items) : not(or(items));
}
