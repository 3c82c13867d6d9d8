// The scopes that users granted to apps. Control of an app, or of its owner's account, includes these too.

import type { PrismaClient } from '../../platform/prisma.ts';

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
