// The keys that sign access tokens, as rows: the private part is sealed.

import type { JWK } from 'jose';
import type { RawRow, Session } from '../../base/database/database.ts';

export interface StoredKey {
  readonly kid: string;
  readonly publicJwk: JWK;
  readonly sealed: Buffer;
  readonly retired: boolean;
}

export interface NewSigningKey {
  readonly kid: string;
  readonly algorithm: string;
  readonly publicJwk: JWK;
  readonly sealed: Buffer;
}

const lockText = `SELECT pg_advisory_xact_lock(hashtext('portolan signing keys'))`;

const readText = `
SELECT "kid", "publicJwk"::text, encode("sealed", 'base64'), ("retiredAt" IS NOT NULL)::text
FROM "portolan"."signing_key" WHERE "expiresAt" IS NULL OR "expiresAt" > $1 ORDER BY "createdAt" DESC, "kid"`;

const retireText = `
UPDATE "portolan"."signing_key" SET "retiredAt" = $1, "expiresAt" = $2 WHERE "retiredAt" IS NULL`;

const addText = `
INSERT INTO "portolan"."signing_key" ("kid", "algorithm", "publicJwk", "sealed", "createdAt") VALUES ($1, $2, $3, $4, $5)`;

const clearText = `DELETE FROM "portolan"."signing_key" WHERE "expiresAt" <= $1`;

const toStoredKey = ([kid, publicJwk, sealed, retired]: RawRow): StoredKey => ({
  kid: kid!,
  publicJwk: JSON.parse(publicJwk!),
  sealed: Buffer.from(sealed!, 'base64'),
  retired: retired === 'true',
});

/** One instance at a time creates keys: the others wait until its transaction ends. */
export async function lockSigningKeys(session: Session): Promise<void> {
  await session.query(lockText);
}

/** @returns the keys that have not expired, newest first */
export async function listSigningKeys(session: Session): Promise<StoredKey[]> {
  const { rows } = await session.query(readText, [iso(Date.now())], { name: 'auth_signing_keys' });
  return rows.map(toStoredKey);
}

/** Stops all keys from signing. @param expiresAt until when they stay published, in milliseconds since 1970 */
export async function retireSigningKeys(session: Session, expiresAt: number): Promise<void> {
  await session.query(retireText, [iso(Date.now()), iso(expiresAt)]);
}

export async function addSigningKey(session: Session, key: NewSigningKey): Promise<void> {
  const { kid, algorithm, publicJwk, sealed } = key;
  await session.query(addText, [kid, algorithm, JSON.stringify(publicJwk), sealed, iso(Date.now())]);
}

export async function clearSigningKeys(session: Session): Promise<void> {
  await session.query(clearText, [iso(Date.now())]);
}

const iso = (at: number): string => new Date(at).toISOString();
