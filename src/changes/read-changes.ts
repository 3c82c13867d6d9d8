// Reads lines of the change log, in the order of the log.

import type { Parameter, Session } from '../base/database/database.ts';
import { type ChangeKind, type StoredChange, storedColumns, toStoredChange } from './stored-change.ts';

export interface ChangesQuery {
  /** Names of models. */
  readonly entities: readonly string[];
  /** As it is logged. */
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

/** Changes of rows outside of the entity's row filter are left out. */
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
  // Of one record, positions are in the order of ids, and there is an index for them.
  const order = query.key === undefined ? 'id' : 'position';
  const text = `SELECT ${storedColumns} FROM portolan.change WHERE ${conditions.join(' AND ')}
ORDER BY ${order}${query.newestFirst ? ' DESC' : ''} LIMIT ${parameter(query.take, 'bigint')}`;
  const { rows } = await session.query(text, values);
  return rows.map(toStoredChange);
}
