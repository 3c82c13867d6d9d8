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
      tokens.forget(({ claims }) => claims.familyId === familyId);
    },
    async clear() {
      await database.query(clearText, [iso(Date.now())]);
    },
  };
}

const iso = (at: number): string => new Date(at).toISOString();
