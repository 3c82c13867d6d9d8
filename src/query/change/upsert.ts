// Writes a batch of rows with one set-based statement.

import type { QueryOptions, Session } from '../../base/database/database.ts';
import { fault } from '../../base/errors.ts';
import type { Entity } from '../../catalog/catalog.ts';
import type { ChangeCounts, EntityUpsert } from '../ask/entity-change.ts';
import { changeStatement, upsertValues } from './sql/batch.ts';
import { neededDefaults } from './sql/column-defaults.ts';
import { lockOrder } from './sql/lock-order.ts';

/**
 * Writes one batch of rows, all or none. Omitted columns keep their default or old value, `updatedAt` columns are set to
 * the current time, and key columns are never updated. The caller checks permission first: `changeAccess`.
 * @returns how many rows were inserted and updated; in mode `update`, rows that do not exist count as neither
 * @throws the database's own error for rows that it rejects (`explainRefusal` says which), CONFLICT for rows that exist
 *   outside the entity's row filter
 */
export async function runUpsert(
  session: Session,
  entity: Entity,
  change: EntityUpsert,
  options: Pick<QueryOptions, 'signal'> = {},
): Promise<ChangeCounts> {
  if (change.rows.length === 0) return { inserted: 0, updated: 0 };
  const defaults = await neededDefaults(session, entity, change);
  const ordered = { ...change, order: lockOrder(change) };
  const text = changeStatement(entity, ordered, defaults);
  const values = upsertValues(ordered);
  // Without a name: a cached plan would be one for the table as it was before the first batches.
  const { rows } = await session.query(text, values, options);
  return toCounts(entity, change, rows[0]!.map(Number));
}

function toCounts(entity: Entity, change: EntityUpsert, [inserted = 0, updated = 0]: number[]): ChangeCounts {
  if (change.mode !== undefined && change.mode !== 'upsert') return { inserted, updated };
  const untouched = change.rows.length - inserted - updated;
  if (untouched > 0 && entity.rowFilter) {
    throw fault(
      'CONFLICT',
      `A row of ${entity.set} with this ${change.match.join(', ')} exists, but this API does not expose it.`,
    );
  }
  // Rows that set only their key are left unchanged, and count as updated.
  return { inserted, updated: updated + untouched };
}
