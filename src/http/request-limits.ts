// How many requests one credential may make. Nobody waits for the count: a request is judged by what the last one was
// told, and by how many were counted since and not told yet, so that a count in Redis costs no time, and many at once are
// granted no more than the limit.

import { fault } from '../base/errors.ts';
import type { Consumed, CreateLimiter, Limiter } from '../base/memory/rate-limiter.ts';
import type { Principal } from '../base/principal.ts';

export interface RequestLimits {
  /** Counts a request. @returns headers that tell where its sender stands @throws TOO_MANY_REQUESTS */
  admit(principal: Principal): readonly string[];
  /** Counts a request whose credential was refused. @throws TOO_MANY_REQUESTS in place of the refusal */
  refused(address: string): Promise<void>;
}

export interface RequestLimit {
  /** 0: any number. */
  readonly points: number;
  readonly seconds: number;
}

/** Guessing a key of 256 bits is hopeless, and so this only spares the log and the database. */
const refusals = { name: 'refused', points: 300, seconds: 60 };
const sendersMax = 20_000;

interface Sender {
  told?: Consumed;
  /** `performance.now()` when it was told. */
  at: number;
  /** Requests that are counted, and not told yet. */
  underWay: number;
}

export function createRequestLimits(limit: RequestLimit, createLimiter: CreateLimiter): RequestLimits {
  const guesses = createLimiter(refusals);
  return {
    admit: limit.points > 0 ? admission(limit, createLimiter({ name: 'requests', ...limit })) : () => none,
    async refused(address) {
      const { allowed, retryAfterSeconds } = await guesses.consume(address);
      if (allowed) return;
      throw fault('TOO_MANY_REQUESTS', 'Too many credentials from this address were wrong.', {
        hint: `Try again in ${retryAfterSeconds} s.`,
        headers: { 'retry-after': String(retryAfterSeconds) },
      });
    },
  };
}

const none: readonly string[] = [];

function admission({ points, seconds }: RequestLimit, limiter: Limiter): RequestLimits['admit'] {
  // https://datatracker.ietf.org/doc/draft-ietf-httpapi-ratelimit-headers/
  const policy = `"default";q=${points};w=${seconds}`;
  const senders = new Map<string, Sender>();

  function senderOf(key: string): Sender {
    const known = senders.get(key);
    if (known) return known;
    if (senders.size >= sendersMax) senders.delete(senders.keys().next().value!);
    const sender: Sender = { at: 0, underWay: 0 };
    senders.set(key, sender);
    return sender;
  }

  function count(key: string, sender: Sender): void {
    sender.underWay++;
    const counted = limiter.consume(key).then(told => {
      sender.told = told;
      sender.at = performance.now();
    });
    // Whoever can't count does not hinder anybody.
    const over = () => void sender.underWay--;
    counted.then(over, over);
  }

  return principal => {
    const key = senderKey(principal);
    const sender = senderOf(key);
    const { told } = sender;
    const left = told ? told.resetSeconds - (performance.now() - sender.at) / 1_000 : 0;
    const known = told && left > 0;
    const reset = known ? Math.ceil(left) : seconds;
    const remaining = (known ? told.remaining : points) - sender.underWay;
    if (remaining <= 0) {
      throw fault('TOO_MANY_REQUESTS', `There were more than ${points} requests in ${seconds} s.`, {
        hint: `Try again in ${reset} s.`,
        headers: {
          'retry-after': String(reset),
          'ratelimit-policy': policy,
          ratelimit: `"default";r=0;t=${reset}`,
        },
      });
    }
    count(key, sender);
    return ['ratelimit-policy', policy, 'ratelimit', `"default";r=${remaining - 1};t=${reset}`];
  };
}

/** An app's tokens for one user count together, and so do all sessions of a person. */
export function senderKey({ kind, id, userId, appId }: Principal): string {
  if (appId !== undefined) return `app:${appId}:${userId}`;
  return kind === 'session' ? `user:${userId}` : `${kind}:${id}`;
}
