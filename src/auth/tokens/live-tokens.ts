// Whether one of the server's own tokens is still active, and its current scopes: one indexed read.

import type { Database, RawRow } from '../../base/database/database.ts';
import type { Principal } from '../../base/principal.ts';
import { findUserToken } from '../../platform/tables/app-grants.ts';
import { findAppToken } from '../../platform/tables/oauth-apps.ts';
import { ownedScopes, type Role } from '../scopes/roles.ts';
import { effectiveScopes } from '../scopes/scopes.ts';
import type { TokenClaims } from './claims.ts';

export interface LiveTokensDeps {
  readonly database: Database;
  readonly knownScopes: readonly string[];
}

/** @returns undefined when the token or its family was revoked, or its grant, app, secret or user is deleted or disabled */
export type LookUpToken = (claims: TokenClaims) => Promise<Principal | undefined>;

export function createLiveTokens({ database, knownScopes }: LiveTokensDeps): LookUpToken {
  return async claims => {
    const row = await find(database, claims);
    return row && toPrincipal(claims, row, knownScopes);
  };
}

function find(database: Database, claims: TokenClaims): Promise<RawRow | undefined> {
  const { id, clientId: appId, subject: userId, grantId, familyId = '' } = claims;
  return grantId === undefined
    ? findAppToken(database, { id, appId, secretId: familyId })
    : findUserToken(database, { id, grantId, userId, appId, familyId });
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
