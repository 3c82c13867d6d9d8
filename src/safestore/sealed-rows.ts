// Queries over sealed values. The versions that a value was sealed with are in its first four bytes, see envelope.ts.

import type { Database } from '../base/database/database.ts';
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
  (SELECT max(k."version") FROM "portolan"."user_key" k WHERE k."userId" = ${owner}))`;

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

/** Passwords are hashed with a pepper too, and can only be hashed again when the user next signs in. */
export interface PasswordCount {
  readonly pepper: number;
  readonly count: number;
}

export async function countPasswords(database: Database): Promise<PasswordCount[]> {
  const { rows } = await database.query(
    `SELECT split_part("passwordHash", '$', 1) AS pepper, count(*) FROM "portolan"."user"
WHERE "passwordHash" IS NOT NULL GROUP BY 1 ORDER BY 1`,
  );
  return rows.map(([pepper, count]) => ({ pepper: Number(pepper), count: Number(count) }));
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

/** @returns all owners of keys, including the server itself if it has any */
export async function keyOwners(database: Database): Promise<string[]> {
  const { rows } = await database.query(
    'SELECT DISTINCT "userId"::text FROM "portolan"."user_key" ORDER BY 1',
  );
  return rows.map(([owner]) => owner!);
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
  const text = `DELETE FROM "portolan"."user_key" k WHERE EXISTS (
  SELECT FROM "portolan"."user_key" n WHERE n."userId" = k."userId" AND n."version" > k."version" AND n."createdAt" < now() - interval '1 hour')
AND NOT (${used})`;
  return (await database.query(text)).rowCount;
}
