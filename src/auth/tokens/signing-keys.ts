// The keys that sign access tokens: generated when first needed, rotated by a command, shared by all instances.

import { calculateJwkThumbprint, exportJWK, generateKeyPair, importJWK, type JWK } from 'jose';
import type { Database, RawRow, Session } from '../../base/database/database.ts';
import type { Safestore } from '../../safestore/safestore.ts';
import { systemOwner } from '../../safestore/system-owner.ts';
import { createCredentialCache } from './credential-cache.ts';

/** The algorithm of the server's own tokens. */
export const tokenAlgorithm = 'EdDSA';
/** One key per algorithm is published, so that a change of algorithm needs no new keys. */
const algorithms = [tokenAlgorithm, 'ES256'] as const;

/** All keys at one moment. */
interface KeySet {
  /** Equal ids mean equal keys. */
  readonly id: string;
  /** Public keys: those in use, and older ones while tokens that they signed may be valid. */
  readonly published: readonly JWK[];
  /** The private keys in use, one per algorithm. @throws SealFault when a pepper is missing; verifying tokens needs none */
  signing(): Promise<readonly JWK[]>;
}

type VerificationKey = Awaited<ReturnType<typeof importJWK>>;

export interface SigningKeys {
  /** At most a second old. */
  current(): Promise<KeySet>;
  /** @returns the published key with this id for the tokens' algorithm, even if another instance has just created it */
  find(kid: string): Promise<VerificationKey | undefined>;
  /** Creates new keys, which all instances use for signing within seconds. @returns their ids */
  rotate(): Promise<readonly string[]>;
  /** Deletes keys that no valid token needs any more. */
  clear(): Promise<void>;
}

export interface SigningKeysDeps {
  readonly database: Database;
  readonly safestore: Safestore;
}

/** Other instances see new keys within this time. */
const rememberedMs = 1_000;
const lookAgainMs = 100;
const day = 86_400_000;
/** Longer than the lifetime of any token. */
const publishedMs = 31 * day;

export function createSigningKeys({ database, safestore }: SigningKeysDeps): SigningKeys {
  const privateKeys = new Map<string, JWK>();
  const verificationKeys = new Map<string, Promise<VerificationKey>>();
  const memory = createCredentialCache(rememberedMs, readOrCreate);
  let lookedAgainAt = Number.NEGATIVE_INFINITY;

  async function current(): Promise<KeySet> {
    return (await memory.find('keys'))!;
  }

  async function find(kid: string): Promise<VerificationKey | undefined> {
    const key = (await findPublished(kid)) ?? (mayLookAgain() ? await findPublished(kid) : undefined);
    if (!key) return undefined;
    const imported = verificationKeys.get(kid) ?? importJWK(key, tokenAlgorithm);
    verificationKeys.set(kid, imported);
    return imported;
  }

  const findPublished = async (kid: string): Promise<JWK | undefined> =>
    (await current()).published.find(jwk => jwk.kid === kid && jwk.alg === tokenAlgorithm);

  /** Another instance may have just created the key, but invented ids must not cause a query each. */
  function mayLookAgain(): boolean {
    if (performance.now() - lookedAgainAt < lookAgainMs) return false;
    lookedAgainAt = performance.now();
    memory.forget('keys');
    return true;
  }

  async function readOrCreate(): Promise<KeySet> {
    const rows = await read();
    return toKeySet(rows.some(isSigning) ? rows : await createFirst());
  }

  const toKeySet = (rows: readonly StoredKey[]): KeySet => ({
    id: rows.map(({ kid, retired }) => `${kid} ${retired}`).join(),
    published: rows.map(row => row.publicJwk),
    signing: () => Promise.all(rows.filter(isSigning).map(privateKey)),
  });

  async function privateKey({ kid, sealed }: StoredKey): Promise<JWK> {
    const known = privateKeys.get(kid);
    if (known) return known;
    const jwk = JSON.parse((await safestore.open(keyPlace(kid), sealed)).toString('utf8')) as JWK;
    privateKeys.set(kid, jwk);
    return jwk;
  }

  async function read(session: Session = database): Promise<StoredKey[]> {
    const { rows } = await session.query(readText, [iso(Date.now())], { name: 'auth_signing_keys' });
    return rows.map(toStoredKey);
  }

  /** Several instances may start at once: one creates the keys, and all of them use them. */
  async function createFirst(): Promise<StoredKey[]> {
    const drafts = await draftAll(safestore);
    return database.transaction(async session => {
      await session.query(lockText);
      const found = await read(session);
      if (found.some(isSigning)) return found;
      for (const draft of drafts) await add(session, draft);
      return read(session);
    });
  }

  async function rotate(): Promise<readonly string[]> {
    const drafts = await draftAll(safestore);
    await database.transaction(async session => {
      await session.query(lockText);
      const now = Date.now();
      await session.query(retireText, [iso(now), iso(now + publishedMs)]);
      for (const draft of drafts) await add(session, draft);
    });
    memory.forget('keys');
    return drafts.map(({ kid }) => kid);
  }

  async function clear(): Promise<void> {
    await database.query(clearText, [iso(Date.now())]);
  }

  return { current, find, rotate, clear };
}

