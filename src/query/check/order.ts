// Sort keys held against the catalog, and what they are ended with so that no two rows are equal.

import { fault } from '../../base/errors.ts';
import type { ColumnField, Entity } from '../../catalog/catalog.ts';
import type { OrderTerm } from '../ask/order-term.ts';
import type { BoundOrder } from '../bound/expression.ts';
import type { CheckContext } from './context.ts';
import { bindExpression, positionOf } from './expression.ts';
import type { Scope } from './path.ts';

/** An order that leaves rows equal after so many keys leaves them equal for good. */
const termsMax = 32;

/** @throws LIMIT_EXCEEDED, INVALID_OPERATION for what has no order */
export function bindOrderTerms(
  context: CheckContext,
  scope: Scope,
  terms: readonly OrderTerm[] = [],
  at?: number,
): BoundOrder[] {
  if (terms.length > termsMax) {
    throw fault('LIMIT_EXCEEDED', `A list is sorted by ${termsMax} keys at the most.`, { at });
  }
  return terms.map(term => bindOrderTerm(context, scope, term));
}

function bindOrderTerm(context: CheckContext, scope: Scope, term: OrderTerm): BoundOrder {
  const by = bindExpression(context, scope, term.by);
  if ('type' in by && (by.type.list || by.type.scalar === 'Json')) {
    throw fault('INVALID_OPERATION', 'Lists and JSON have no order to sort by.', {
      at: term.at ?? positionOf(term.by),
    });
  }
  return {
    by,
    direction: term.direction,
    nulls: term.nulls ?? (term.direction === 'asc' ? 'first' : 'last'),
  };
}

/** Every order ends with the primary key, so that equal rows keep their places from page to page. */
export function endedByKey(scope: Scope, entity: Entity, terms: readonly BoundOrder[]): BoundOrder[] {
  const sorted = sortedBy(terms);
  const isUnique = (names: readonly string[]) =>
    names.every(
      name => sorted.has(name) && (entity.fields.get(name) as { nullable?: boolean }).nullable === false,
    );
  if ([entity.key, ...entity.uniques].some(isUnique)) return [...terms];
  return endedBy(scope, entity, entity.key, terms);
}

/** @param key names of fields that tell any two rows apart @returns the order, ended with those that it does not have yet */
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

/** @returns names of the rows' own fields; those that a relation leads to may be the same for many rows */
function sortedBy(terms: readonly BoundOrder[]): ReadonlySet<string> {
  const own = terms.flatMap(({ by }) => (by.kind === 'field' && by.path.length === 0 ? [by.field.name] : []));
  return new Set(own);
}
