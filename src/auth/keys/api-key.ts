// The format of an API key: pk_<id 12>_<secret 43><checksum 6>. Prefix and checksum let secret scanners find leaked keys,
// and mistyped keys are refused without a query.

import { hash, randomBytes, randomInt } from 'node:crypto';
import { crc32 } from 'node:zlib';

export interface ApiKey {
  /** 12 characters, not secret: it names the key in lists and logs. */
  readonly id: string;
  /** The whole credential, as its owner sends it. */
  readonly key: string;
}

const shape = /^pk_([0-9A-Za-z]{12})_[0-9A-Za-z_-]{43}([0-9A-Za-z]{6})$/;
const base62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const idLength = 12;
const secretBytes = 32;
const checksumLength = 6;

/** @returns a new key with 256 random bits */
export function makeApiKey(): ApiKey {
  const id = Array.from({ length: idLength }, () => base62[randomInt(base62.length)]).join('');
  const body = `pk_${id}_${randomBytes(secretBytes).toString('base64url')}`;
  return { id, key: body + checksum(body) };
}

/** @returns the key, or undefined when the format or the checksum is wrong */
export function readApiKey(text: string): ApiKey | undefined {
  const [, id, presented] = shape.exec(text) ?? [];
  if (!id || presented !== checksum(text.slice(0, -checksumLength))) return undefined;
  return { id, key: text };
}

export const isKeyId = (text: string): boolean => /^[0-9A-Za-z]{12}$/.test(text);

/** Whether a text is meant to be an API key, well formed or not. */
export const looksLikeApiKey = (text: string): boolean => text.startsWith('pk_');

/** @returns 32 bytes. One round of SHA-256 is enough over 256 random bits; slow hashes are for passwords. */
export const hashApiKey = (key: string): Buffer => hash('sha256', key, 'buffer');

/** @returns the part of a key that may be shown later */
export const lastFourOf = (key: string): string => key.slice(-4);

/** @returns the last six characters of a key: CRC-32 of the rest, in base 62 */
export function checksum(body: string): string {
  let rest = crc32(body);
  let digits = '';
  while (digits.length < checksumLength) {
    digits = base62[rest % base62.length] + digits;
    rest = Math.floor(rest / base62.length);
  }
  return digits;
}
