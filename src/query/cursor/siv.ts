// Deterministic authenticated encryption: SIV (Rogaway and Shrimpton, "Deterministic Authenticated-Encryption", 2006), here
// HMAC-SHA-256 with AES-256 in counter mode. The same text always gives the same bytes, and forging others takes the key.
//
// node:crypto takes longer to set up an HMAC or a cipher than to compute a page of them. So HMAC is built from one-shot
// hashes (RFC 2104), and the counter blocks go through one long-lived cipher (NIST SP 800-38A, 6.5).

import { createCipheriv, hash, timingSafeEqual } from 'node:crypto';

export interface Siv {
  /** @param header fixed length; authenticated but not encrypted @returns 16 bytes more than the text */
  seal(header: Buffer, plain: Buffer): Buffer;
  /** @returns undefined if it was not sealed with this key and header */
  open(header: Buffer, sealed: Buffer): Buffer | undefined;
}

export const sivBytes = 16;
const hashBlockBytes = 64;
const cipherBlockBytes = 16;
const nonceBytes = 12;

/** @param macKey 32 bytes @param cipherKey 32 bytes, different from `macKey` */
export function createSiv(macKey: Buffer, cipherKey: Buffer): Siv {
  const mac = createMac(macKey);
  const encrypt = createCounterMode(cipherKey);
  return {
    seal(header, plain) {
      const siv = mac(header, plain).subarray(0, sivBytes);
      return Buffer.concat([siv, encrypt(siv, plain)]);
    },
    open(header, sealed) {
      const siv = sealed.subarray(0, sivBytes);
      const plain = encrypt(siv, sealed.subarray(sivBytes));
      const isSame =
        siv.length === sivBytes && timingSafeEqual(mac(header, plain).subarray(0, sivBytes), siv);
      return isSame ? plain : undefined;
    },
  };
}

function createMac(key: Buffer): (...parts: Buffer[]) => Buffer {
  const padded = (pad: number) => Buffer.alloc(hashBlockBytes, pad).map((byte, i) => byte ^ (key[i] ?? 0));
  const inner = padded(0x36);
  const outer = padded(0x5c);
  const sha256 = (...parts: Uint8Array[]) => hash('sha256', Buffer.concat(parts), 'buffer');
  return (...parts) => sha256(outer, sha256(inner, ...parts));
}

/** Encrypts and decrypts. The nonce is the first 12 bytes of the SIV, followed by a counter that starts at 0. */
function createCounterMode(key: Buffer): (siv: Buffer, text: Buffer) => Buffer {
  const cipher = createCipheriv('aes-256-ecb', key, null).setAutoPadding(false);
  return (siv, text) => {
    const counters = Buffer.alloc(Math.ceil(text.length / cipherBlockBytes) * cipherBlockBytes);
    for (let at = 0; at < counters.length; at += cipherBlockBytes) {
      siv.copy(counters, at, 0, nonceBytes);
      counters.writeUInt32BE(at / cipherBlockBytes, at + nonceBytes);
    }
    const stream = cipher.update(counters);
    for (let at = 0; at < text.length; at++) stream[at]! ^= text[at]!;
    return stream.subarray(0, text.length);
  };
}
