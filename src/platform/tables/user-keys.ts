// The users' keys of SafeStore, in numbered versions.

import type { Session } from '../../base/database/database.ts';
import type { PrismaClient } from '../prisma.ts';

/** The maximum of the `SMALLINT` column. */
export const keyVersionMax = 0x7fff;

/** @param owner SQL of the id of a user @returns SQL of the newest version of their keys */
export const newestVersionOf = (owner: string): string =>
  `(SELECT max(k."version") FROM "portolan"."user_key" k WHERE k."userId" = ${owner})`;

/** @returns the keys of a user, newest first */
export const listUserKeys = (prisma: PrismaClient, userId: string) =>
  prisma.userKey.findMany({ where: { userId }, orderBy: { version: 'desc' } });

export interface NewUserKey {
  readonly userId: string;
  readonly version: number;
  readonly key: Uint8Array<ArrayBuffer>;
  /** The id that stands for the server itself, which is no user. */
  readonly system: string;
}

/**
 * Several instances may get here at once: one row wins, and all of them use it. The lock on the user makes a concurrent
 * deletion of the user wait for this row, so that it is deleted too.
 */
export async function addUserKey(
  prisma: PrismaClient,
  { userId, version, key, system }: NewUserKey,
): Promise<void> {
  await prisma.$executeRaw`
      INSERT INTO "portolan"."user_key" ("userId", "version", "key")
      SELECT ${userId}::uuid, ${version}::smallint, ${key}
      WHERE ${userId} = ${system} OR EXISTS (SELECT FROM "portolan"."user" WHERE "id" = ${userId}::uuid FOR KEY SHARE)
      ON CONFLICT DO NOTHING`;
}

/** Adds a next version for each of these users who has a key already. */
export async function addNextUserKeys(
  prisma: PrismaClient,
  ids: readonly string[],
  keys: readonly Uint8Array[],
): Promise<void> {
  await prisma.$executeRaw`
        INSERT INTO "portolan"."user_key" ("userId", "version", "key")
        SELECT n.id, (SELECT max(k."version") + 1 FROM "portolan"."user_key" k WHERE k."userId" = n.id), n.key
        FROM unnest(${ids}::uuid[], ${keys}::bytea[]) AS n(id, key)
        WHERE EXISTS (SELECT FROM "portolan"."user_key" k WHERE k."userId" = n.id AND k."version" < ${keyVersionMax}::int)
        ON CONFLICT DO NOTHING`;
}

export async function removeUserKeys(prisma: PrismaClient, userId: string): Promise<void> {
  await prisma.userKey.deleteMany({ where: { userId } });
}

/** @returns all owners of keys, including the server itself if it has any */
export async function keyOwners(session: Session): Promise<string[]> {
  const { rows } = await session.query(
    'SELECT DISTINCT "userId"::text FROM "portolan"."user_key" ORDER BY 1',
  );
  return rows.map(([owner]) => owner!);
}

/** @param used SQL: whether the key `k` seals anything @returns the number of deleted keys, all of them replaced an hour ago */
export async function removeReplacedKeys(session: Session, used: string): Promise<number> {
  const text = `DELETE FROM "portolan"."user_key" k WHERE EXISTS (
  SELECT FROM "portolan"."user_key" n WHERE n."userId" = k."userId" AND n."version" > k."version" AND n."createdAt" < now() - interval '1 hour')
AND NOT (${used})`;
  return (await session.query(text)).rowCount;
}