/** Where the private key is stored. */
export const keyPlace = (kid: string) => ({
  owner: systemOwner,
  table: 'portolan_signing_key',
  column: 'sealed',
  row: kid,
});

const lockText = `SELECT pg_advisory_xact_lock(hashtext('portolan signing keys'))`;

const readText = `
SELECT "kid", "publicJwk"::text, encode("sealed", 'base64'), ("retiredAt" IS NOT NULL)::text
FROM "portolan"."signing_key" WHERE "expiresAt" IS NULL OR "expiresAt" > $1 ORDER BY "createdAt" DESC, "kid"`;

const retireText = `
UPDATE "portolan"."signing_key" SET "retiredAt" = $1, "expiresAt" = $2 WHERE "retiredAt" IS NULL`;

const addText = `
INSERT INTO "portolan"."signing_key" ("kid", "algorithm", "publicJwk", "sealed", "createdAt") VALUES ($1, $2, $3, $4, $5)`;

const clearText = `DELETE FROM "portolan"."signing_key" WHERE "expiresAt" <= $1`;

interface StoredKey {
  readonly kid: string;
  readonly publicJwk: JWK;
  readonly sealed: Buffer;
  readonly retired: boolean;
}

const isSigning = ({ retired }: StoredKey): boolean => !retired;

const toStoredKey = ([kid, publicJwk, sealed, retired]: RawRow): StoredKey => ({
  kid: kid!,
  publicJwk: JSON.parse(publicJwk!),
  sealed: Buffer.from(sealed!, 'base64'),
  retired: retired === 'true',
});

interface KeyDraft {
  readonly kid: string;
  readonly algorithm: string;
  readonly publicJwk: JWK;
  readonly sealed: Buffer;
}

const draftAll = (safestore: Safestore): Promise<KeyDraft[]> =>
  Promise.all(algorithms.map(algorithm => draft(safestore, algorithm)));

async function draft(safestore: Safestore, algorithm: string): Promise<KeyDraft> {
  const pair = await generateKeyPair(algorithm, { extractable: true });
  const bare = await exportJWK(pair.publicKey);
  const kid = await calculateJwkThumbprint(bare);
  const common = { kid, alg: algorithm, use: 'sig' };
  const sealed = await safestore.seal(
    keyPlace(kid),
    JSON.stringify({ ...(await exportJWK(pair.privateKey)), ...common }),
  );
  return { kid, algorithm, publicJwk: { ...bare, ...common }, sealed };
}

async function add(session: Session, { kid, algorithm, publicJwk, sealed }: KeyDraft): Promise<void> {
  await session.query(addText, [kid, algorithm, JSON.stringify(publicJwk), sealed, iso(Date.now())]);
}

const iso = (at: number): string => new Date(at).toISOString();
