// The rate limit per credential. No request waits for its own count: it is admitted by the last known count and the number
// of requests still being counted. So counting in Redis adds no latency, and a burst cannot exceed the limit.

import { fault } from '../base/errors.ts';
import type { Consumed, CreateLimiter, Limiter } from '../base/memory/rate-limiter.ts';
import type { Principal } from '../base/principal.ts';

export interface RequestLimits {
  /** Counts a request. @returns rate limit headers @throws TOO_MANY_REQUESTS */
  admit(principal: Principal): readonly string[];
  /** Counts a request with an invalid credential. @throws TOO_MANY_REQUESTS instead of INVALID_CREDENTIAL */
  refused(address: string): Promise<void>;
}

export interface RequestLimit {
  /** 0: unlimited. */
  readonly points: number;
  readonly seconds: number;
}

/** Guessing a 256-bit key is hopeless, so this only protects the log and the database. */
const refusals = { name: 'refused', points: 300, seconds: 60 };
const sendersMax = 20_000;

interface Sender {
  /** The last known count. */
  last?: Consumed;
  /** `performance.now()` of the last known count. */
  countedAt: number;
  /** Requests that are still being counted. */
  pending: number;
}

export function createRequestLimits(limit: RequestLimit, createLimiter: CreateLimiter): RequestLimits {
  const guesses = createLimiter(refusals);
  return {
    admit: limit.points > 0 ? admission(limit, createLimiter({ name: 'requests', ...limit })) : () => none,
    async refused(address) {
      const { allowed, retryAfterSeconds } = await guesses.consume(address);
      if (allowed) return;
      throw fault('TOO_MANY_REQUESTS', 'Too many requests with invalid credentials from this address.', {
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
    const sender: Sender = { countedAt: 0, pending: 0 };
    senders.set(key, sender);
    return sender;
  }

  function count(key: string, sender: Sender): void {
    sender.pending++;
    const counted = limiter.consume(key).then(consumed => {
      sender.last = consumed;
      sender.countedAt = performance.now();
    });
    // A limiter that fails blocks no requests.
    const over = () => void sender.pending--;
    counted.then(over, over);
  }

  return principal => {
    const key = senderKey(principal);
    const sender = senderOf(key);
    const { last } = sender;
    const left = last ? last.resetSeconds - (performance.now() - sender.countedAt) / 1_000 : 0;
    const known = last && left > 0;
    const reset = known ? Math.ceil(left) : seconds;
    const remaining = (known ? last.remaining : points) - sender.pending;
    if (remaining <= 0) {
      throw fault('TOO_MANY_REQUESTS', `More than ${points} requests in ${seconds} s.`, {
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

/** All tokens of an app for one user count together, and so do all sessions of a user. */
export function senderKey({ kind, id, userId, appId }: Principal): string {
  if (appId !== undefined) return `app:${appId}:${userId}`;
  return kind === 'session' ? `user:${userId}` : `${kind}:${id}`;
}
