// Clears away what the log has kept long enough, in small batches, oldest first.

import type { Database, Session } from '../base/database/database.ts';
import { fault } from '../base/errors.ts';
import type { Logger } from '../base/log.ts';
import { type Clearing, clearRegularly } from '../base/memory/clear-regularly.ts';

export const batchRows = 5_000;
const clearedSetting = 'change-log-cleared';

/** @param days 0 for never */
export const startRetention = (database: Database, days: number, log: Logger): Clearing | undefined =>
  days === 0
    ? undefined
    : clearRegularly({
        what: 'the change log',
        clear: async () => (await clearBatch(database, days)) === batchRows,
        log,
      });

/**
 * The last position of each record is kept, so that none is given twice. What is kept of the last id tells readers that
 * come back too late.
 * @returns how many changes were cleared; a full batch means that there may be more
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

/** @param after an id that a reader goes on from @throws INVALID_VALUE when changes that came later are cleared away */
export async function checkKept(session: Session, after: bigint): Promise<void> {
  const { rows } = await session.query('SELECT value FROM portolan.setting WHERE name = $1', [
    clearedSetting,
  ]);
  const cleared = rows[0]?.[0];
  if (cleared == null || after >= BigInt(cleared)) return;
  throw fault('INVALID_VALUE', 'What was changed after this position is no longer kept.', {
    hint: 'Read the rows themselves, and go on without "after".',
    target: 'after',
  });
}
