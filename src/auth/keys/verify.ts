// Decides on a well-formed key: one indexed read, one opened seal, one comparison, the same for every outcome.

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
import { appScopesNow, originAlive, originOf } from './origin.ts';
import { keyPlace } from './sealed-key.ts';

export interface VerifiedKey {
  readonly principal: Principal;
  /** Milliseconds since 1970; undefined: never. Verified says nothing on whether that has passed. */
  readonly expiresAt?: number;
}

/** @returns undefined for an unknown id, a wrong secret, a revoked key, and a disabled owner */
export type VerifyKey = (presented: ApiKey) => Promise<VerifiedKey | undefined>;

interface Parts {
  readonly database: Database;
  readonly safestore: Safestore;
  readonly peppers: Peppers;
  readonly log: Logger;
  readonly knownScopes: readonly string[];
}

export function createVerifyKey({ database, safestore, peppers, log, knownScopes }: Parts): VerifyKey {
  const decoy = createDecoy(peppers);

  return async presented => {
    const found = await findRow(database, presented.id);
    // An unknown id must take as long as a wrong secret.
    const row = toKeyRow(found ?? (await decoy.row));
    const place = keyPlace(row.userId, found ? presented.id : decoy.id);
    const right = await fits(presented.key, found ? safestore : decoy.safestore, place, row.sealed, log);
    if (!found || !right || !row.usable) return undefined;
    return { principal: toPrincipal(presented.id, row, knownScopes), expiresAt: row.expiresAt };
  };
}

/** A row like any other that no key fits, and whose user key lives in memory. */
function createDecoy(peppers: Peppers) {
  const [id, userId] = ['decoy', 'decoy'];
  const safestore = createSafestore({ peppers, userKeys: fixedUserKey() });
  const sealed = safestore.seal(keyPlace(userId, id), randomBytes(32));
  const row = sealed.then(
    (bytes): RawRow => [userId, '', '[]', null, '[]', bytes.toString('base64'), null, 'true'],
  );
  return { id, safestore, row };
}

async function fits(
  key: string,
  safestore: Safestore,
  place: Place,
  sealed: Buffer,
  log: Logger,
): Promise<boolean> {
  try {
    return timingSafeEqual(await safestore.open(place, sealed), hashApiKey(key));
  } catch (error) {
    // A dropped pepper, a destroyed user key, an altered row: the key is dead, and whoever runs the server must know.
    if (!(error instanceof SealFault)) throw error;
    log.error({ keyId: place.row, err: error }, 'a stored API key does not open');
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
  /** Neither revoked nor of a disabled user. */
  readonly usable: boolean;
  /** Of a key that an app made: what it ends with. */
  readonly origin?: Origin;
  /** What the app may do now, and of what the user allowed it. */
  readonly limits: readonly (readonly string[])[];
}

// Not through Prisma: every key in use is read again each second.
const findText = `
SELECT k."userId", k."name", array_to_json(k."scopes"), u."role"::text, array_to_json(u."scopes"), encode(k."sealed", 'base64'),
  extract(epoch FROM k."expiresAt") * 1000, (k."revokedAt" IS NULL AND u."disabledAt" IS NULL AND ${originAlive})::text,
  k."appId", k."grantId", k."familyId", array_to_json(${appScopesNow}), array_to_json(g."scopes")
FROM "portolan"."api_key" k JOIN "portolan"."user" u ON u."id" = k."userId"
  LEFT JOIN "portolan"."oauth_app" a ON a."id" = k."appId" LEFT JOIN "portolan"."user" o ON o."id" = a."ownerId"
  LEFT JOIN "portolan"."app_grant" g ON g."id" = k."grantId"
WHERE k."id" = $1`;

async function findRow(database: Database, id: string): Promise<RawRow | undefined> {
  const { rows } = await database.query(findText, [id], { name: 'auth_find_key' });
  return rows[0];
}

function toKeyRow(row: RawRow): KeyRow {
  const [userId, name, scopes, role, ownerScopes, sealed, expiresAt, usable, ...made] = row;
  const [appId, grantId, familyId, ...limits] = made;
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
