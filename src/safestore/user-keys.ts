// The database's half of every seal: 32 random bytes for each user, in numbered versions.

import { randomBytes } from 'node:crypto';
import type { PrismaClient } from '../platform/prisma.ts';
import { systemOwner } from './system-owner.ts';

export interface UserKey {
  readonly version: number;
  /** 32 bytes. */
  readonly key: Buffer;
}

export interface UserKeys {
  /** @returns the key to seal with: the newest, made on the first call for a user @throws Error where there is no such user */
  newest(userId: string): Promise<UserKey>;
  /** @returns the key of one version, or undefined when it was destroyed or never was */
  find(userId: string, version: number): Promise<UserKey | undefined>;
}

export interface StoredUserKeys extends UserKeys {
  /** Makes a newer version, so that new seals and rewraps use it. Older ones still open what they sealed. */
  rotate(userId: string): Promise<UserKey>;
  /** As `rotate`, for many at once. Other instances go on with older versions for up to a minute. */
  rotateMany(userIds: readonly string[]): Promise<void>;
  /** Destroys all versions: nothing that was sealed for this user opens again, not even from a backup of other tables. */
  shred(userId: string): Promise<void>;
}

const keyBytes = 32;
const usersMax = 10_000;
const batchMax = 500;
/** What the column can hold. */
const columnMax = 0x7fff;
/** How long another instance may still open what was shredded here. */
const rememberedMs = 60_000;

/** A key that lives in memory alone, the same for every user asked for. */
export function fixedUserKey(key: Buffer = randomBytes(keyBytes), version = 1): UserKeys {
  const only: UserKey = { version, key };
  return { newest: async () => only, find: async (_, asked) => (asked === version ? only : undefined) };
}

interface Remembered {
  readonly readAt: number;
  /** Newest first. */
  readonly keys: readonly UserKey[];
}

/** The keys of the table UserKey, remembered for a minute. */
export function createUserKeys(prisma: PrismaClient): StoredUserKeys {
  const remembered = new Map<string, Remembered>();

  async function newest(userId: string): Promise<UserKey> {
    const [first] = await recall(userId);
    return first ?? add(userId, 1);
  }

  async function find(userId: string, version: number): Promise<UserKey | undefined> {
    const withVersion = ({ version: own }: UserKey) => own === version;
    // Another instance may have made it after we read.
    return (await recall(userId)).find(withVersion) ?? (await read(userId)).find(withVersion);
  }

  async function rotate(userId: string): Promise<UserKey> {
    const [first] = await read(userId);
    return add(userId, (first?.version ?? 0) + 1);
  }

  async function rotateMany(userIds: readonly string[]): Promise<void> {
    for (let start = 0; start < userIds.length; start += batchMax) {
      const ids = userIds.slice(start, start + batchMax);
      const keys = ids.map(() => Uint8Array.from(randomBytes(keyBytes)));
      await prisma.$executeRaw`
        INSERT INTO "portolan"."user_key" ("userId", "version", "key")
        SELECT n.id, (SELECT max(k."version") + 1 FROM "portolan"."user_key" k WHERE k."userId" = n.id), n.key
        FROM unnest(${ids}::uuid[], ${keys}::bytea[]) AS n(id, key)
        WHERE EXISTS (SELECT FROM "portolan"."user_key" k WHERE k."userId" = n.id AND k."version" < ${columnMax}::int)
        ON CONFLICT DO NOTHING`;
    }
    remembered.clear();
  }

  async function shred(userId: string): Promise<void> {
    await prisma.userKey.deleteMany({ where: { userId } });
    remembered.delete(userId);
  }

  async function add(userId: string, version: number): Promise<UserKey> {
    if (version > columnMax) throw new Error('This user has had every key version there can be.');
    const key = Uint8Array.from(randomBytes(keyBytes));
    // Several instances may come here at once: one row wins, and all go on with it. The lock on the user keeps whoever
    // deletes them from missing a row that is being made.
    await prisma.$executeRaw`
      INSERT INTO "portolan"."user_key" ("userId", "version", "key")
      SELECT ${userId}::uuid, ${version}::smallint, ${key}
      WHERE ${userId} = ${systemOwner} OR EXISTS (SELECT FROM "portolan"."user" WHERE "id" = ${userId}::uuid FOR KEY SHARE)
      ON CONFLICT DO NOTHING`;
    const [first] = await read(userId);
    if (!first) throw new Error(`There is no user ${userId}, or not any more.`);
    return first;
  }

  async function recall(userId: string): Promise<readonly UserKey[]> {
    const known = remembered.get(userId);
    return known && performance.now() - known.readAt < rememberedMs ? known.keys : read(userId);
  }

  async function read(userId: string): Promise<readonly UserKey[]> {
    const readAt = performance.now();
    const rows = await prisma.userKey.findMany({ where: { userId }, orderBy: { version: 'desc' } });
    const keys = rows.map(row => ({ version: row.version, key: Buffer.from(row.key) }));
    remembered.delete(userId);
    if (remembered.size >= usersMax) remembered.delete(remembered.keys().next().value!);
    remembered.set(userId, { readAt, keys });
    return keys;
  }

  return { newest, find, rotate, rotateMany, shred };
}
