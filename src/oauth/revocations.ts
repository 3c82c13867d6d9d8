// Tokens revoked before they expire: single tokens by their `jti`, and families, which are all tokens issued from one code.

import type { AccessTokens } from '../auth/tokens/access-tokens.ts';
import type { TokenClaims } from '../auth/tokens/claims.ts';
import type { Database } from '../base/database/database.ts';
import { revokeKeysOfFamilies } from '../platform/tables/api-keys.ts';
import { clearRevokedTokens, revokeTokens } from '../platform/tables/revoked-tokens.ts';
import { revokedFamilyMs } from './settings.ts';

export interface Revocations {
  revokeToken(claims: TokenClaims): Promise<void>;
  /** Revokes access tokens, refresh tokens and API keys of the family, and tokens that an instance is issuing right now. */
  revokeFamily(familyId: string): Promise<void>;
  /** Deletes records of revocations whose tokens have all expired. */
  clear(): Promise<void>;
}

export const createRevocations = (database: Database, tokens: AccessTokens): Revocations => ({
  async revokeToken({ id, expiresAt }) {
    await revokeTokens(database, id, expiresAt);
    tokens.forget(({ claims }) => claims.id === id);
  },
  async revokeFamily(familyId) {
    await revokeTokens(database, familyId, Date.now() + revokedFamilyMs);
    await revokeKeysOfFamilies(database, familyId);
    tokens.forget(({ claims }) => claims.familyId === familyId);
  },
  async clear() {
    await revokeKeysOfFamilies(database);
    await clearRevokedTokens(database);
  },
});
