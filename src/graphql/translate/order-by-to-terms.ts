// `orderBy: [{ price: desc }, { category: { name: asc } }]` -> order terms.

import { fault } from '../../base/errors.ts';
import type { Entity } from '../../catalog/catalog.ts';
import type { OrderTerm } from '../../query/entity-query.ts';
import { path } from '../../query/expression.ts';
import { entriesOf, type Given, itemsOf, positionOf } from './given.ts';
import type { Translation } from './translation.ts';

/** @throws INVALID_VALUE for an object that has not exactly one field */
export const orderByToTerms = (translation: Translation, entity: Entity, orderBy: Given): OrderTerm[] =>
  itemsOf(orderBy).map(item => toTerm(translation, entity, item, []));

function toTerm(
  translation: Translation,
  entity: Entity,
  given: Given,
  segments: readonly string[],
): OrderTerm {
  const [entry, ...others] = entriesOf(given);
  if (!entry || others.length > 0) throw notOneField(given);
  const [name, inner] = entry;
  const at = positionOf(inner);
  const field = entity.fields.get(name);
  const reached = [...segments, name];
  if (field?.kind === 'relation')
    return toTerm(translation, translation.target(field.target), inner, reached);
  return { by: path(reached, undefined, at), ...directions[inner.value as string]!, at };
}

const notOneField = (given: Given) =>
  fault('INVALID_VALUE', 'A sort key names exactly one field.', {
    hint: 'Several keys go in a list: [{ price: desc }, { name: asc }].',
    at: positionOf(given),
  });

const directions: Readonly<Record<string, Pick<OrderTerm, 'direction' | 'nulls'>>> = {
  asc: { direction: 'asc' },
  desc: { direction: 'desc' },
  asc_nulls_first: { direction: 'asc', nulls: 'first' },
  asc_nulls_last: { direction: 'asc', nulls: 'last' },
  desc_nulls_first: { direction: 'desc', nulls: 'first' },
  desc_nulls_last: { direction: 'desc', nulls: 'last' },
};
