// OAuth apps and their secrets, as the authorization server and the checks of tokens need them. Managing apps is for src/apps.

import type { RawRow, Session } from '../../base/database/database.ts';
import type { PrismaClient, Transaction } from '../prisma.ts';
import { notRevoked } from './revoked-tokens.ts';

/** SQL: the scopes of the app `a` of the owner `o` now. `admin` only counts while the owner has it. */
export const appScopesNow = `CASE WHEN o."role" = 'administrator' OR 'admin' = ANY (o."scopes") THEN a."scopes"
  ELSE array_remove(a."scopes", 'admin') END`;

/** @param app SQL of the id of an app @returns SQL of the id of its owner */
export const ownerOfApp = (app: string): string =>
  `(SELECT a."ownerId" FROM "portolan"."oauth_app" a WHERE a."id" = ${app})`;

export const findAppName = (prisma: PrismaClient, id: string) =>
  prisma.oauthApp.findUnique({ where: { id }, select: { id: true, name: true } });

/** Locks the app's row until the transaction ends. @returns whether there is one */
export async function lockApp(transaction: Transaction, id: string): Promise<boolean> {
  const rows = await transaction.$queryRaw<
    unknown[]
  >`SELECT 1 FROM "portolan"."oauth_app" WHERE "id" = ${id} FOR UPDATE`;
  return rows.length > 0;
}

/** @returns the app with its owner and developer; nothing if the app or its owner is disabled */
export async function findActiveApp<Row>(prisma: PrismaClient, id: string): Promise<Row | undefined> {
  const [row] = await prisma.$queryRaw<Row[]>`
SELECT a."id", a."kind"::text, a."name", a."description", a."homePage", a."ownerId",
  coalesce(a."redirectUris", '{}') AS "redirectUris", coalesce(a."scopes", '{}') AS "scopes",
  a."confidential", a."clientCredentials", a."logoType", a."createdAt", a."updatedAt",
  o."role"::text, coalesce(o."scopes", '{}') AS "ownerScopes", d."name" AS "developer"
FROM "portolan"."oauth_app" a JOIN "portolan"."user" o ON o."id" = a."ownerId"
  LEFT JOIN "portolan"."developer" d ON d."userId" = a."ownerId"
WHERE a."id" = ${id} AND a."disabledAt" IS NULL AND o."disabledAt" IS NULL`;
  return row;
}

/** @returns the secrets that are active now; none if the app or its owner is disabled */
export const findActiveSecrets = <Row>(prisma: PrismaClient, appId: string): Promise<Row[]> =>
  prisma.$queryRaw<Row[]>`
SELECT s."id", a."ownerId", s."sealed", s."recoverable"
FROM "portolan"."app_secret" s JOIN "portolan"."oauth_app" a ON a."id" = s."appId"
  JOIN "portolan"."user" o ON o."id" = a."ownerId"
WHERE s."appId" = ${appId} AND a."disabledAt" IS NULL AND o."disabledAt" IS NULL
  AND s."revokedAt" IS NULL AND (s."expiresAt" IS NULL OR s."expiresAt" > ${new Date()})`;

const appTokenText = `
SELECT a."name", o."id", o."role"::text, array_to_json(o."scopes"), array_to_json(a."scopes")
FROM "portolan"."oauth_app" a
  JOIN "portolan"."user" o ON o."id" = a."ownerId"
  JOIN "portolan"."app_secret" s ON s."appId" = a."id"
WHERE a."id" = $1 AND s."id"::text = $2 AND s."revokedAt" IS NULL AND a."clientCredentials"
  AND a."disabledAt" IS NULL AND o."disabledAt" IS NULL
  AND ${notRevoked('$3')}`;

/** What of a token of the client credentials grant decides whether it is still active. */
export interface AppToken {
  readonly id: string;
  readonly appId: string;
  readonly secretId: string;
}

/** @returns name of the app, id, role and scopes of its owner, scopes of the app; undefined if the token is not active */
export async function findAppToken(
  session: Session,
  { id, appId, secretId }: AppToken,
): Promise<RawRow | undefined> {
  const { rows } = await session.query(appTokenText, [appId, secretId, id], { name: 'auth_find_app_token' });
  return rows[0];
}
