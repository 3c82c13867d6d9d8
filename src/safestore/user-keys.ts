// The database's half of every seal: 32 random bytes per user, in numbered versions.

import { randomBytes } from 'node:crypto';
import type { PrismaClient } from '../platform/prisma.ts';
import {
  addNextUserKeys,
  addUserKey,
  keyVersionMax,
  listUserKeys,
  removeUserKeys,
} from '../platform/tables/user-keys.ts';
import { systemOwner } from './system-owner.ts';

export interface UserKey {
  readonly version: number;
  /** 32 bytes. */
  readonly key: Buffer;
}

export interface UserKeys {
  /** @returns the newest key, which is the one to seal with; created on the first call for a user @throws Error if the user does not exist */
  newest(userId: string): Promise<UserKey>;
  /** @returns the key of one version, or undefined when it was destroyed or never existed */
  find(userId: string, version: number): Promise<UserKey | undefined>;
}

export interface StoredUserKeys extends UserKeys {
  /** Creates a new version, which new seals and rewraps use. Older versions still open what they sealed. */
  rotate(userId: string): Promise<UserKey>;
  /** Like `rotate`, for many users. Other instances use the older versions for up to a minute. */
  rotateMany(userIds: readonly string[]): Promise<void>;
  /** Destroys all versions: nothing sealed for this user can be opened again, not even from a backup of other tables. */
  shred(userId: string): Promise<void>;
}

const keyBytes = 32;
const usersMax = 10_000;
const batchMax = 500;
/** For this long another instance may still open values whose keys were shredded here. */
const rememberedMs = 60_000;

/** One key for every user, kept in memory only. */
export function fixedUserKey(key: Buffer = randomBytes(keyBytes), version = 1): UserKeys {
  const only: UserKey = { version, key };
  return {
    newest: async () => only,
    find: async (_, requested) => (requested === version ? only : undefined),
  };
}

interface Remembered {
  readonly readAt: number;
  /** Newest first. */
  readonly keys: readonly UserKey[];
}

/** The keys in the table UserKey, cached for a minute. */
export const createUserKeys = (prisma: PrismaClient): StoredUserKeys => new UserKeyStore(prisma);

class UserKeyStore implements StoredUserKeys {
  readonly #prisma: PrismaClient;
  readonly #remembered = new Map<string, Remembered>();

  constructor(prisma: PrismaClient) {
    this.#prisma = prisma;
  }

  async newest(userId: string): Promise<UserKey> {
    const [first] = await this.#recall(userId);
    return first ?? this.#add(userId, 1);
  }

  async find(userId: string, version: number): Promise<UserKey | undefined> {
    const withVersion = ({ version: own }: UserKey) => own === version;
    // Another instance may have created it since the cached read.
    return (await this.#recall(userId)).find(withVersion) ?? (await this.#read(userId)).find(withVersion);
  }

  async rotate(userId: string): Promise<UserKey> {
    const [first] = await this.#read(userId);
    return this.#add(userId, (first?.version ?? 0) + 1);
  }

  async rotateMany(userIds: readonly string[]): Promise<void> {
    for (let start = 0; start < userIds.length; start += batchMax) {
      const ids = userIds.slice(start, start + batchMax);
      const keys = ids.map(() => Uint8Array.from(randomBytes(keyBytes)));
      await addNextUserKeys(this.#prisma, ids, keys);
    }
    this.#remembered.clear();
  }

  async shred(userId: string): Promise<void> {
    await removeUserKeys(this.#prisma, userId);
    this.#remembered.delete(userId);
  }

  async #add(userId: string, version: number): Promise<UserKey> {
    if (version > keyVersionMax)
      throw new Error(`User ${userId} has reached the maximum of ${keyVersionMax} key versions.`);
    const key = Uint8Array.from(randomBytes(keyBytes));
    await addUserKey(this.#prisma, { userId, version, key, system: systemOwner });
    const [first] = await this.#read(userId);
    if (!first) throw new Error(`There is no user ${userId}.`);
    return first;
  }

  async #recall(userId: string): Promise<readonly UserKey[]> {
    const known = this.#remembered.get(userId);
    return known && performance.now() - known.readAt < rememberedMs ? known.keys : this.#read(userId);
  }

  async #read(userId: string): Promise<readonly UserKey[]> {
    const readAt = performance.now();
    const rows = await listUserKeys(this.#prisma, userId);
    const keys = rows.map(row => ({ version: row.version, key: Buffer.from(row.key) }));
    this.#remembered.delete(userId);
    if (this.#remembered.size >= usersMax) this.#remembered.delete(this.#remembered.keys().next().value!);
    this.#remembered.set(userId, { readAt, keys });
    return keys;
  }
}
