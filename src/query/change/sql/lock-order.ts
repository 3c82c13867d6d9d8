// Every statement that writes many rows locks them in one order, so that two of them never deadlock: by the natural key,
// or else the primary key, compared as text, byte by byte.

import type { Session } from '../../../base/database/database.ts';
import type { Entity } from '../../../catalog/catalog.ts';
import type { ChangeRow, EntityUpsert } from '../../ask/entity-change.ts';
import { identifier } from '../../sql/text.ts';
import { columnOf } from './columns.ts';

/** @returns the `ORDER BY` terms of a query that locks rows `t` */
export const lockOrderSql = (entity: Entity): string =>
  (entity.naturalKey ?? entity.key)
    .map(name => `t.${identifier(columnOf(entity, name).column)}::text COLLATE "C"`)
    .join(', ');

/** @returns the indexes of the rows in lock order; undefined if the rows are already in it */
export function lockOrder({ rows, fields, match, mode }: EntityUpsert): readonly number[] | undefined {
  if (mode !== undefined && mode !== 'upsert') return undefined;
  const places = match.map(name => fields.indexOf(name));
  const compare = (a: number, b: number) => compareRows(rows[a]!, rows[b]!, places);
  const order = rows.map((_, index) => index);
  const isSorted = order.every(index => index === 0 || compare(index - 1, index) <= 0);
  return isSorted ? undefined : order.sort(compare);
}

function compareRows(a: ChangeRow, b: ChangeRow, places: readonly number[]): number {
  for (const place of places) {
    const one = a[place] ?? '';
    const other = b[place] ?? '';
    if (one !== other) return one < other ? -1 : 1;
  }
  return 0;
}

/** @returns an array literal: the rank of each row in the order */
export function ranks(order: readonly number[]): string {
  const found: number[] = new Array(order.length);
  for (const [rank, place] of order.entries()) found[place] = rank;
  return `{${found.join(',')}}`;
}

/** @param sorted in the order that `lockOrder` returned @returns the same in the original order */
export function unordered<T>(sorted: readonly T[], order: readonly number[] | undefined): readonly T[] {
  if (!order) return sorted;
  const back: T[] = new Array(sorted.length);
  for (const [index, place] of order.entries()) back[place] = sorted[index]!;
  return back;
}

/** Any number, but the same in every instance. */
const turnKey = 72_707_371;

/**
 * Changes can still deadlock (rows of several sets, the parts of a batch). Retries of such changes run one after the other.
 * Call it first in the transaction.
 */
export async function takeTurn(session: Session): Promise<void> {
  await session.query('SELECT pg_advisory_xact_lock($1)', [turnKey], { name: 'change-turn' });
}
