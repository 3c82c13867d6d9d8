// What an app is known by: a client id, which is public, and secrets, which are shown once.

import { hash, randomBytes, randomInt } from 'node:crypto';
import { checksum } from '../../auth/keys/api-key.ts';

/** Without characters that are taken for one another when they are copied by hand. */
const readable = 'abcdefghijkmnpqrstuvwxyz23456789';
const idLength = 20;
const secretBytes = 32;

/** @returns such as `app_7k3mq…`: 100 random bits */
export const makeClientId = (): string =>
  `app_${Array.from({ length: idLength }, () => readable[randomInt(readable.length)]).join('')}`;

/** Nothing longer or otherwise reaches the database. */
export const isClientId = (text: string): boolean => /^app_[a-z2-9]{20}$/.test(text);

/** @returns `pas_…` with 256 random bits; prefix and checksum let secret scanners find a leaked one */
export function makeAppSecret(): string {
  const body = `pas_${randomBytes(secretBytes).toString('base64url')}`;
  return body + checksum(body);
}

/** @returns 32 bytes. One round of SHA-256 is enough over 256 random bits; slow hashes are for passwords. */
export const hashAppSecret = (secret: string): Buffer => hash('sha256', secret, 'buffer');
