// API keys created by apps: they stop working when the app loses the access that it created them with.

import type { Origin, Principal } from '../../base/principal.ts';

interface OriginColumns {
  readonly appId?: string | null;
  readonly grantId?: string | null;
  readonly familyId?: string | null;
}

/** @returns undefined for a key that no app created */
export function originOf({ appId, grantId, familyId }: OriginColumns): Origin | undefined {
  if (appId == null) return undefined;
  return { appId, grantId: grantId ?? undefined, familyId: familyId ?? undefined };
}

/**
 * The columns that record where a key comes from. A key created by an app ends with the app's access, even if it replaces a
 * user's own key; a key that replaces an app's key still belongs to the app.
 */
export function toOriginColumns(principal: Principal | undefined, replaced?: OriginColumns) {
  const origin = principal?.origin ?? (replaced && originOf(replaced));
  return {
    madeBy: principal?.kind ?? 'server',
    appId: origin?.appId ?? null,
    grantId: origin?.grantId ?? null,
    familyId: origin?.familyId ?? null,
  };
}

/** SQL: the scopes of the app `a` of the owner `o` now. `admin` only counts while the owner has it. */
export const appScopesNow = `CASE WHEN o."role" = 'administrator' OR 'admin' = ANY (o."scopes") THEN a."scopes"
  ELSE array_remove(a."scopes", 'admin') END`;

/**
 * SQL: whether the access that created the key `k` is still valid, by the rules for the app's tokens; `a` is the app, `o` its
 * owner, `g` the grant. A deleted grant is no longer valid; without a grant, the family is the secret that the app used for
 * the client credentials grant.
 */
export const originActive = `(k."appId" IS NULL OR (o."id" IS NOT NULL AND a."disabledAt" IS NULL AND o."disabledAt" IS NULL
  AND (k."grantId" IS NULL OR (g."revokedAt" IS NULL
    AND EXISTS (SELECT FROM "portolan"."user" w WHERE w."id" = g."userId" AND w."disabledAt" IS NULL)))
  AND (k."grantId" IS NOT NULL OR k."familyId" IS NULL OR (a."clientCredentials"
    AND EXISTS (SELECT FROM "portolan"."app_secret" s WHERE s."id"::text = k."familyId" AND s."revokedAt" IS NULL)))
  AND NOT EXISTS (SELECT FROM "portolan"."revoked_token" r WHERE r."jti" = k."familyId")))`;
