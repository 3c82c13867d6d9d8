// Passwords: argon2id with a secret from the pepper, so that a stolen database alone cannot even be guessed at.

import { hash, verify } from '@node-rs/argon2';
import type { Pepper } from '../base/config.ts';
import { deriveSecret, findPepper, newestPepper, type Peppers } from '../safestore/peppers.ts';

/** OWASP's and RFC 9106's smaller setting: 19 MiB, two passes, one lane. Argon2id is the library's default. */
const cost = { memoryCost: 19 * 1024, timeCost: 2, parallelism: 1 };

export interface Passwords {
  /** @returns `<pepper version>$argon2id$...` */
  hash(password: string): Promise<string>;
  /** @returns whether it fits; false too when the pepper of its time is gone */
  verify(stored: string, password: string): Promise<boolean>;
  /** Whether a password that was just right should be hashed anew, with the newest pepper. */
  isStale(stored: string): boolean;
}

export function createPasswords(peppers: Peppers): Passwords {
  const newest = newestPepper(peppers);
  return {
    hash: async password => `${newest.version}${await hash(normal(password), withSecret(newest))}`,
    async verify(stored, password) {
      const pepper = findPepper(peppers, versionOf(stored));
      if (!pepper) return false;
      return verify(stored.slice(stored.indexOf('$')), normal(password), withSecret(pepper));
    },
    isStale: stored => versionOf(stored) !== newest.version,
  };
}

const withSecret = (pepper: Pepper) => ({ ...cost, secret: deriveSecret(pepper, 'argon2id') });

const versionOf = (stored: string): number => Number(stored.slice(0, stored.indexOf('$')));

/** Keyboards differ in how they compose an umlaut; the password is the same. */
const normal = (password: string): string => password.normalize('NFC');
