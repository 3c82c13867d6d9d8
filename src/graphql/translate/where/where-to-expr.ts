// `where: { price: { lt: 10 }, OR: [ … ] }` -> Expr.

import { fault } from '../../../base/errors.ts';
import type { Entity } from '../../../catalog/catalog.ts';
import { and, type Expr, not, or } from '../../../query/ask/expression.ts';
import { aggregatedRelation } from '../../model/aggregates.ts';
import { type Base, pathTo } from '../arguments/base.ts';
import { entriesOf, type Input, itemsOf, positionOf } from '../arguments/input.ts';
import { refuseNull } from '../arguments/refuse-null.ts';
import type { Translation } from '../arguments/translation.ts';
import { comparisonToExpr } from './comparison-to-expr.ts';
import { filterToExpr } from './filter-to-expr.ts';
import { listFilterToExpr } from './list-filter-to-expr.ts';
import { relatedAggregateToExpr } from './related-aggregate-to-expr.ts';
import { relationFilterToExpr } from './relation-filter-to-expr.ts';

/** @returns the condition on a row at `base` @throws INVALID_VALUE for null where it is not allowed */
export const whereToExpr = (translation: Translation, entity: Entity, where: Input, base: Base): Expr =>
  conditionsToExpr(translation, entity, entriesOf(where), base);

const conditionsToExpr = (
  translation: Translation,
  entity: Entity,
  conditions: readonly (readonly [name: string, input: Input])[],
  base: Base,
): Expr => and(conditions.map(([name, input]) => conditionToExpr(translation, entity, name, input, base)));

function conditionToExpr(
  translation: Translation,
  entity: Entity,
  name: string,
  input: Input,
  base: Base,
): Expr {
  const field = entity.fields.get(name);
  const aggregated = aggregatedRelation(entity, name);
  if (aggregated) {
    refuseNull(name, input, 'Omit it, or provide a condition.');
    return relatedAggregateToExpr(translation, aggregated, input, base, whereToExpr);
  }
  if (!field && name === 'compare') return comparisonsToExpr(translation, entity, input, base);
  if (!field) return junctionToExpr(translation, entity, name, input, base);
  if (field.kind === 'relation') {
    refuseNull(name, input, field.list ? `Write ${name}: { none: {} }.` : `Write ${name}: { is: null }.`);
    return relationFilterToExpr(translation, field, input, base, conditionsToExpr);
  }
  refuseNull(name, input, `Write ${name}: { equals: null } to find nulls.`);
  const path = pathTo(base, name, positionOf(input));
  return field.type.list ? listFilterToExpr(path, field.type, input) : filterToExpr(path, field.type, input);
}

function comparisonsToExpr(translation: Translation, entity: Entity, input: Input, base: Base): Expr {
  refuseNull('compare', input, 'Omit it, or provide comparisons.');
  return and(itemsOf(input).map(item => comparisonToExpr(translation, entity, item, base)));
}

function junctionToExpr(
  translation: Translation,
  entity: Entity,
  name: string,
  input: Input,
  base: Base,
): Expr {
  refuseNull(name, input, 'Omit it, or provide a list of conditions.');
  const items = itemsOf(input).map(item => whereToExpr(translation, entity, item, base));
  if (name === 'AND') return and(items);
  if (name === 'OR') return or(items);
  if (name === 'NOT') return not(or(items));
  throw fault('UNKNOWN_FIELD', `${entity.set} has no field "${name}".`, {
    at: positionOf(input),
    target: name,
  });
}
