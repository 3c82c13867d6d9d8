import { randomBytes } from 'node:crypto';
import { CompactEncrypt, compactDecrypt } from 'jose';
import { describe, expect, test } from 'vitest';
import { decrypt, encrypt, ivBytes, keyBytes } from '../../src/safestore/cipher.ts';

const hex = (text: string) => Buffer.from(text.replace(/\s+/g, ''), 'hex');

/** RFC 7518, appendix B.3. */
const vector = {
  key: Buffer.from(Array.from({ length: keyBytes }, (_, i) => i)),
  plaintext: Buffer.from(
    'A cipher system must not be required to be secret, and it must be able to fall into the hands of the enemy without inconvenience',
  ),
  iv: hex('1a f3 8c 2d c2 b9 6f fd d8 66 94 09 23 41 bc 04'),
  bound: Buffer.from('The second principle of Auguste Kerckhoffs'),
  ciphertext: hex(`
    4a ff aa ad b7 8c 31 c5 da 4b 1b 59 0d 10 ff bd 3d d8 d5 d3 02 42 35 26 91 2d a0 37 ec bc c7 bd
    82 2c 30 1d d6 7c 37 3b cc b5 84 ad 3e 92 79 c2 e6 d1 2a 13 74 b7 7f 07 75 53 df 82 94 10 44 6b
    36 eb d9 70 66 29 6a e6 42 7e a7 5c 2e 08 46 a1 1a 09 cc f5 37 0d c8 0b fe cb ad 28 c7 3f 09 b3
    a3 b7 5e 66 2a 25 94 41 0a e4 96 b2 e2 e6 60 9e 31 e6 e0 2c c8 37 f0 53 d2 1f 37 ff 4f 51 95 0b
    be 26 38 d0 9d d7 a4 93 09 30 80 6d 07 03 b1 f6`),
  tag: hex('4d d3 b4 c0 88 a7 f4 5c 21 68 39 64 5b 20 12 bf 2e 62 69 a8 c5 6a 81 6d bc 1b 26 77 61 95 5b c5'),
};

describe('the cipher of RFC 7518 section 5.2.5', () => {
  test('encrypts the vector of appendix B.3 to the byte', () => {
    const { key, iv, bound, plaintext } = vector;
    expect(encrypt(key, iv, bound, plaintext)).toEqual({ ciphertext: vector.ciphertext, tag: vector.tag });
  });

  test('decrypts the vector of appendix B.3', () => {
    const { key, iv, bound } = vector;
    expect(decrypt(key, iv, bound, vector)).toEqual(vector.plaintext);
  });

  test.each(['key', 'iv', 'bound', 'ciphertext', 'tag'] as const)(
    'refuses the vector with another %s',
    part => {
      const altered = { ...vector, [part]: Buffer.from(vector[part]) };
      altered[part][0]! ^= 1;
      expect(() => decrypt(altered.key, altered.iv, altered.bound, altered)).toThrow('The seal is broken.');
    },
  );

  test('refuses a tag that was cut short', () => {
    const { key, iv, bound, ciphertext, tag } = vector;
    const cut = { ciphertext, tag: tag.subarray(0, 16) };
    expect(() => decrypt(key, iv, bound, cut)).toThrow('The seal is broken.');
  });

  test('decrypts what jose encrypts, an independent implementation', async () => {
    const key = randomBytes(keyBytes);
    const message = new CompactEncrypt(Buffer.from('hello'));
    const jwe = await message.setProtectedHeader({ alg: 'dir', enc: 'A256CBC-HS512' }).encrypt(key);
    const [header = '', , iv = '', ciphertext = '', tag = ''] = jwe.split('.');
    const encrypted = { ciphertext: bytes(ciphertext), tag: bytes(tag) };
    expect(decrypt(key, bytes(iv), Buffer.from(header), encrypted).toString()).toBe('hello');
  });

  test('encrypts what jose decrypts', async () => {
    const key = randomBytes(keyBytes);
    const header = Buffer.from(JSON.stringify({ alg: 'dir', enc: 'A256CBC-HS512' })).toString('base64url');
    const iv = randomBytes(ivBytes);
    const { ciphertext, tag } = encrypt(key, iv, Buffer.from(header), Buffer.from('back'));
    const parts = [iv, ciphertext, tag].map(part => part.toString('base64url'));
    const { plaintext } = await compactDecrypt([header, '', ...parts].join('.'), key);
    expect(Buffer.from(plaintext).toString()).toBe('back');
  });
});

const bytes = (text: string) => Buffer.from(text, 'base64url');
