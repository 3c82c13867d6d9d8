// Where a page begins and ends: decrypts cursors and checks that they belong to the query's order.

import { createHash } from 'node:crypto';
import { fault } from '../../base/errors.ts';
import type { Entity } from '../../catalog/catalog.ts';
import type { EntityQuery } from '../ask/entity-query.ts';
import { type BoundOrder, typeOf } from '../bound/expression.ts';
import type { BoundPage } from '../bound/query.ts';
import type { CheckContext } from './context.ts';

/** @returns undefined for a list that is not read with cursors @throws INVALID_VALUE for cursors of another list or order */
export function bindPage(
  context: CheckContext,
  entity: Entity,
  query: EntityQuery,
  orderBy: readonly BoundOrder[],
): BoundPage | undefined {
  const { after, before, backward = false, connection, continuation, at } = query;
  const next = query.next ?? continuation !== undefined;
  if (after === undefined && before === undefined && !backward && !next && !connection) return undefined;
  if (query.cardinality === 'one') throw new Error('One record has no pages.');
  if (backward && query.skip) {
    throw fault('INVALID_OPERATION', '"skip" cannot be combined with "last".', { at });
  }
  const order = orderTag(entity, query, orderBy);
  const opened = after === undefined ? undefined : context.cursors.open(order, after, at);
  return {
    order,
    after: opened?.keys,
    before: before === undefined ? undefined : context.cursors.open(order, before, at).keys,
    backward,
    next,
    left: lesser(opened?.left, query.limit),
  };
}

const lesser = (a?: number, b?: number): number | undefined =>
  a === undefined || b === undefined ? (a ?? b) : Math.min(a, b);

/**
 * @returns a short hash of the set and the requested order. It includes the types of the sort keys, so that a migration that
 * changes them invalidates old cursors.
 */
function orderTag(entity: Entity, { orderBy = [] }: EntityQuery, bound: readonly BoundOrder[]): string {
  const terms = bound.map(({ by, direction, nulls }, index) => [
    orderBy[index]?.by ?? (by.kind === 'field' ? by.field.name : ''),
    direction,
    nulls,
    typeOf(by).sqlType,
  ]);
  const text = JSON.stringify([entity.name, terms], withoutPositions);
  return createHash('sha256').update(text).digest('base64url').slice(0, 12);
}

/** Ignores where a term was written. */
function withoutPositions(name: string, value: unknown): unknown {
  if (name === 'at') return undefined;
  return typeof value === 'bigint' ? String(value) : value;
}
