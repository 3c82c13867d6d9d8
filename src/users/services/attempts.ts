// Limits sign-in attempts. Attempts are counted before the password is checked, so parallel requests gain nothing. A correct
// password gives its attempt back, so many users behind one IP address can still sign in.

import { hash } from 'node:crypto';
import { fault } from '../../base/errors.ts';
import type { Consumed, CreateLimiter } from '../../base/memory/rate-limiter.ts';
import { createTurns } from './turns.ts';

export interface Attempts {
  /**
   * Checks a password, unless there were too many wrong ones.
   * @throws TOO_MANY_REQUESTS with `retry-after`, whether or not the account exists
   */
  judge<Judged extends { readonly right: boolean }>(
    email: string,
    address: string,
    look: () => Promise<Judged>,
  ): Promise<Judged>;
  /** Clears the counts after a password reset. */
  forgive(email: string, address: string): Promise<void>;
  /** Counts an e-mail to an address that anyone can enter. @returns false if the address got too many */
  email(email: string): Promise<boolean>;
  /** Counts any other request to an open page. @throws TOO_MANY_REQUESTS */
  open(address: string): Promise<void>;
}

const minute = 60;
const hour = 3_600;
/** Parallel password checks per IP address: each counts as wrong until it is done, so they must be few. */
const judgedAtOnce = 8;

/**
 * Per IP address and account: 1 minute of waiting after 5 wrong passwords, 15 minutes after 10, 6 hours after 30. Per
 * account: 100 wrong passwords an hour from all IP addresses (NIST SP 800-63B-4, section 3.2.2). Per IP address: 100 in
 * 15 minutes against all accounts.
 */
export function createAttempts(createLimiter: CreateLimiter): Attempts {
  const pair = [
    createLimiter({ name: 'sign-in-1m', points: 5, seconds: minute }),
    createLimiter({ name: 'sign-in-15m', points: 10, seconds: 15 * minute }),
    createLimiter({ name: 'sign-in-6h', points: 30, seconds: 6 * hour }),
  ];
  const account = createLimiter({ name: 'sign-in-account', points: 100, seconds: hour });
  const address = createLimiter({ name: 'sign-in-address', points: 100, seconds: 15 * minute });
  const emails = createLimiter({ name: 'emails', points: 3, seconds: hour });
  const open = createLimiter({ name: 'open-pages', points: 30, seconds: 15 * minute });
  const inTurn = createTurns(judgedAtOnce);

  async function count(email: string, from: string): Promise<void> {
    const one = keyOf(email);
    refuse(waitOf(await address.consume(from)));
    // A rejected attempt is not counted further, so it neither uses up the account's attempts nor extends the wait.
    for (const limiter of pair) refuse(waitOf(await limiter.consume(`${one} ${from}`)));
    refuse(waitOf(await account.consume(one)));
  }

  async function forgive(email: string, from: string): Promise<void> {
    const one = keyOf(email);
    await Promise.all([...pair.map(limiter => limiter.reset(`${one} ${from}`)), account.reset(one)]);
  }

  return {
    judge: (email, from, look) =>
      inTurn(from, async () => {
        await count(email, from);
        const judged = await look();
        if (judged.right) await Promise.all([forgive(email, from), address.giveBack(from)]);
        return judged;
      }),
    forgive,
    email: async email => (await emails.consume(keyOf(email))).allowed,
    open: async from => refuse(waitOf(await open.consume(from))),
  };
}

const waitOf = ({ retryAfterSeconds }: Consumed): number => retryAfterSeconds;

function refuse(seconds: number): void {
  if (seconds === 0) return;
  const minutes = Math.ceil(seconds / minute);
  throw fault('TOO_MANY_REQUESTS', 'Too many attempts.', {
    hint: `Try again in ${minutes === 1 ? '1 minute' : `${minutes} minutes`}.`,
    headers: { 'retry-after': String(Math.ceil(seconds)) },
  });
}

/** Hashed, to keep e-mail addresses out of Redis. */
const keyOf = (email: string): string => hash('sha256', email, 'base64url');
