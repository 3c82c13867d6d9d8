// What the authorization server stores between requests: codes, refresh tokens, interactions. Only the SHA-256 of their
// values is stored, so that nobody can redeem them by reading the database.

import { hash } from 'node:crypto';
import type { Database } from '../base/database/database.ts';

interface Artifact {
  readonly kind: string;
  /** The value handed out to the client. */
  readonly value: string;
  readonly payload: Readonly<Record<string, unknown>>;
  readonly grantId?: string;
  readonly familyId?: string;
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
}

interface FoundArtifact {
  readonly payload: Readonly<Record<string, unknown>>;
  /** Milliseconds since 1970. */
  readonly consumedAt?: number;
}

export interface Artifacts {
  save(artifact: Artifact): Promise<void>;
  /** @returns undefined also when its family was revoked */
  find(kind: string, value: string): Promise<FoundArtifact | undefined>;
  /** Of several concurrent calls, on any instance, one succeeds. @returns whether this one did */
  consume(kind: string, value: string): Promise<boolean>;
  remove(kind: string, value: string): Promise<void>;
  /** Deletes expired artifacts. */
  clear(): Promise<void>;
}

const saveText = `
INSERT INTO "portolan"."oauth_artifact" ("kind", "id", "payload", "grantId", "uid", "expiresAt", "createdAt")
VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT ("kind", "id") DO UPDATE SET "payload" = EXCLUDED."payload", "expiresAt" = EXCLUDED."expiresAt"`;

const findText = `
SELECT a."payload"::text, extract(epoch FROM a."consumedAt") * 1000
FROM "portolan"."oauth_artifact" a
WHERE a."kind" = $1 AND a."id" = $2
  AND NOT EXISTS (SELECT FROM "portolan"."revoked_token" r WHERE r."jti" = a."uid")`;

const consumeText = `
UPDATE "portolan"."oauth_artifact" SET "consumedAt" = $3 WHERE "kind" = $1 AND "id" = $2 AND "consumedAt" IS NULL`;

const removeText = `DELETE FROM "portolan"."oauth_artifact" WHERE "kind" = $1 AND "id" = $2`;
const clearText = `DELETE FROM "portolan"."oauth_artifact" WHERE "expiresAt" <= $1`;

export const createArtifacts = (database: Database): Artifacts => ({
  async save({ kind, value, payload, grantId = null, familyId = null, expiresAt }) {
    const row = [kind, idOf(value), JSON.stringify(payload), grantId, familyId];
    await database.query(saveText, [...row, iso(expiresAt), iso(Date.now())], { name: 'oauth_save' });
  },
  async find(kind, value) {
    const { rows } = await database.query(findText, [kind, idOf(value)], { name: 'oauth_find' });
    const [payload, consumedAt] = rows[0] ?? [];
    if (payload == null) return undefined;
    return { payload: JSON.parse(payload), consumedAt: consumedAt == null ? undefined : Number(consumedAt) };
  },
  async consume(kind, value) {
    const values = [kind, idOf(value), iso(Date.now())];
    return (await database.query(consumeText, values, { name: 'oauth_consume' })).rowCount > 0;
  },
  async remove(kind, value) {
    await database.query(removeText, [kind, idOf(value)], { name: 'oauth_remove' });
  },
  async clear() {
    await database.query(clearText, [iso(Date.now())]);
  },
});

const idOf = (value: string): string => hash('sha256', value, 'base64url');
const iso = (at: number): string => new Date(at).toISOString();
