// Keys that apps make: whatever an app was given ends with the access that it was given, and so does what it makes of it.

import type { Origin, Principal } from '../../base/principal.ts';

interface OriginColumns {
  readonly appId?: string | null;
  readonly grantId?: string | null;
  readonly familyId?: string | null;
}

/** @returns undefined for a key that no app made */
export function originOf({ appId, grantId, familyId }: OriginColumns): Origin | undefined {
  if (appId == null) return undefined;
  return { appId, grantId: grantId ?? undefined, familyId: familyId ?? undefined };
}

/**
 * What is stored of where a key comes from. Whoever is shown the new key decides: what an app makes ends with the app's
 * access, also where it takes the place of a key of a person; what takes the place of an app's key stays the app's.
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

/** SQL: what the app `a` of the owner `o` may do now: who was an administrator when it was made may be none today. */
export const appScopesNow = `CASE WHEN o."role" = 'administrator' OR 'admin' = ANY (o."scopes") THEN a."scopes"
  ELSE array_remove(a."scopes", 'admin') END`;

/**
 * SQL: whether what the key `k` was made with is still good, by the rules of the app's tokens, where `a` is the app, `o` its
 * owner, and `g` the grant. A grant that is gone has ended; where there is none, the family is the secret with which the app acts for itself.
 */
export const originAlive = `(k."appId" IS NULL OR (o."id" IS NOT NULL AND a."disabledAt" IS NULL AND o."disabledAt" IS NULL
  AND (k."grantId" IS NULL OR (g."revokedAt" IS NULL
    AND EXISTS (SELECT FROM "portolan"."user" w WHERE w."id" = g."userId" AND w."disabledAt" IS NULL)))
  AND (k."grantId" IS NOT NULL OR k."familyId" IS NULL OR (a."clientCredentials"
    AND EXISTS (SELECT FROM "portolan"."app_secret" s WHERE s."id"::text = k."familyId" AND s."revokedAt" IS NULL)))
  AND NOT EXISTS (SELECT FROM "portolan"."revoked_token" r WHERE r."jti" = k."familyId")))`;
