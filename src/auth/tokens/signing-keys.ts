// The keys that sign access tokens: generated when first needed, rotated by a command, shared by all instances.

import { calculateJwkThumbprint, exportJWK, generateKeyPair, importJWK, type JWK } from 'jose';
import type { Database } from '../../base/database/database.ts';
import {
  addSigningKey,
  clearSigningKeys,
  listSigningKeys,
  lockSigningKeys,
  type NewSigningKey,
  retireSigningKeys,
  type StoredKey,
} from '../../platform/tables/signing-keys.ts';
import type { Safestore } from '../../safestore/safestore.ts';
import { systemOwner } from '../../safestore/system-owner.ts';
import { createShortMemory } from './short-memory.ts';

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

export const createSigningKeys = (deps: SigningKeysDeps): SigningKeys => new SigningKeyService(deps);

class SigningKeyService implements SigningKeys {
  readonly #deps: SigningKeysDeps;
  readonly #privateKeys = new Map<string, JWK>();
  readonly #verificationKeys = new Map<string, Promise<VerificationKey>>();
  readonly #memory;
  #lookedAgainAt = Number.NEGATIVE_INFINITY;

  constructor(deps: SigningKeysDeps) {
    this.#deps = deps;
    this.#memory = createShortMemory(rememberedMs, () => this.#readOrCreate());
  }

  async current(): Promise<KeySet> {
    return (await this.#memory.find('keys'))!;
  }

  async find(kid: string): Promise<VerificationKey | undefined> {
    const key =
      (await this.#findPublished(kid)) ?? (this.#mayLookAgain() ? await this.#findPublished(kid) : undefined);
    if (!key) return undefined;
    const imported = this.#verificationKeys.get(kid) ?? importJWK(key, tokenAlgorithm);
    this.#verificationKeys.set(kid, imported);
    return imported;
  }

  async #findPublished(kid: string): Promise<JWK | undefined> {
    return (await this.current()).published.find(jwk => jwk.kid === kid && jwk.alg === tokenAlgorithm);
  }

  /** Another instance may have just created the key, but invented ids must not cause a query each. */
  #mayLookAgain(): boolean {
    if (performance.now() - this.#lookedAgainAt < lookAgainMs) return false;
    this.#lookedAgainAt = performance.now();
    this.#memory.forget('keys');
    return true;
  }

  async #readOrCreate(): Promise<KeySet> {
    const rows = await listSigningKeys(this.#deps.database);
    return this.#toKeySet(rows.some(isSigning) ? rows : await this.#createFirst());
  }

  #toKeySet(rows: readonly StoredKey[]): KeySet {
    return {
      id: rows.map(({ kid, retired }) => `${kid} ${retired}`).join(),
      published: rows.map(row => row.publicJwk),
      signing: () => Promise.all(rows.filter(isSigning).map(key => this.#privateKey(key))),
    };
  }

  async #privateKey({ kid, sealed }: StoredKey): Promise<JWK> {
    const known = this.#privateKeys.get(kid);
    if (known) return known;
    const jwk = JSON.parse((await this.#deps.safestore.open(keyPlace(kid), sealed)).toString('utf8')) as JWK;
    this.#privateKeys.set(kid, jwk);
    return jwk;
  }

  /** Several instances may start at once: one creates the keys, and all of them use them. */
  async #createFirst(): Promise<StoredKey[]> {
    const { safestore, database } = this.#deps;
    const drafts = await draftAll(safestore);
    return database.transaction(async session => {
      await lockSigningKeys(session);
      const found = await listSigningKeys(session);
      if (found.some(isSigning)) return found;
      for (const draft of drafts) await addSigningKey(session, draft);
      return listSigningKeys(session);
    });
  }

  async rotate(): Promise<readonly string[]> {
    const { safestore, database } = this.#deps;
    const drafts = await draftAll(safestore);
    await database.transaction(async session => {
      await lockSigningKeys(session);
      await retireSigningKeys(session, Date.now() + publishedMs);
      for (const draft of drafts) await addSigningKey(session, draft);
    });
    this.#memory.forget('keys');
    return drafts.map(({ kid }) => kid);
  }

  async clear(): Promise<void> {
    await clearSigningKeys(this.#deps.database);
  }
}

/** Where the private key is stored. */
export const keyPlace = (kid: string) => ({
  owner: systemOwner,
  table: 'portolan_signing_key',
  column: 'sealed',
  row: kid,
});

const isSigning = ({ retired }: StoredKey): boolean => !retired;

const draftAll = (safestore: Safestore): Promise<NewSigningKey[]> =>
  Promise.all(algorithms.map(algorithm => draft(safestore, algorithm)));

async function draft(safestore: Safestore, algorithm: string): Promise<NewSigningKey> {
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
