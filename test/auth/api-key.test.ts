import fc from 'fast-check';
import { expect, test } from 'vitest';
import { hashApiKey, isKeyId, lastFourOf, makeApiKey, readApiKey } from '../../src/auth/keys/api-key.ts';

test('an API key is pk_, its id, its secret and its checksum', () => {
  const { id, key } = makeApiKey();
  expect(key).toMatch(/^pk_[0-9A-Za-z]{12}_[\w-]{43}[0-9A-Za-z]{6}$/);
  expect(key.slice(3, 15)).toBe(id);
  expect(isKeyId(id)).toBe(true);
});

test('a new API key can be parsed', () => {
  for (let i = 0; i < 200; i++) {
    const made = makeApiKey();
    expect(readApiKey(made.key)).toEqual(made);
  }
});

test('the checksum of a known key does not change between server versions', () => {
  expect(readApiKey(`pk_Abc123Def456_${'x'.repeat(43)}249Cer`)?.id).toBe('Abc123Def456');
});

test('a key with one changed character is rejected', () => {
  const { key } = makeApiKey();
  for (let i = 0; i < key.length; i++) {
    const other = key[i] === 'A' ? 'B' : 'A';
    expect(readApiKey(key.slice(0, i) + other + key.slice(i + 1))).toBeUndefined();
  }
});

test('keys that are truncated, lengthened, padded or in another case are rejected', () => {
  const { key } = makeApiKey();
  for (const wrong of ['', 'x', key.slice(0, -1), `${key}x`, ` ${key}`, `${key}\n`, key.toUpperCase()])
    expect(readApiKey(wrong)).toBeUndefined();
});

test('other text is not parsed as a key', () => {
  fc.assert(fc.property(fc.string(), text => readApiKey(text) === undefined));
});

test('the hash of a key has 32 bytes and differs from key to key', () => {
  const [one, two] = [makeApiKey().key, makeApiKey().key];
  expect(hashApiKey(one).length).toBe(32);
  expect(hashApiKey(one)).toEqual(hashApiKey(one));
  expect(hashApiKey(one)).not.toEqual(hashApiKey(two));
});

test('the shown part of a key is the end of its checksum, not of its secret', () => {
  const { key } = makeApiKey();
  expect(lastFourOf(key)).toBe(key.slice(-4));
});
