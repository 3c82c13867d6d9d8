import fc from 'fast-check';
import { expect, test } from 'vitest';
import { hashApiKey, isKeyId, lastFourOf, makeApiKey, readApiKey } from '../../src/auth/keys/api-key.ts';

test('a key is pk_, its id, its secret and its checksum', () => {
  const { id, key } = makeApiKey();
  expect(key).toMatch(/^pk_[0-9A-Za-z]{12}_[\w-]{43}[0-9A-Za-z]{6}$/);
  expect(key.slice(3, 15)).toBe(id);
  expect(isKeyId(id)).toBe(true);
});

test('what was made is read again', () => {
  for (let i = 0; i < 200; i++) {
    const made = makeApiKey();
    expect(readApiKey(made.key)).toEqual(made);
  }
});

test('a known key keeps its checksum, so that keys outlive versions of the server', () => {
  expect(readApiKey(`pk_Abc123Def456_${'x'.repeat(43)}249Cer`)?.id).toBe('Abc123Def456');
});

test('any one character changed is noticed', () => {
  const { key } = makeApiKey();
  for (let i = 0; i < key.length; i++) {
    const other = key[i] === 'A' ? 'B' : 'A';
    expect(readApiKey(key.slice(0, i) + other + key.slice(i + 1))).toBeUndefined();
  }
});

test('keys cut off, lengthened, padded or in other case are noticed', () => {
  const { key } = makeApiKey();
  for (const wrong of ['', 'x', key.slice(0, -1), `${key}x`, ` ${key}`, `${key}\n`, key.toUpperCase()])
    expect(readApiKey(wrong)).toBeUndefined();
});

test('no other text is taken for a key', () => {
  fc.assert(fc.property(fc.string(), text => readApiKey(text) === undefined));
});

test('the hash has 32 bytes and differs from key to key', () => {
  const [one, two] = [makeApiKey().key, makeApiKey().key];
  expect(hashApiKey(one).length).toBe(32);
  expect(hashApiKey(one)).toEqual(hashApiKey(one));
  expect(hashApiKey(one)).not.toEqual(hashApiKey(two));
});

test('what is shown of a key is the end of its checksum, nothing of its secret', () => {
  const { key } = makeApiKey();
  expect(lastFourOf(key)).toBe(key.slice(-4));
});
