// Passwords: argon2id with a secret from the pepper, so that a stolen database is not enough to guess them.

import { randomBytes } from 'node:crypto';
import { hash, verify } from '@node-rs/argon2';
import type { Pepper } from '../base/config/peppers.ts';
import { deriveSecret, findPepper, newestPepper, type Peppers } from '../safestore/peppers.ts';

/** OWASP's and RFC 9106's smaller setting: 19 MiB, two passes, one lane. Argon2id is the library's default. */
const cost = { memoryCost: 19 * 1024, timeCost: 2, parallelism: 1 };
const costText = `m=${cost.memoryCost},t=${cost.timeCost},p=${cost.parallelism}`;

export interface Passwords {
  /** @returns `<pepper version>$argon2id$...` */
  hash(password: string): Promise<string>;
  /**
   * @param stored null or undefined when there is no password: takes as long, and returns false
   * @returns whether the password matches; false also when its pepper is missing
   */
  verify(stored: string | null | undefined, password: string): Promise<boolean>;
  /** Whether a correct password should be hashed again, with the newest pepper and the current cost. */
  isStale(stored: string): boolean;
}

export function createPasswords(peppers: Peppers): Passwords {
  const newest = newestPepper(peppers);
  const hashed = async (password: string) =>
    `${newest.version}${await hash(normal(password), withSecret(newest))}`;
  let decoy: Promise<string> | undefined;

  async function check(stored: string, pepper: Pepper, password: string): Promise<boolean> {
    return verify(stored.slice(stored.indexOf('$')), normal(password), withSecret(pepper));
  }

  return {
    hash: hashed,
    async verify(stored, password) {
      const pepper = stored ? findPepper(peppers, versionOf(stored)) : undefined;
      if (stored && pepper) return check(stored, pepper, password);
      decoy ??= hashed(randomBytes(32).toString('base64url'));
      await check(await decoy, newest, password);
      return false;
    },
    isStale: stored => versionOf(stored) !== newest.version || !stored.includes(`$${costText}$`),
  };
}

const withSecret = (pepper: Pepper) => ({ ...cost, secret: deriveSecret(pepper, 'argon2id') });

const versionOf = (stored: string): number => Number(stored.slice(0, stored.indexOf('$')));

/** Keyboards differ in how they compose characters such as umlauts; the password is the same. */
const normal = (password: string): string => password.normalize('NFC');
