// What users allowed apps to do, as the authorization server and the checks of tokens need it. Managing grants is for src/apps.

import type { RawRow, Session } from '../../base/database/database.ts';
import type { PrismaClient, Transaction } from '../prisma.ts';
import { appScopesNow } from './oauth-apps.ts';
import { notRevoked } from './revoked-tokens.ts';

export interface StoredGrant {
  readonly id: string;
  readonly userId: string;
  readonly appId: string;
  readonly scopes: readonly string[];
  /** The redirect URIs that the user has agreed to. */
  readonly redirectUris: readonly string[];
  /** Milliseconds since 1970. */
  readonly createdAt: number;
}

const columns = `"id", "userId", "appId", array_to_json("scopes"), array_to_json("redirectUris"),
  extract(epoch FROM "createdAt") * 1000`;
const findText = `SELECT ${columns} FROM "portolan"."app_grant" WHERE "id" = $1 AND "revokedAt" IS NULL`;

const findForText = `
SELECT ${columns} FROM "portolan"."app_grant" WHERE "userId" = $1::uuid AND "appId" = $2 AND "revokedAt" IS NULL
ORDER BY "createdAt", "id" LIMIT 1`;

/** @returns undefined also for a revoked grant */
export async function findGrant(session: Session, id: string): Promise<StoredGrant | undefined> {
  const { rows } = await session.query(findText, [id], { name: 'oauth_find_grant' });
  return rows[0] && toGrant(rows[0]);
}

/** @returns what a user allows an app; the oldest grant, if there are several */
export async function findGrantFor(
  session: Session,
  userId: string,
  appId: string,
): Promise<StoredGrant | undefined> {
  const { rows } = await session.query(findForText, [userId, appId], { name: 'oauth_find_grant_for' });
  return rows[0] && toGrant(rows[0]);
}

const toGrant = ([id, userId, appId, scopes, redirectUris, createdAt]: RawRow): StoredGrant => ({
  id: id!,
  userId: userId!,
  appId: appId!,
  scopes: JSON.parse(scopes!),
  redirectUris: JSON.parse(redirectUris ?? '[]'),
  createdAt: Number(createdAt),
});

/** Users who agreed to be sent to the former redirect URIs of an app are asked again. */
export async function forgetRedirectUris(transaction: Transaction, appId: string): Promise<void> {
  await transaction.$executeRaw`UPDATE "portolan"."app_grant" SET "redirectUris" = '{}' WHERE "appId" = ${appId}`;
}

/** @returns the scopes of all active grants of one app, or of all apps of one owner */
export async function grantedScopes(
  prisma: PrismaClient,
  { appId, ownerId }: { readonly appId?: string; readonly ownerId?: string },
): Promise<string[]> {
  const rows = await prisma.$queryRaw<{ scope: string }[]>`
SELECT DISTINCT unnest(g."scopes") AS "scope"
FROM "portolan"."app_grant" g JOIN "portolan"."oauth_app" a ON a."id" = g."appId"
WHERE g."revokedAt" IS NULL AND (a."id" = ${appId ?? null} OR a."ownerId" = ${ownerId ?? null}::uuid)`;
  return rows.map(({ scope }) => scope);
}

// Disabling a developer disables their apps too, because no one else is responsible for them.
const userTokenText = `
SELECT a."name", u."id", u."role"::text, array_to_json(u."scopes"), array_to_json(${appScopesNow}), array_to_json(g."scopes")
FROM "portolan"."app_grant" g
  JOIN "portolan"."user" u ON u."id" = g."userId"
  JOIN "portolan"."oauth_app" a ON a."id" = g."appId"
  JOIN "portolan"."user" o ON o."id" = a."ownerId"
WHERE g."id" = $1 AND g."userId"::text = $2 AND g."appId" = $3 AND g."revokedAt" IS NULL
  AND u."disabledAt" IS NULL AND a."disabledAt" IS NULL AND o."disabledAt" IS NULL
  AND ${notRevoked('$4', '$5')}`;

/** What of a token decides whether it is still active. */
export interface UserToken {
  readonly id: string;
  readonly grantId: string;
  readonly userId: string;
  readonly appId: string;
  readonly familyId: string;
}

/** @returns name of the app, id, role and scopes of the user, scopes of the app and of the grant; undefined if the token is not active */
export async function findUserToken(session: Session, token: UserToken): Promise<RawRow | undefined> {
  const { id, grantId, userId, appId, familyId } = token;
  const values = [grantId, userId, appId, id, familyId];
  return (await session.query(userTokenText, values, { name: 'auth_find_user_token' })).rows[0];
}
