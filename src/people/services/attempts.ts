// How often somebody may try. Attempts are counted before they are judged, so that many at once gain nothing. Right ones
// are taken back: however many people share an address, they get in.

import { hash } from 'node:crypto';
import { fault } from '../../base/errors.ts';
import type { Consumed, CreateLimiter } from '../../base/memory/rate-limiter.ts';
import { createTurns } from './turns.ts';

export interface Attempts {
  /**
   * Judges a password, unless there were too many wrong ones.
   * @throws TOO_MANY_REQUESTS with `retry-after`, whether there is such an account or not
   */
  judge<Judged extends { readonly right: boolean }>(
    email: string,
    address: string,
    look: () => Promise<Judged>,
  ): Promise<Judged>;
  /** The password was chosen anew. */
  forgive(email: string, address: string): Promise<void>;
  /** Before a letter is sent to an address that anybody can name. @returns false where the address had enough of them */
  letter(email: string): Promise<boolean>;
  /** Before anything else that anybody may do. @throws TOO_MANY_REQUESTS */
  open(address: string): Promise<void>;
}

const minute = 60;
const hour = 3_600;
/** Passwords from one address that are judged at once: what is under way counts as wrong, and so must be few. */
const judgedAtOnce = 8;

/**
 * From one address against one account, waits grow: a minute after 5 wrong passwords, a quarter of an hour after 10, six
 * hours after 30. From all addresses together an account takes 100 wrong ones an hour (NIST SP 800-63B-4, section 3.2.2),
 * and an address may make 100 in a quarter of an hour, against any accounts.
 */
export function createAttempts(createLimiter: CreateLimiter): Attempts {
  const pair = [
    createLimiter({ name: 'sign-in-1m', points: 5, seconds: minute }),
    createLimiter({ name: 'sign-in-15m', points: 10, seconds: 15 * minute }),
    createLimiter({ name: 'sign-in-6h', points: 30, seconds: 6 * hour }),
  ];
  const account = createLimiter({ name: 'sign-in-account', points: 100, seconds: hour });
  const address = createLimiter({ name: 'sign-in-address', points: 100, seconds: 15 * minute });
  const letters = createLimiter({ name: 'letters', points: 3, seconds: hour });
  const open = createLimiter({ name: 'open-pages', points: 30, seconds: 15 * minute });
  const inTurn = createTurns(judgedAtOnce);

  async function count(email: string, from: string): Promise<void> {
    const one = keyOf(email);
    refuse(waitOf(await address.consume(from)));
    // What is refused here counts no further: nobody uses up the account's attempts, or gets a longer wait, by knocking.
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
    letter: async email => (await letters.consume(keyOf(email))).allowed,
    open: async from => refuse(waitOf(await open.consume(from))),
  };
}

const waitOf = ({ retryAfterSeconds }: Consumed): number => retryAfterSeconds;

function refuse(seconds: number): void {
  if (seconds === 0) return;
  const minutes = Math.ceil(seconds / minute);
  throw fault('TOO_MANY_REQUESTS', 'There were too many attempts.', {
    hint: `Try again in ${minutes === 1 ? 'a minute' : `${minutes} minutes`}.`,
    headers: { 'retry-after': String(Math.ceil(seconds)) },
  });
}

/** Addresses stay out of Redis. */
const keyOf = (email: string): string => hash('sha256', email, 'base64url');
