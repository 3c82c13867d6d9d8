// Tokens revoked before they expire: single tokens by their `jti`, and families, which are all tokens issued from one code.

import type { Session } from '../../base/database/database.ts';

/** @param columns SQL of ids of tokens and families @returns SQL that is true if none of them is revoked */
export const notRevoked = (...columns: readonly string[]): string => {
  const matches = columns.length === 1 ? `= ${columns[0]}` : `IN (${columns.join(', ')})`;
  return `NOT EXISTS (SELECT FROM "portolan"."revoked_token" r WHERE r."jti" ${matches})`;
};

const addText = `
INSERT INTO "portolan"."revoked_token" ("jti", "expiresAt") VALUES ($1, $2) ON CONFLICT ("jti") DO NOTHING`;

const clearText = `DELETE FROM "portolan"."revoked_token" WHERE "expiresAt" <= $1`;

/** @param id of a token or a family @param expiresAt when nothing of it can be valid any more, in milliseconds since 1970 */
export async function revokeTokens(session: Session, id: string, expiresAt: number): Promise<void> {
  await session.query(addText, [id, new Date(expiresAt).toISOString()], { name: 'oauth_revoke' });
}

/** Deletes records of revocations whose tokens have all expired. */
export async function clearRevokedTokens(session: Session): Promise<void> {
  await session.query(clearText, [new Date(Date.now()).toISOString()]);
}
