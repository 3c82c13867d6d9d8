// `itemsAggregate: { sum: { quantity: desc } }` as a sort key -> an order term.

import type { RelationField } from '../../../catalog/catalog.ts';
import type { OrderTerm } from '../../../query/ask/order-term.ts';
import type { FieldAggregate } from '../../model/aggregates.ts';
import type { Base } from '../arguments/base.ts';
import { entriesOf, type Input, positionOf } from '../arguments/input.ts';
import { directionOf, onlyEntry } from '../arguments/order-direction.ts';
import type { Translation } from '../arguments/translation.ts';
import { relatedAggregate } from '../where/related-aggregate-to-expr.ts';
import { whereToExpr } from '../where/where-to-expr.ts';

/** @throws INVALID_VALUE for a key that does not name exactly one aggregate */
export function relatedAggregateToTerm(
  translation: Translation,
  relation: RelationField,
  key: Input,
  base: Base,
): OrderTerm {
  const entries = new Map(entriesOf(key));
  const where = entries.get('where');
  entries.delete('where');
  const [name, input] = onlyEntry(key, [...entries]);
  const toAggregate = relatedAggregate(translation, relation, where, base, whereToExpr);
  const at = positionOf(input);
  if (name === 'count') return { by: toAggregate(name, undefined, at), ...directionOf(input), at };
  const [field, direction] = onlyEntry(input);
  const by = toAggregate(name as FieldAggregate, field, positionOf(direction));
  return { by, ...directionOf(direction), at };
}
