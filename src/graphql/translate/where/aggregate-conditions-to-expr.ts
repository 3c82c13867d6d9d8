// `{ count: { gt: 3 }, avg: { price: { gte: "10" } } }` -> Expr.

import type { ColumnField, Entity } from '../../../catalog/catalog.ts';
import { type AggregateFunction, and, type Expr } from '../../../query/ask/expression.ts';
import { aggregateTypeOf, countType } from '../../../query/check/aggregate-type.ts';
import type { FieldAggregate } from '../../model/aggregates.ts';
import { entriesOf, type Input, positionOf } from '../arguments/input.ts';
import { refuseNull } from '../arguments/refuse-null.ts';
import { filterToExpr } from './filter-to-expr.ts';

/** @returns an aggregate, of a field or (without one) of rows */
export type ToAggregate = (name: AggregateFunction, field?: string, at?: number) => Expr;

/** @param name of an aggregate @param given conditions on it, field by field except for `count` */
export function aggregateConditionToExpr(
  entity: Entity,
  name: string,
  input: Input,
  toAggregate: ToAggregate,
): Expr {
  refuseNull(name, input, 'Omit it, or provide a condition.');
  if (name === 'count')
    return filterToExpr(toAggregate(name, undefined, positionOf(input)), countType, input);
  const aggregate = name as FieldAggregate;
  const conditions = entriesOf(input).map(([field, filter]) => {
    refuseNull(field, filter, `Write ${name}: { ${field}: { equals: null } } to find nulls.`);
    const { type } = entity.fields.get(field) as ColumnField;
    const of = toAggregate(aggregate, field, positionOf(filter));
    return filterToExpr(of, aggregateTypeOf(aggregate, type)!, filter);
  });
  return and(conditions);
}
