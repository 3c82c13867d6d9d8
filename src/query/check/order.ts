// Checks sort keys against the catalog, and appends a unique key so that there are no ties.

import { fault } from '../../base/errors.ts';
import type { ColumnField, Entity } from '../../catalog/catalog.ts';
import type { OrderTerm } from '../ask/order-term.ts';
import type { BoundOrder } from '../bound/expression.ts';
import type { CheckContext } from './context.ts';
import { bindExpression, positionOf } from './expression.ts';
import type { Scope } from './path.ts';

/** More sort keys than this are never useful. */
const termsMax = 32;

/** @throws LIMIT_EXCEEDED, INVALID_OPERATION for values that cannot be sorted */
export function bindOrderTerms(
  context: CheckContext,
  scope: Scope,
  terms: readonly OrderTerm[] = [],
  at?: number,
): BoundOrder[] {
  if (terms.length > termsMax) {
    throw fault('LIMIT_EXCEEDED', `A list can be sorted by at most ${termsMax} keys.`, { at });
  }
  return terms.map(term => bindOrderTerm(context, scope, term));
}

function bindOrderTerm(context: CheckContext, scope: Scope, term: OrderTerm): BoundOrder {
  const by = bindExpression(context, scope, term.by);
  if ('type' in by && (by.type.list || by.type.scalar === 'Json')) {
    throw fault('INVALID_OPERATION', 'Lists and JSON cannot be sorted by.', {
      at: term.at ?? positionOf(term.by),
    });
  }
  return {
    by,
    direction: term.direction,
    nulls: term.nulls ?? (term.direction === 'asc' ? 'first' : 'last'),
  };
}

/** Appends the primary key unless the order is already unique, so that ties are stable from page to page. */
export function endedByKey(scope: Scope, entity: Entity, terms: readonly BoundOrder[]): BoundOrder[] {
  const sorted = sortedBy(terms);
  const isUnique = (names: readonly string[]) =>
    names.every(
      name => sorted.has(name) && (entity.fields.get(name) as { nullable?: boolean }).nullable === false,
    );
  if ([entity.key, ...entity.uniques].some(isUnique)) return [...terms];
  return endedBy(scope, entity, entity.key, terms);
}

/** @param key names of fields that together are unique @returns the order, followed by those that it does not contain yet */
export function endedBy(
  { root: source }: Scope,
  entity: Entity,
  key: readonly string[],
  terms: readonly BoundOrder[],
): BoundOrder[] {
  const sorted = sortedBy(terms);
  const rest = key.filter(name => !sorted.has(name)).map(name => entity.fields.get(name) as ColumnField);
  const ascending = rest.map((field): BoundOrder => {
    const { type, nullable } = field;
    return {
      by: { kind: 'field', source, path: [], field, type, nullable },
      direction: 'asc',
      nulls: 'first',
    };
  });
  return [...terms, ...ascending];
}

/** @returns names of the row's own fields in the order. Fields of related records do not count: many rows may share them. */
function sortedBy(terms: readonly BoundOrder[]): ReadonlySet<string> {
  const own = terms.flatMap(({ by }) => (by.kind === 'field' && by.path.length === 0 ? [by.field.name] : []));
  return new Set(own);
}
