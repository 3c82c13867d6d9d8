import { randomBytes } from 'node:crypto';
import { hash } from '@node-rs/argon2';
import { expect, test } from 'vitest';
import { createPasswords } from '../../src/auth/passwords.ts';

const pepper = (version: number) => ({ version, secret: randomBytes(32) });
const [old, fresh] = [pepper(1), pepper(2)];

test('password hashes are argon2id with 19 MiB, two passes and one lane, and name their pepper', async () => {
  expect(await createPasswords([old]).hash('secret')).toMatch(/^1\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
});

test('a password hash only matches its password', async () => {
  const passwords = createPasswords([old]);
  const stored = await passwords.hash('correct horse');
  expect(await passwords.verify(stored, 'correct horse')).toBe(true);
  expect(await passwords.verify(stored, 'correct Horse')).toBe(false);
  expect(await passwords.verify(stored, '')).toBe(false);
});

test('a password matches however an umlaut was typed', async () => {
  const passwords = createPasswords([old]);
  expect(await passwords.verify(await passwords.hash('m\u00fcller'), 'mu\u0308ller')).toBe(true);
});

test('a password cannot be verified without the pepper', async () => {
  const stored = await createPasswords([old]).hash('secret');
  expect(await createPasswords([pepper(1)]).verify(stored, 'secret')).toBe(false);
  const bare = await hash('secret', { memoryCost: 19_456, timeCost: 2, parallelism: 1 });
  expect(await createPasswords([old]).verify(`1${bare}`, 'secret')).toBe(false);
});

test('a password is valid under a new pepper, and is reported as stale', async () => {
  const stored = await createPasswords([old]).hash('secret');
  const both = createPasswords([fresh, old]);
  expect(await both.verify(stored, 'secret')).toBe(true);
  expect(both.isStale(stored)).toBe(true);
  expect(both.isStale(await both.hash('secret'))).toBe(false);
  expect(await createPasswords([fresh]).verify(stored, 'secret')).toBe(false);
});

test('a password hash with a lower cost is reported as stale', async () => {
  const passwords = createPasswords([old]);
  const stored = await passwords.hash('secret');
  expect(passwords.isStale(stored.replace('m=19456', 'm=4096'))).toBe(true);
});

test('verifying takes as long without a stored password as with one', async () => {
  const passwords = createPasswords([old]);
  const stored = await passwords.hash('secret');
  const medianOf = async (given: string | null) => {
    const times = [];
    for (let i = 0; i < 9; i++) {
      const before = performance.now();
      expect(await passwords.verify(given, 'wrong')).toBe(false);
      times.push(performance.now() - before);
    }
    return times.sort((a, b) => a - b)[4]!;
  };
  await medianOf(null);
  const ratio = (await medianOf(null)) / (await medianOf(stored));
  // Without the decoy's hash the ratio would be below 0.001.
  expect(ratio).toBeGreaterThan(0.2);
  expect(ratio).toBeLessThan(5);
  expect(await passwords.verify('9$argon2id$v=19$m=19456,t=2,p=1$x$y', 'secret')).toBe(false);
});
