// AEAD_AES_256_CBC_HMAC_SHA_512, RFC 7518 section 5.2.5: AES-256-CBC, then HMAC-SHA-512 over the ciphertext.

import { createCipheriv, createDecipheriv, createHmac, timingSafeEqual } from 'node:crypto';
import { SealFault } from './seal-fault.ts';

/** Bytes of a key: its first half authenticates, its second half encrypts (section 5.2.2.1). */
export const keyBytes = 64;
export const ivBytes = 16;
export const tagBytes = 32;

const macKeyBytes = 32;

export interface Encrypted {
  /** A whole number of 16-byte blocks. */
  readonly ciphertext: Buffer;
  /** 32 bytes. */
  readonly tag: Buffer;
}

/** @param key 64 bytes @param iv 16 bytes, never used twice with one key @param bound associated data: authenticated, not encrypted */
export function encrypt(key: Buffer, iv: Buffer, bound: Buffer, plaintext: Buffer): Encrypted {
  const cipher = createCipheriv('aes-256-cbc', key.subarray(macKeyBytes), iv);
  const ciphertext = Buffer.concat([cipher.update(plaintext), cipher.final()]);
  return { ciphertext, tag: authenticate(key, iv, bound, ciphertext) };
}

/** @returns the plaintext @throws SealFault when the tag does not fit key, iv, bound data and ciphertext */
export function decrypt(key: Buffer, iv: Buffer, bound: Buffer, { ciphertext, tag }: Encrypted): Buffer {
  const expected = authenticate(key, iv, bound, ciphertext);
  // Check the tag before the padding, so that there is no padding oracle.
  if (tag.length !== tagBytes || !timingSafeEqual(tag, expected)) throw new SealFault('The seal is broken.');
  const decipher = createDecipheriv('aes-256-cbc', key.subarray(macKeyBytes), iv);
  return Buffer.concat([decipher.update(ciphertext), decipher.final()]);
}

function authenticate(key: Buffer, iv: Buffer, bound: Buffer, ciphertext: Buffer): Buffer {
  const boundBits = Buffer.alloc(8);
  boundBits.writeBigUInt64BE(BigInt(bound.length) * 8n);
  const mac = createHmac('sha512', key.subarray(0, macKeyBytes));
  return mac.update(bound).update(iv).update(ciphertext).update(boundBits).digest().subarray(0, tagBytes);
}
