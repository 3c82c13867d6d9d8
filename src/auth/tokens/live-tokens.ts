// Whether one of the server's own tokens is still active, and its current scopes: one indexed read.

import type { Database, RawRow } from '../../base/database/database.ts';
import type { Principal } from '../../base/principal.ts';
import { appScopesNow } from '../keys/origin.ts';
import { ownedScopes, type Role } from '../scopes/roles.ts';
import { effectiveScopes } from '../scopes/scopes.ts';
import type { TokenClaims } from './claims.ts';

export interface LiveTokensDeps {
  readonly database: Database;
  readonly knownScopes: readonly string[];
}

/** @returns undefined when the token or its family was revoked, or its grant, app, secret or user is deleted or disabled */
export type LookUpToken = (claims: TokenClaims) => Promise<Principal | undefined>;

// Disabling a developer disables their apps too, because no one else is responsible for them.
const ofUserText = `
SELECT a."name", u."id", u."role"::text, array_to_json(u."scopes"), array_to_json(${appScopesNow}), array_to_json(g."scopes")
FROM "portolan"."app_grant" g
  JOIN "portolan"."user" u ON u."id" = g."userId"
  JOIN "portolan"."oauth_app" a ON a."id" = g."appId"
  JOIN "portolan"."user" o ON o."id" = a."ownerId"
WHERE g."id" = $1 AND g."userId"::text = $2 AND g."appId" = $3 AND g."revokedAt" IS NULL
  AND u."disabledAt" IS NULL AND a."disabledAt" IS NULL AND o."disabledAt" IS NULL
  AND NOT EXISTS (SELECT FROM "portolan"."revoked_token" r WHERE r."jti" IN ($4, $5))`;

const ofAppText = `
SELECT a."name", o."id", o."role"::text, array_to_json(o."scopes"), array_to_json(a."scopes")
FROM "portolan"."oauth_app" a
  JOIN "portolan"."user" o ON o."id" = a."ownerId"
  JOIN "portolan"."app_secret" s ON s."appId" = a."id"
WHERE a."id" = $1 AND s."id"::text = $2 AND s."revokedAt" IS NULL AND a."clientCredentials"
  AND a."disabledAt" IS NULL AND o."disabledAt" IS NULL
  AND NOT EXISTS (SELECT FROM "portolan"."revoked_token" r WHERE r."jti" = $3)`;

export function createLiveTokens({ database, knownScopes }: LiveTokensDeps): LookUpToken {
  return async claims => {
    const row = await find(database, claims);
    return row && toPrincipal(claims, row, knownScopes);
  };
}

async function find(database: Database, claims: TokenClaims): Promise<RawRow | undefined> {
  const { id, clientId, subject, grantId, familyId = '' } = claims;
  const { rows } =
    grantId === undefined
      ? await database.query(ofAppText, [clientId, familyId, id], { name: 'auth_find_app_token' })
      : await database.query(ofUserText, [grantId, subject, clientId, id, familyId], {
          name: 'auth_find_user_token',
        });
  return rows[0];
}

function toPrincipal(claims: TokenClaims, row: RawRow, knownScopes: readonly string[]): Principal {
  const [name, userId, role, ownScopes, appScopes, grantScopes] = row;
  const owned = ownedScopes({ role: (role ?? null) as Role | null, scopes: parse(ownScopes) }, knownScopes);
  const granted = grantScopes == null ? claims.scopes : effectiveScopes(claims.scopes, parse(grantScopes));
  const scopes = effectiveScopes(effectiveScopes(granted, parse(appScopes)), owned);
  return Object.freeze({
    kind: 'token',
    id: claims.id,
    userId: userId!,
    appId: claims.clientId,
    origin: { appId: claims.clientId, grantId: claims.grantId, familyId: claims.familyId },
    name: name!,
    scopes: new Set(scopes),
    scopeKey: scopes.join(' '),
    expiresAt: claims.expiresAt,
  });
}

const parse = (scopes: string | null | undefined): string[] => JSON.parse(scopes ?? '[]');
