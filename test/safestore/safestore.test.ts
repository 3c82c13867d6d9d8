import { randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { createSafestore } from '../../src/safestore/safestore.ts';
import { fixedUserKey, type UserKey, type UserKeys } from '../../src/safestore/user-keys.ts';

const place = { owner: 'user-1', table: 'client', column: 'secret', row: '1' };
const pepper = (version: number) => ({ version, secret: randomBytes(32) });

/** User keys as the database keeps them, in memory: each user's versions. */
function memoryUserKeys(): UserKeys & { of(userId: string): UserKey[] } {
  const users = new Map<string, UserKey[]>();
  const of = (userId: string) => {
    const keys = users.get(userId) ?? [{ version: 1, key: randomBytes(32) }];
    users.set(userId, keys);
    return keys;
  };
  return {
    of,
    newest: async userId => of(userId).at(-1)!,
    find: async (userId, version) => of(userId).find(key => key.version === version),
  };
}

describe('a sealed secret', () => {
  const userKeys = memoryUserKeys();
  const safestore = createSafestore({ peppers: [pepper(1)], userKeys });

  test('opens in the place it was sealed for', async () => {
    const sealed = await safestore.seal(place, 'secret');
    expect((await safestore.open(place, sealed)).toString()).toBe('secret');
  });

  test.each([0, 1, 15, 16, 17, 4_096])('preserves %i bytes exactly', async size => {
    const secret = randomBytes(size);
    expect(await safestore.open(place, await safestore.seal(place, secret))).toEqual(secret);
  });

  test('looks different each time', async () => {
    expect(await safestore.seal(place, 'secret')).not.toEqual(await safestore.seal(place, 'secret'));
  });

  test('shows its format and the versions of both halves, and nothing of the secret', async () => {
    const sealed = await safestore.seal(place, 'secret');
    expect([...sealed.subarray(0, 4)]).toEqual([1, 1, 0, 1]);
    expect(sealed.length).toBe(4 + 16 + 16 + 32);
    expect(sealed.includes('secret')).toBe(false);
  });

  test('does not open with any single bit flipped', async () => {
    const sealed = await safestore.seal(place, 'secret');
    for (let bit = 0; bit < sealed.length * 8; bit++) {
      const altered = Buffer.from(sealed);
      altered[bit >> 3]! ^= 1 << (bit & 7);
      await expect(safestore.open(place, altered)).rejects.toThrow(
        /seal is broken|not an envelope|no pepper|no key/,
      );
    }
  });

  test('does not open when cut off anywhere, or lengthened', async () => {
    const sealed = await safestore.seal(place, 'secret');
    for (let size = 0; size < sealed.length; size++)
      await expect(safestore.open(place, sealed.subarray(0, size))).rejects.toThrow(/seal|envelope/);
    await expect(safestore.open(place, Buffer.concat([sealed, Buffer.alloc(16)]))).rejects.toThrow('broken');
  });

  test.each([{ owner: 'user-2' }, { table: 'plugin' }, { column: 'other' }, { row: '2' }])(
    'does not open when moved to %o',
    async elsewhere => {
      const sealed = await safestore.seal(place, 'secret');
      await expect(safestore.open({ ...place, ...elsewhere }, sealed)).rejects.toThrow('The seal is broken.');
    },
  );
});

describe('split knowledge', () => {
  const peppers = [pepper(1)];
  const userKeys = memoryUserKeys();
  const safestore = createSafestore({ peppers, userKeys });

  test('the database opens nothing without the pepper', async () => {
    const sealed = await safestore.seal(place, 'secret');
    const thief = createSafestore({ peppers: [pepper(1)], userKeys });
    await expect(thief.open(place, sealed)).rejects.toThrow('The seal is broken.');
  });

  test('the pepper opens nothing without the database', async () => {
    const sealed = await safestore.seal(place, 'secret');
    const thief = createSafestore({ peppers, userKeys: fixedUserKey() });
    await expect(thief.open(place, sealed)).rejects.toThrow('The seal is broken.');
  });
});

describe('rewrapping a sealed secret', () => {
  test('a new pepper seals, the old one still opens, and after a rewrap it can be dropped', async () => {
    const [old, fresh, userKeys] = [pepper(1), pepper(2), memoryUserKeys()];
    const sealed = await createSafestore({ peppers: [old], userKeys }).seal(place, 'secret');
    const both = createSafestore({ peppers: [fresh, old], userKeys });
    expect((await both.open(place, sealed)).toString()).toBe('secret');
    expect(await both.needsRewrap(place, sealed)).toBe(true);
    const moved = await both.rewrap(place, sealed);
    expect(await both.needsRewrap(place, moved)).toBe(false);
    const after = createSafestore({ peppers: [fresh], userKeys });
    expect((await after.open(place, moved)).toString()).toBe('secret');
    await expect(after.open(place, sealed)).rejects.toThrow('There is no pepper of version 1.');
  });

  test('a new user key seals, and the old one opens until it is destroyed', async () => {
    const userKeys = memoryUserKeys();
    const safestore = createSafestore({ peppers: [pepper(1)], userKeys });
    const sealed = await safestore.seal(place, 'secret');
    userKeys.of(place.owner).push({ version: 2, key: randomBytes(32) });
    expect(await safestore.needsRewrap(place, sealed)).toBe(true);
    const moved = await safestore.rewrap(place, sealed);
    userKeys.of(place.owner).shift();
    expect((await safestore.open(place, moved)).toString()).toBe('secret');
    await expect(safestore.open(place, sealed)).rejects.toThrow('The owner has no key of version 1.');
  });

  test('a broken seal is not repaired by a rewrap', async () => {
    const safestore = createSafestore({ peppers: [pepper(1)], userKeys: memoryUserKeys() });
    const sealed = await safestore.seal(place, 'secret');
    sealed[30]! ^= 1;
    await expect(safestore.rewrap(place, sealed)).rejects.toThrow('The seal is broken.');
  });
});
