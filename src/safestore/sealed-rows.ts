// Queries over sealed values. The versions that a value was sealed with are in its first four bytes, see envelope.ts.

import type { Database } from '../base/database/database.ts';
import { newestVersionOf, removeReplacedKeys } from '../platform/tables/user-keys.ts';
import { type SealedColumn, sealedColumns } from './sealed-columns.ts';

/** The number of values of a column that were sealed with one pepper. */
export interface SealedCount {
  readonly table: string;
  readonly column: string;
  readonly pepper: number;
  readonly count: number;
  /** Values not sealed with the newest pepper and the owner's newest key. */
  readonly stale: number;
}

export interface SealedRow {
  readonly row: string;
  readonly owner: string;
  readonly sealed: Buffer;
}

const pepperOf = (column: string) => `get_byte(t."${column}", 1)`;
const userKeyOf = (column: string) => `(get_byte(t."${column}", 2) * 256 + get_byte(t."${column}", 3))`;

/** @returns SQL that is true for a value that must be resealed; `$1` is the newest pepper's version */
const isStale = ({
  column,
  owner,
}: SealedColumn) => `(${pepperOf(column)} <> $1::int OR ${userKeyOf(column)} <
  ${newestVersionOf(owner)})`;

export async function countSealed(database: Database, newestPepper: number): Promise<SealedCount[]> {
  const text = sealedColumns
    .map(
      one => `SELECT '${one.table}', '${one.column}', ${pepperOf(one.column)} AS pepper, count(*),
  count(*) FILTER (WHERE ${isStale(one)}) FROM ${one.storedIn} t GROUP BY 3`,
    )
    .join(' UNION ALL ');
  const { rows } = await database.query(`${text} ORDER BY 1, 2, 3`, [newestPepper]);
  return rows.map(([table, column, pepper, count, stale]) => ({
    table: table!,
    column: column!,
    pepper: Number(pepper),
    count: Number(count),
    stale: Number(stale),
  }));
}

/** @param after the key of the last row checked @returns the next stale values, in key order */
export async function staleRows(
  database: Database,
  sealedColumn: SealedColumn,
  { newestPepper, after, take }: { newestPepper: number; after: string; take: number },
): Promise<SealedRow[]> {
  const { column, owner, storedIn } = sealedColumn;
  const key = `t."${sealedColumn.key}"`;
  // Uses the primary key's index.
  const afterLast = after === '' ? '' : `${key} > $3 AND `;
  const text = `SELECT ${key}::text, (${owner})::text, encode(t."${column}", 'base64') FROM ${storedIn} t
WHERE ${afterLast}${isStale(sealedColumn)} ORDER BY ${key} LIMIT $2::int`;
  const values = [newestPepper, take, ...(after === '' ? [] : [after])];
  const { rows } = await database.query(text, values);
  return rows.map(([row, rowOwner, sealed]) => ({
    row: row!,
    owner: rowOwner!,
    sealed: Buffer.from(sealed!, 'base64'),
  }));
}

/** Replaces the value only if it is unchanged: another instance may reseal it too. @returns whether it was replaced */
export async function replaceSealed(
  database: Database,
  { storedIn, column, key }: SealedColumn,
  { row, sealed }: Omit<SealedRow, 'owner'>,
  fresh: Buffer,
): Promise<boolean> {
  const text = `UPDATE ${storedIn} SET "${column}" = $3 WHERE "${key}" = $1 AND "${column}" = $2`;
  return (await database.query(text, [row, sealed, fresh])).rowCount > 0;
}

/**
 * Deletes owner keys that seal nothing any more. A key whose successor is less than an hour old stays: another instance
 * may still have it cached as the newest.
 * @returns the number of deleted keys
 */
export async function dropUnusedKeys(database: Database): Promise<number> {
  const used = sealedColumns
    .map(
      one =>
        `EXISTS (SELECT FROM ${one.storedIn} t WHERE ${one.owner} = k."userId" AND ${userKeyOf(one.column)} = k."version")`,
    )
    .join(' OR ');
  return removeReplacedKeys(database, used);
}
