// `orderBy: [{ count: desc }, { sum: { stock: asc } }, { key: { name: asc } }]` on groups -> order terms over the groups.

import { fault } from '../../../base/errors.ts';
import type { ColumnField, Entity } from '../../../catalog/catalog.ts';
import { path } from '../../../query/ask/expression.ts';
import type { OrderTerm } from '../../../query/ask/order-term.ts';
import { type DatePart, datePartsOf, type FieldAggregate } from '../../model/aggregates.ts';
import { type Input, itemsOf, positionOf } from '../arguments/input.ts';
import { directionOf, onlyEntry } from '../arguments/order-direction.ts';
import type { Translation } from '../arguments/translation.ts';
import type { AggregateParts } from './parts.ts';

/**
 * @param parts has the keys, and collects the aggregates that the order refers to
 * @throws INVALID_VALUE for a key that does not name exactly one field, INVALID_OPERATION for one that is not grouped by
 */
export const groupOrderToTerms = (
  translation: Translation,
  parts: AggregateParts,
  entity: Entity,
  orderBy: Input,
): OrderTerm[] =>
  itemsOf(orderBy).map(item => {
    const [name, input] = onlyEntry(item);
    if (name === 'key') return keyTerm(translation, parts, entity, input, []);
    if (name === 'count') return term(parts.aggregate(name, undefined, positionOf(input)), input);
    const [field, direction] = onlyEntry(input);
    return term(parts.aggregate(name as FieldAggregate, field, positionOf(direction)), direction);
  });

function term(name: string, direction: Input): OrderTerm {
  const at = positionOf(direction);
  return { by: path([name], undefined, at), ...directionOf(direction), at };
}

/** @param segments to-one relations that lead to the entity */
function keyTerm(
  translation: Translation,
  parts: AggregateParts,
  entity: Entity,
  key: Input,
  segments: readonly string[],
): OrderTerm {
  const [name, input] = onlyEntry(key);
  const field = entity.fields.get(name)!;
  const inner = [...segments, name];
  if (field.kind === 'relation')
    return keyTerm(translation, parts, translation.target(field.target), input, inner);
  const [part, direction] = datePartsOf((field as ColumnField).type) ? onlyEntry(input) : ['value', input];
  const known = parts.knownKey(inner, part as DatePart);
  if (known) return term(known, direction as Input);
  throw fault('INVALID_OPERATION', `Cannot sort groups by "${inner.join('.')}": it is not part of the key.`, {
    hint: 'Select it under "key".',
    at: positionOf(key),
  });
}
