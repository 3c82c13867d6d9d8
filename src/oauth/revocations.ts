// Tokens that died before their end: single ones by their `jti`, and families, which are all that goes back to one code.

import type { AccessTokens } from '../auth/tokens/access-tokens.ts';
import type { TokenClaims } from '../auth/tokens/claims.ts';
import type { Database } from '../base/database/database.ts';
import { revokedFamilyMs } from './settings.ts';

export interface Revocations {
  revokeToken(claims: TokenClaims): Promise<void>;
  /** Access tokens, refresh tokens, and what an instance is about to issue in this very moment. */
  revokeFamily(familyId: string): Promise<void>;
  /** Deletes what no token needs any more. */
  clear(): Promise<void>;
}

const addText = `
INSERT INTO "portolan"."revoked_token" ("jti", "expiresAt") VALUES ($1, $2) ON CONFLICT ("jti") DO NOTHING`;

/** A family stays revoked longer than any token lives, and the keys that were made with one may live longer still. */
const endKeysText = `
UPDATE "portolan"."api_key" k SET "revokedAt" = now() FROM "portolan"."revoked_token" r
WHERE r."jti" = k."familyId" AND k."revokedAt" IS NULL AND ($1::text IS NULL OR r."jti" = $1)`;

const clearText = `DELETE FROM "portolan"."revoked_token" WHERE "expiresAt" <= $1`;

export function createRevocations(database: Database, tokens: AccessTokens): Revocations {
  const add = async (id: string, expiresAt: number) => {
    await database.query(addText, [id, iso(expiresAt)], { name: 'oauth_revoke' });
  };
  return {
    async revokeToken({ id, expiresAt }) {
      await add(id, expiresAt);
      tokens.forget(({ claims }) => claims.id === id);
    },
    async revokeFamily(familyId) {
      await add(familyId, Date.now() + revokedFamilyMs);
      await database.query(endKeysText, [familyId]);
      tokens.forget(({ claims }) => claims.familyId === familyId);
    },
    async clear() {
      await database.query(endKeysText, [null]);
      await database.query(clearText, [iso(Date.now())]);
    },
  };
}

const iso = (at: number): string => new Date(at).toISOString();
