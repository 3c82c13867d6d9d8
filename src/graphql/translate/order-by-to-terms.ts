// `orderBy: [{ price: desc }, { category: { name: asc } }, { itemsAggregate: { count: desc } }]` -> order terms.

import type { Entity } from '../../catalog/catalog.ts';
import type { OrderTerm } from '../../query/ask/order-term.ts';
import { aggregatedRelation } from '../model/aggregates.ts';
import { relatedAggregateToTerm } from './aggregate/related-aggregate-to-term.ts';
import { type Base, pathTo, queriedRow, within } from './arguments/base.ts';
import { type Input, itemsOf, positionOf } from './arguments/input.ts';
import { directionOf, onlyEntry } from './arguments/order-direction.ts';
import type { Translation } from './arguments/translation.ts';

/** @throws INVALID_VALUE for an object that has not exactly one field */
export const orderByToTerms = (translation: Translation, entity: Entity, orderBy: Input): OrderTerm[] =>
  itemsOf(orderBy).map(item => toTerm(translation, entity, item, queriedRow));

function toTerm(translation: Translation, entity: Entity, input: Input, base: Base): OrderTerm {
  const [name, inner] = onlyEntry(input);
  const at = positionOf(inner);
  const aggregated = aggregatedRelation(entity, name);
  if (aggregated) return relatedAggregateToTerm(translation, aggregated, inner, base);
  const field = entity.fields.get(name);
  if (field?.kind === 'relation')
    return toTerm(translation, translation.target(field.target), inner, within(base, name));
  return { by: pathTo(base, name, at), ...directionOf(inner), at };
}
