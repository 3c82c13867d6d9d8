// Up to which change of each entity a webhook has its deliveries.

import type { Database, Session } from '../../base/database/database.ts';

interface Position {
  readonly entity: string;
  readonly changeId: bigint;
}

/** @returns undefined for an entity that the webhook has no events of */
export async function findPosition(
  session: Session,
  webhookId: string,
  entity: string,
): Promise<bigint | undefined> {
  const { rows } = await session.query(
    `SELECT "changeId" FROM "portolan"."webhook_position" WHERE "webhookId" = $1::uuid AND "entity" = $2`,
    [webhookId, entity],
    { name: 'webhook_position' },
  );
  return rows[0] && BigInt(rows[0][0]!);
}

/** Positions that are known already stay as they are. */
export async function addPositions(
  session: Session,
  webhookId: string,
  entities: readonly string[],
  changeId: bigint,
): Promise<void> {
  await session.query(
    `INSERT INTO "portolan"."webhook_position" ("webhookId", "entity", "changeId")
SELECT $1::uuid, e, $3::bigint FROM unnest($2::text[]) e ON CONFLICT DO NOTHING`,
    [webhookId, [...entities], changeId],
  );
}

/** Forgets the positions of all other entities: events of them begin anew when they are subscribed to again. */
export async function keepPositions(
  session: Session,
  webhookId: string,
  entities: readonly string[],
): Promise<void> {
  await session.query(
    `DELETE FROM "portolan"."webhook_position" WHERE "webhookId" = $1::uuid AND "entity" <> ALL ($2::text[])`,
    [webhookId, [...entities]],
  );
}

/** @returns whether the position was `from`: another instance may have moved it */
export async function movePosition(
  session: Session,
  webhookId: string,
  { entity, changeId: from }: Position,
  to: bigint,
): Promise<boolean> {
  const { rowCount } = await session.query(
    `UPDATE "portolan"."webhook_position" SET "changeId" = $4::bigint
WHERE "webhookId" = $1::uuid AND "entity" = $2 AND "changeId" = $3::bigint`,
    [webhookId, entity, from, to],
    { name: 'webhook_move' },
  );
  return rowCount === 1;
}

/** @returns the id of the last change that was logged, committed or not */
export async function lastChangeId(database: Database): Promise<bigint> {
  const { rows } = await database.query(`SELECT coalesce(max("id"), 0) FROM "portolan"."change"`);
  return BigInt(rows[0]![0]!);
}
