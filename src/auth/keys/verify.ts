// Verifies a well-formed key with one indexed read, one opened seal and one comparison, whatever the outcome.

import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { Database, RawRow } from '../../base/database/database.ts';
import type { Logger } from '../../base/log.ts';
import type { Origin, Principal } from '../../base/principal.ts';
import { findKeyWithOwner } from '../../platform/tables/api-keys.ts';
import type { Peppers } from '../../safestore/peppers.ts';
import { createSafestore, type Place, type Safestore } from '../../safestore/safestore.ts';
import { SealFault } from '../../safestore/seal-fault.ts';
import { fixedUserKey } from '../../safestore/user-keys.ts';
import { ownedScopes, type Role, type Standing } from '../scopes/roles.ts';
import { effectiveScopes } from '../scopes/scopes.ts';
import { type ApiKey, hashApiKey } from './api-key.ts';
import { originOf } from './origin.ts';
import { keyPlace } from './sealed-key.ts';

export interface VerifiedKey {
  readonly principal: Principal;
  /** Milliseconds since 1970; undefined: never. It may have passed: the caller checks it. */
  readonly expiresAt?: number;
}

/** @returns undefined for an unknown id, a wrong secret, a revoked key, and a disabled owner */
export type VerifyKey = (presented: ApiKey) => Promise<VerifiedKey | undefined>;

interface Deps {
  readonly database: Database;
  readonly safestore: Safestore;
  readonly peppers: Peppers;
  readonly log: Logger;
  readonly knownScopes: readonly string[];
}

export function createVerifyKey({ database, safestore, peppers, log, knownScopes }: Deps): VerifyKey {
  const decoy = createDecoy(peppers);

  return async presented => {
    const found = await findKeyWithOwner(database, presented.id);
    // An unknown id must take as long as a wrong secret, so a decoy is checked.
    const row = toKeyRow(found ?? (await decoy.row));
    const place = keyPlace(row.userId, found ? presented.id : decoy.id);
    const valid = await matches(presented.key, found ? safestore : decoy.safestore, {
      place,
      sealed: row.sealed,
      log,
    });
    if (!found || !valid || !row.usable) return undefined;
    return { principal: toPrincipal(presented.id, row, knownScopes), expiresAt: row.expiresAt };
  };
}

/** A row that no key matches, with a user key in memory. */
function createDecoy(peppers: Peppers) {
  const id = 'decoy';
  const userId = 'decoy';
  const safestore = createSafestore({ peppers, userKeys: fixedUserKey() });
  const sealed = safestore.seal(keyPlace(userId, id), randomBytes(32));
  const row = sealed.then(
    (bytes): RawRow => [userId, '', '[]', null, '[]', bytes.toString('base64'), null, 'true'],
  );
  return { id, safestore, row };
}

async function matches(
  key: string,
  safestore: Safestore,
  { place, sealed, log }: { readonly place: Place; readonly sealed: Buffer; readonly log: Logger },
): Promise<boolean> {
  try {
    return timingSafeEqual(await safestore.open(place, sealed), hashApiKey(key));
  } catch (error) {
    // A removed pepper, a destroyed user key or an altered row: the key is invalid, and the operator must know.
    if (!(error instanceof SealFault)) throw error;
    log.error({ keyId: place.row, err: error }, 'a stored API key cannot be opened');
    return false;
  }
}

interface KeyRow {
  readonly userId: string;
  readonly name: string;
  readonly scopes: readonly string[];
  readonly owner: Standing;
  readonly sealed: Buffer;
  readonly expiresAt?: number;
  /** Whether the key, its user and the access that created it are all active. */
  readonly usable: boolean;
  /** For a key created by an app: the access that it ends with. */
  readonly origin?: Origin;
  /** Scopes that limit an app's key: the app's current scopes and the user's grant. */
  readonly limits: readonly (readonly string[])[];
}

/** @returns what a key can do now, without its secret; undefined for a revoked key and a disabled owner */
export async function readKeyPrincipal(
  database: Database,
  id: string,
  known: readonly string[],
): Promise<Principal | undefined> {
  const found = await findKeyWithOwner(database, id);
  const row = found && toKeyRow(found);
  return row?.usable ? toPrincipal(id, row, known) : undefined;
}

function toKeyRow(row: RawRow): KeyRow {
  const [userId, name, scopes, role, ownerScopes, sealed, expiresAt, usable, ...createdBy] = row;
  const [appId, grantId, familyId, ...limits] = createdBy;
  return {
    userId: userId!,
    name: name!,
    scopes: JSON.parse(scopes ?? '[]'),
    owner: { role: (role ?? null) as Role | null, scopes: JSON.parse(ownerScopes ?? '[]') },
    sealed: Buffer.from(sealed!, 'base64'),
    expiresAt: expiresAt == null ? undefined : Number(expiresAt),
    usable: usable === 'true',
    origin: originOf({ appId, grantId, familyId }),
    limits: limits.flatMap(text => (text == null ? [] : [JSON.parse(text) as string[]])),
  };
}

function toPrincipal(
  id: string,
  { userId, name, scopes, owner, expiresAt, origin, limits }: KeyRow,
  known: readonly string[],
): Principal {
  const effective = [ownedScopes(owner, known), ...limits].reduce(effectiveScopes, scopes as string[]);
  return Object.freeze({
    kind: 'key',
    id,
    userId,
    origin,
    name,
    scopes: new Set(effective),
    scopeKey: effective.join(' '),
    expiresAt,
  });
}
