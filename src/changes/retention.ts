// Deletes expired entries of the log in small batches, oldest first.

import type { Database, Session } from '../base/database/database.ts';
import { fault } from '../base/errors.ts';

export const batchRows = 5_000;
const clearedSetting = 'change-log-cleared';

/** Deletes one batch of changes older than `days`. @returns whether there may be more */
export const clearChanges = async (database: Database, days: number): Promise<boolean> =>
  (await clearBatch(database, days)) === batchRows;

/**
 * Keeps the last position of each record, so that none is assigned twice, and the last deleted id, for `checkKept`.
 * @returns how many changes were deleted; a full batch means that there may be more
 */
export async function clearBatch(database: Database, days: number): Promise<number> {
  const { rows } = await database.query(
    `WITH oldest AS (SELECT id, at FROM portolan.change ORDER BY id LIMIT $2::bigint),
cleared AS (
  DELETE FROM portolan.change WHERE id IN (SELECT id FROM oldest WHERE at < now() - make_interval(days => $1::int))
  RETURNING id, entity, key, position
), floors AS (
  INSERT INTO portolan.change_floor AS f (entity, key, position)
  SELECT entity, key, max(position) FROM cleared GROUP BY 1, 2 ORDER BY 1, 2
  ON CONFLICT (entity, key) DO UPDATE SET position = greatest(f.position, excluded.position)
), noted AS (
  INSERT INTO portolan.setting AS s (name, value, "updatedAt")
  SELECT $3, to_jsonb(max(id)), now() FROM cleared HAVING count(*) > 0
  ON CONFLICT (name) DO UPDATE SET value = greatest(s.value, excluded.value), "updatedAt" = now()
)
SELECT count(*) FROM cleared`,
    [days, batchRows, clearedSetting],
  );
  return Number(rows[0]![0]);
}

/** @param after an id that a reader continues from @throws INVALID_VALUE if later changes are deleted already */
export async function checkKept(session: Session, after: bigint): Promise<void> {
  const { rows } = await session.query('SELECT value FROM portolan.setting WHERE name = $1', [
    clearedSetting,
  ]);
  const cleared = rows[0]?.[0];
  if (cleared == null || after >= BigInt(cleared)) return;
  throw fault('INVALID_VALUE', 'The changes after this position are no longer kept.', {
    hint: 'Read the records again, then continue without "after".',
    target: 'after',
  });
}
