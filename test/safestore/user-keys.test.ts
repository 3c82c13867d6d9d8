import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { createPrisma, type PrismaClient } from '../../src/platform/prisma.ts';
import { systemOwner } from '../../src/safestore/system-owner.ts';
import { createUserKeys } from '../../src/safestore/user-keys.ts';
import { openTestDatabase, type TestDatabase } from '../test-database.ts';

let opened: TestDatabase;
let prisma: PrismaClient;
beforeAll(async () => {
  opened = await openTestDatabase();
  prisma = createPrisma(opened.database);
});
afterAll(() => opened.close());
afterEach(() => vi.useRealTimers());

let users = 0;
const newUser = async () => (await prisma.user.create({ data: { email: `user-${++users}@example.com` } })).id;

test('a user gets a key of 32 bytes on first need, and keeps it', async () => {
  const userId = await newUser();
  const made = await createUserKeys(prisma).newest(userId);
  expect([made.version, made.key.length]).toEqual([1, 32]);
  expect(await createUserKeys(prisma).newest(userId)).toEqual(made);
  expect(await createUserKeys(prisma).find(userId, 1)).toEqual(made);
});

test('instances that need a user key at the same time agree on one', async () => {
  const userId = await newUser();
  const made = await Promise.all(Array.from({ length: 5 }, () => createUserKeys(prisma).newest(userId)));
  for (const key of made) expect(key).toEqual(made[0]);
  expect(await prisma.userKey.count({ where: { userId } })).toBe(1);
});

test('a new key version is used from then on, and the older one is still found', async () => {
  const [userId, keys] = [await newUser(), createUserKeys(prisma)];
  const first = await keys.newest(userId);
  const second = await keys.rotate(userId);
  expect(second.version).toBe(2);
  expect(await keys.newest(userId)).toEqual(second);
  expect(await keys.find(userId, 1)).toEqual(first);
});

test('a key version that another instance created is found although older ones are cached', async () => {
  const [userId, keys] = [await newUser(), createUserKeys(prisma)];
  await keys.newest(userId);
  const second = await createUserKeys(prisma).rotate(userId);
  expect(await keys.find(userId, 2)).toEqual(second);
});

test('user keys are read once, then cached for a minute', async () => {
  vi.useFakeTimers({ toFake: ['performance'] });
  const [userId, keys] = [await newUser(), createUserKeys(prisma)];
  const first = await keys.newest(userId);
  await prisma.userKey.deleteMany({ where: { userId } });
  vi.advanceTimersByTime(59_999);
  expect(await keys.find(userId, 1)).toEqual(first);
  vi.advanceTimersByTime(1);
  expect(await keys.find(userId, 1)).toBeUndefined();
});

test('a shredded key is gone', async () => {
  const [userId, keys] = [await newUser(), createUserKeys(prisma)];
  await keys.newest(userId);
  await keys.shred(userId);
  expect(await keys.find(userId, 1)).toBeUndefined();
  expect(await prisma.userKey.count({ where: { userId } })).toBe(0);
});

test('no key is created for a user that does not exist', async () => {
  const userId = '00000000-0000-4000-8000-000000000000';
  await expect(createUserKeys(prisma).newest(userId)).rejects.toThrow('There is no user');
  expect(await prisma.userKey.count({ where: { userId } })).toBe(0);
});

test('deleting a user deletes every key, and no key is created again', async () => {
  const [userId, other, keys] = [await newUser(), await newUser(), createUserKeys(prisma)];
  await keys.newest(userId);
  await keys.rotate(userId);
  const kept = await keys.newest(other);
  await prisma.user.delete({ where: { id: userId } });
  expect(await prisma.userKey.count({ where: { userId } })).toBe(0);
  await expect(createUserKeys(prisma).newest(userId)).rejects.toThrow('There is no user');
  expect(await createUserKeys(prisma).find(other, kept.version)).toEqual(kept);
});

test('the server itself has keys, and they outlive every user', async () => {
  const own = await createUserKeys(prisma).newest(systemOwner);
  await prisma.user.deleteMany();
  expect(await createUserKeys(prisma).newest(systemOwner)).toEqual(own);
});
