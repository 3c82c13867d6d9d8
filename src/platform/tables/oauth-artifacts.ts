// Codes, refresh tokens and interactions of the authorization server. Their ids are hashes of what was handed out.

import type { Session } from '../../base/database/database.ts';
import type { PrismaClient } from '../prisma.ts';
import { notRevoked } from './revoked-tokens.ts';

export interface ArtifactRow {
  readonly kind: string;
  readonly id: string;
  readonly payload: Readonly<Record<string, unknown>>;
  readonly grantId?: string;
  readonly familyId?: string;
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
}

export interface FoundArtifact {
  readonly payload: Readonly<Record<string, unknown>>;
  /** Milliseconds since 1970. */
  readonly consumedAt?: number;
}

const saveText = `
INSERT INTO "portolan"."oauth_artifact" ("kind", "id", "payload", "grantId", "uid", "expiresAt", "createdAt")
VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT ("kind", "id") DO UPDATE SET "payload" = EXCLUDED."payload", "expiresAt" = EXCLUDED."expiresAt"`;

const findText = `
SELECT a."payload"::text, extract(epoch FROM a."consumedAt") * 1000
FROM "portolan"."oauth_artifact" a
WHERE a."kind" = $1 AND a."id" = $2
  AND ${notRevoked('a."uid"')}`;

const consumeText = `
UPDATE "portolan"."oauth_artifact" SET "consumedAt" = $3 WHERE "kind" = $1 AND "id" = $2 AND "consumedAt" IS NULL`;

const removeText = `DELETE FROM "portolan"."oauth_artifact" WHERE "kind" = $1 AND "id" = $2`;
const clearText = `DELETE FROM "portolan"."oauth_artifact" WHERE "expiresAt" <= $1`;

/** Stores an artifact, or replaces payload and expiry of the one with its id. */
export async function saveArtifact(session: Session, row: ArtifactRow): Promise<void> {
  const { kind, id, payload, grantId = null, familyId = null, expiresAt } = row;
  const values = [kind, id, JSON.stringify(payload), grantId, familyId, iso(expiresAt), iso(Date.now())];
  await session.query(saveText, values, { name: 'oauth_save' });
}

/** @returns undefined also when its family was revoked */
export async function findArtifact(
  session: Session,
  kind: string,
  id: string,
): Promise<FoundArtifact | undefined> {
  const { rows } = await session.query(findText, [kind, id], { name: 'oauth_find' });
  const [payload, consumedAt] = rows[0] ?? [];
  if (payload == null) return undefined;
  return { payload: JSON.parse(payload), consumedAt: consumedAt == null ? undefined : Number(consumedAt) };
}

/** Of several concurrent calls, on any instance, one succeeds. @returns whether this one did */
export async function consumeArtifact(session: Session, kind: string, id: string): Promise<boolean> {
  const values = [kind, id, iso(Date.now())];
  return (await session.query(consumeText, values, { name: 'oauth_consume' })).rowCount > 0;
}

export async function removeArtifact(session: Session, kind: string, id: string): Promise<void> {
  await session.query(removeText, [kind, id], { name: 'oauth_remove' });
}

export async function clearArtifacts(session: Session): Promise<void> {
  await session.query(clearText, [iso(Date.now())]);
}

/** Deletes the codes and refresh tokens of grants, since nothing needs them any more. To be part of a transaction. */
export const removeArtifactsOfGrants = (prisma: PrismaClient, ids: string[]) =>
  prisma.oauthArtifact.deleteMany({
    where: { OR: [{ grantId: { in: ids } }, { kind: 'Grant', id: { in: ids } }] },
  });

/** Deletes the codes and refresh tokens of an app: they are no rows of its own. To be part of a transaction. */
export const removeArtifactsOfApp = (prisma: PrismaClient, appId: string) =>
  prisma.$executeRaw`DELETE FROM "portolan"."oauth_artifact" WHERE "grantId" IN (SELECT "id" FROM "portolan"."app_grant" WHERE "appId" = ${appId})`;

const iso = (at: number): string => new Date(at).toISOString();
