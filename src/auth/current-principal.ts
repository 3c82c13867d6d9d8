// The permissions that a caller of an earlier request has now: for work that outlives its request.

import type { Database } from '../base/database/database.ts';
import type { Principal } from '../base/principal.ts';
import { findRightsOf } from '../platform/tables/api-keys.ts';
import { readKeyPrincipal } from './keys/verify.ts';
import { ownedScopes, type Role } from './scopes/roles.ts';
import { effectiveScopes } from './scopes/scopes.ts';

export interface CurrentPrincipalDeps {
  readonly database: Database;
  readonly knownScopes: readonly string[];
}

/**
 * @returns the principal with the scopes that it had and still has; undefined when its key was revoked or has expired, its
 *   user was disabled, or its app lost its access
 */
export async function currentPrincipal(
  { database, knownScopes }: CurrentPrincipalDeps,
  former: Principal,
): Promise<Principal | undefined> {
  const scopes =
    former.kind === 'key'
      ? await scopesOfKey(database, former.id, knownScopes)
      : await scopesOfUser(database, former, knownScopes);
  if (!scopes) return undefined;
  const effective = effectiveScopes(former.scopes, scopes);
  return Object.freeze({ ...former, scopes: new Set(effective), scopeKey: effective.join(' ') });
}

async function scopesOfKey(
  database: Database,
  id: string,
  knownScopes: readonly string[],
): Promise<Iterable<string> | undefined> {
  const principal = await readKeyPrincipal(database, id, knownScopes);
  const isOver = (principal?.expiresAt ?? Number.POSITIVE_INFINITY) <= Date.now();
  return isOver ? undefined : principal?.scopes;
}

async function scopesOfUser(
  database: Database,
  { userId, appId, origin }: Principal,
  knownScopes: readonly string[],
): Promise<Iterable<string> | undefined> {
  const row = await findRightsOf(database, userId, { appId, ...origin });
  if (!row) return undefined;
  const [role, own, ...limits] = row;
  const owned = ownedScopes({ role: role as Role | null, scopes: JSON.parse(own ?? '[]') }, knownScopes);
  const texts = limits.flatMap(text => (text == null ? [] : [JSON.parse(text) as string[]]));
  return texts.reduce(effectiveScopes, owned);
}
