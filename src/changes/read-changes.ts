// Reads entries of the change log, in its order.

import type { Parameter, Session } from '../base/database/database.ts';
import { type ChangeKind, type StoredChange, storedColumns, toStoredChange } from './stored-change.ts';

export interface ChangesQuery {
  /** Names of models. */
  readonly entities: readonly string[];
  /** The key in the log's format. */
  readonly key?: string;
  readonly kinds?: readonly ChangeKind[];
  /** Ids, both exclusive. */
  readonly after?: bigint;
  readonly before?: bigint;
  /** An id, inclusive. */
  readonly upTo?: bigint;
  readonly newestFirst?: boolean;
  readonly take: number;
}

/** Leaves out changes of rows outside the entity's row filter. */
export async function readChanges(session: Session, query: ChangesQuery): Promise<StoredChange[]> {
  const values: Parameter[] = [];
  const parameter = (value: Parameter, type: string) => `$${values.push(value)}::${type}`;
  const conditions = [
    '"shownAs" IS NOT NULL',
    query.entities.length === 1
      ? `entity = ${parameter(query.entities[0]!, 'text')}`
      : `entity = ANY(${parameter(query.entities, 'text[]')})`,
  ];
  if (query.key !== undefined) conditions.push(`key = ${parameter(query.key, 'text')}`);
  if (query.kinds) conditions.push(`"shownAs" = ANY(${parameter(query.kinds, '"portolan"."ChangeKind"[]')})`);
  if (query.after !== undefined) conditions.push(`id > ${parameter(query.after, 'bigint')}`);
  if (query.before !== undefined) conditions.push(`id < ${parameter(query.before, 'bigint')}`);
  if (query.upTo !== undefined) conditions.push(`id <= ${parameter(query.upTo, 'bigint')}`);
  // The positions of one record have the order of its ids, and there is an index on them.
  const order = query.key === undefined ? 'id' : 'position';
  const text = `SELECT ${storedColumns} FROM portolan.change WHERE ${conditions.join(' AND ')}
ORDER BY ${order}${query.newestFirst ? ' DESC' : ''} LIMIT ${parameter(query.take, 'bigint')}`;
  const { rows } = await session.query(text, values);
  return rows.map(toStoredChange);
}
