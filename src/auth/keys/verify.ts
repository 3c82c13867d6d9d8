// Verifies a well-formed key with one indexed read, one opened seal and one comparison, whatever the outcome.

import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { Database, RawRow } from '../../base/database/database.ts';
import type { Logger } from '../../base/log.ts';
import type { Origin, Principal } from '../../base/principal.ts';
import type { Peppers } from '../../safestore/peppers.ts';
import { createSafestore, type Place, type Safestore } from '../../safestore/safestore.ts';
import { SealFault } from '../../safestore/seal-fault.ts';
import { fixedUserKey } from '../../safestore/user-keys.ts';
import { ownedScopes, type Role, type Standing } from '../scopes/roles.ts';
import { effectiveScopes } from '../scopes/scopes.ts';
import { type ApiKey, hashApiKey } from './api-key.ts';
import { appScopesNow, originActive, originOf } from './origin.ts';
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
    const found = await findRow(database, presented.id);
    // An unknown id must take as long as a wrong secret, so a decoy is checked.
    const row = toKeyRow(found ?? (await decoy.row));
    const place = keyPlace(row.userId, found ? presented.id : decoy.id);
    const valid = await matches(presented.key, found ? safestore : decoy.safestore, place, row.sealed, log);
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
  place: Place,
  sealed: Buffer,
  log: Logger,
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

// Not through Prisma, for speed: every key in use is read twice a second.
const findText = `
SELECT k."userId", k."name", array_to_json(k."scopes"), u."role"::text, array_to_json(u."scopes"), encode(k."sealed", 'base64'),
  extract(epoch FROM k."expiresAt") * 1000, (k."revokedAt" IS NULL AND u."disabledAt" IS NULL AND ${originActive})::text,
  k."appId", k."grantId", k."familyId", array_to_json(${appScopesNow}), array_to_json(g."scopes")
FROM "portolan"."api_key" k JOIN "portolan"."user" u ON u."id" = k."userId"
  LEFT JOIN "portolan"."oauth_app" a ON a."id" = k."appId" LEFT JOIN "portolan"."user" o ON o."id" = a."ownerId"
  LEFT JOIN "portolan"."app_grant" g ON g."id" = k."grantId"
WHERE k."id" = $1`;

async function findRow(database: Database, id: string): Promise<RawRow | undefined> {
  const { rows } = await database.query(findText, [id], { name: 'auth_find_key' });
  return rows[0];
}

/** @returns what a key can do now, without its secret; undefined for a revoked key and a disabled owner */
export async function readKeyPrincipal(
  database: Database,
  id: string,
  known: readonly string[],
): Promise<Principal | undefined> {
  const found = await findRow(database, id);
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
