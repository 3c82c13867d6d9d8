// Counting how often something is done: in Redis for all instances together where there is one, else for this process.

import {
  type RateLimiterAbstract,
  RateLimiterMemory,
  RateLimiterRedis,
  RateLimiterRes,
} from 'rate-limiter-flexible';
import type { RedisConnection } from './redis.ts';

interface LimiterOptions {
  /** Of what is counted; limiters of one name share their counts. */
  readonly name: string;
  /** So many times … */
  readonly points: number;
  /** … in so many seconds, which begin with the first. */
  readonly seconds: number;
}

export interface Limiter {
  /** Counts once more, or several times. */
  consume(key: string, points?: number): Promise<Consumed>;
  /** Undoes one count. */
  giveBack(key: string): Promise<void>;
  /** Forgets what was counted. */
  reset(key: string): Promise<void>;
}

export interface Consumed {
  readonly allowed: boolean;
  /** Times that are left. */
  readonly remaining: number;
  /** Until the count begins anew. */
  readonly resetSeconds: number;
  /** 0 where it is allowed. */
  readonly retryAfterSeconds: number;
}

export type CreateLimiter = (options: LimiterOptions) => Limiter;

/**
 * Every instance counts by itself, and also in Redis for all. While Redis does not answer, its own count holds,
 * which was not begun anew only then: no instance grants more than the limit.
 * @param redis absent: in memory
 */
export function limitersOver(redis?: RedisConnection): CreateLimiter {
  return ({ name, points, seconds }) => {
    const options = { keyPrefix: `portolan:${name}`, points, duration: seconds };
    const own = new RateLimiterMemory(options);
    const shared = redis && new RateLimiterRedis({ ...options, storeClient: redis.client });
    return {
      async consume(key, times = 1) {
        const alone = await consumed(own, key, times);
        return (shared && (await redis?.ask(() => consumed(shared, key, times)))) ?? alone;
      },
      async giveBack(key) {
        await own.reward(key);
        if (shared) await redis?.ask(() => shared.reward(key));
      },
      async reset(key) {
        await own.delete(key);
        if (shared) await redis?.ask(() => shared.delete(key));
      },
    };
  };
}

async function consumed(limiter: RateLimiterAbstract, key: string, points: number): Promise<Consumed> {
  try {
    return toConsumed(await limiter.consume(key, points), true);
  } catch (refused) {
    if (refused instanceof RateLimiterRes) return toConsumed(refused, false);
    throw refused;
  }
}

function toConsumed({ remainingPoints, msBeforeNext }: RateLimiterRes, allowed: boolean): Consumed {
  const seconds = Math.max(1, Math.ceil(msBeforeNext / 1_000));
  return {
    allowed,
    remaining: Math.max(0, remainingPoints),
    resetSeconds: seconds,
    retryAfterSeconds: allowed ? 0 : seconds,
  };
}
