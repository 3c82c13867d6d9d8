// Tokens revoked before they expire: single tokens by their `jti`, and families, which are all tokens issued from one code.

import type { AccessTokens } from '../auth/tokens/access-tokens.ts';
import type { TokenClaims } from '../auth/tokens/claims.ts';
import type { Database } from '../base/database/database.ts';
import { revokedFamilyMs } from './settings.ts';

export interface Revocations {
  revokeToken(claims: TokenClaims): Promise<void>;
  /** Revokes access tokens, refresh tokens and API keys of the family, and tokens that an instance is issuing right now. */
  revokeFamily(familyId: string): Promise<void>;
  /** Deletes records of revocations whose tokens have all expired. */
  clear(): Promise<void>;
}

const addText = `
INSERT INTO "portolan"."revoked_token" ("jti", "expiresAt") VALUES ($1, $2) ON CONFLICT ("jti") DO NOTHING`;

/** API keys made with a token may outlive the record of its family's revocation, so they are revoked themselves. */
const revokeKeysText = `
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
      await database.query(revokeKeysText, [familyId]);
      tokens.forget(({ claims }) => claims.familyId === familyId);
    },
    async clear() {
      await database.query(revokeKeysText, [null]);
      await database.query(clearText, [iso(Date.now())]);
    },
  };
}

const iso = (at: number): string => new Date(at).toISOString();
