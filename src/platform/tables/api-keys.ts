// API keys, as requests and the authorization server need them. Managing keys is for src/auth/keys.

import type { RawRow, Session } from '../../base/database/database.ts';
import type { PrismaClient } from '../prisma.ts';
import { appScopesNow } from './oauth-apps.ts';
import { notRevoked } from './revoked-tokens.ts';

/**
 * SQL: whether the access that created the key `k` is still valid, by the rules for the app's tokens; `a` is the app, `o` its
 * owner, `g` the grant. A deleted grant is no longer valid; without a grant, the family is the secret that the app used for
 * the client credentials grant.
 */
const originActive = `(k."appId" IS NULL OR (o."id" IS NOT NULL AND a."disabledAt" IS NULL AND o."disabledAt" IS NULL
  AND (k."grantId" IS NULL OR (g."revokedAt" IS NULL
    AND EXISTS (SELECT FROM "portolan"."user" w WHERE w."id" = g."userId" AND w."disabledAt" IS NULL)))
  AND (k."grantId" IS NOT NULL OR k."familyId" IS NULL OR (a."clientCredentials"
    AND EXISTS (SELECT FROM "portolan"."app_secret" s WHERE s."id"::text = k."familyId" AND s."revokedAt" IS NULL)))
  AND ${notRevoked('k."familyId"')}))`;

// Not through Prisma, for speed: every key in use is read twice a second.
const findText = `
SELECT k."userId", k."name", array_to_json(k."scopes"), u."role"::text, array_to_json(u."scopes"), encode(k."sealed", 'base64'),
  extract(epoch FROM k."expiresAt") * 1000, (k."revokedAt" IS NULL AND u."disabledAt" IS NULL AND ${originActive})::text,
  k."appId", k."grantId", k."familyId", array_to_json(${appScopesNow}), array_to_json(g."scopes")
FROM "portolan"."api_key" k JOIN "portolan"."user" u ON u."id" = k."userId"
  LEFT JOIN "portolan"."oauth_app" a ON a."id" = k."appId" LEFT JOIN "portolan"."user" o ON o."id" = a."ownerId"
  LEFT JOIN "portolan"."app_grant" g ON g."id" = k."grantId"
WHERE k."id" = $1`;

/**
 * @returns user id, name, scopes, role and scopes of the user, the sealed hash in base64, expiry in milliseconds, whether the
 * key, its user and the access that created it are all active; app, grant and family that created it, and their scopes
 */
export async function findKeyWithOwner(session: Session, id: string): Promise<RawRow | undefined> {
  const { rows } = await session.query(findText, [id], { name: 'auth_find_key' });
  return rows[0];
}

// A session or token may end meanwhile; what counts is the user, and for an app the access that it was given.
const userText = `
SELECT u."role"::text, array_to_json(u."scopes"), array_to_json(${appScopesNow}), array_to_json(g."scopes")
FROM (SELECT $2::text AS "appId", $3::text AS "grantId", $4::text AS "familyId") k
  JOIN "portolan"."user" u ON u."id" = $1::uuid AND u."disabledAt" IS NULL
  LEFT JOIN "portolan"."oauth_app" a ON a."id" = k."appId" LEFT JOIN "portolan"."user" o ON o."id" = a."ownerId"
  LEFT JOIN "portolan"."app_grant" g ON g."id" = k."grantId"
WHERE ${originActive}`;

/**
 * @returns role and scopes of a user, and the scopes of the app and of its grant if it acts through one; undefined when the
 *   user was disabled, or the app lost its access
 */
export async function findRightsOf(
  session: Session,
  userId: string,
  origin: { readonly appId?: string; readonly grantId?: string; readonly familyId?: string },
): Promise<RawRow | undefined> {
  const from = [origin.appId ?? null, origin.grantId ?? null, origin.familyId ?? null];
  return (await session.query(userText, [userId, ...from])).rows[0];
}

/** API keys made with a token may outlive the record of its family's revocation, so they are revoked themselves. */
const revokeText = `
UPDATE "portolan"."api_key" k SET "revokedAt" = now() FROM "portolan"."revoked_token" r
WHERE r."jti" = k."familyId" AND k."revokedAt" IS NULL AND ($1::text IS NULL OR r."jti" = $1)`;

/** Revokes the keys made with tokens of a revoked family. @param familyId undefined: of every revoked family */
export async function revokeKeysOfFamilies(session: Session, familyId?: string): Promise<void> {
  await session.query(revokeText, [familyId ?? null]);
}

/** Revokes the keys made by an app, or through grants. To be part of a transaction. */
export const revokeKeysMadeBy = (
  prisma: PrismaClient,
  by: { readonly appId: string } | { readonly grantIds: readonly string[] },
) =>
  prisma.apiKey.updateMany({
    where: { revokedAt: null, ...('appId' in by ? by : { grantId: { in: [...by.grantIds] } }) },
    data: { revokedAt: new Date() },
  });
