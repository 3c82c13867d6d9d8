// The table of the secrets that sign deliveries.

import type { Session } from '../../base/database/database.ts';

export interface StoredSecret {
  readonly id: string;
  readonly sealed: Buffer;
}

export async function addSecret(
  session: Session,
  webhookId: string,
  { id, sealed }: StoredSecret,
): Promise<void> {
  await session.query(
    `INSERT INTO "portolan"."webhook_secret" ("id", "webhookId", "sealed") VALUES ($1::uuid, $2::uuid, $3)`,
    [id, webhookId, sealed],
  );
}

/** Ends all secrets, at the latest in so many seconds. */
export async function expireSecrets(session: Session, webhookId: string, seconds: number): Promise<void> {
  await session.query(
    `UPDATE "portolan"."webhook_secret" SET "expiresAt" = least("expiresAt", now() + make_interval(secs => $2::float8))
WHERE "webhookId" = $1::uuid`,
    [webhookId, seconds],
  );
}

/** @returns the secrets that sign at present, the newest first */
export async function liveSecrets(session: Session, webhookId: string): Promise<StoredSecret[]> {
  const { rows } = await session.query(
    `SELECT "id"::text, encode("sealed", 'base64') FROM "portolan"."webhook_secret"
WHERE "webhookId" = $1::uuid AND ("expiresAt" IS NULL OR "expiresAt" > now()) ORDER BY "createdAt" DESC, "id" LIMIT 2`,
    [webhookId],
    { name: 'webhook_secrets' },
  );
  return rows.map(([id, sealed]) => ({ id: id!, sealed: Buffer.from(sealed!, 'base64') }));
}
