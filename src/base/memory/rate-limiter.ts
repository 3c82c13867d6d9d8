// Counting how often something is done: in Redis for all instances together where there is one, else for this process.

import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible';
import type { RedisConnection } from './redis.ts';

export interface LimiterOptions {
  /** Of what is counted; limiters of one name share their counts. */
  readonly name: string;
  /** So many times … */
  readonly points: number;
  /** … in so many seconds, which begin with the first. */
  readonly seconds: number;
}

export interface Limiter {
  /** Counts one time more. */
  consume(key: string): Promise<Consumed>;
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

/** @param redis absent: in memory. While it does not answer, each instance counts for itself. */
export function limitersOver(redis?: RedisConnection): CreateLimiter {
  return ({ name, points, seconds }) => {
    const options = { keyPrefix: `portolan:${name}`, points, duration: seconds };
    const memory = new RateLimiterMemory(options);
    const limiter = redis
      ? new RateLimiterRedis({ ...options, storeClient: redis.client, insuranceLimiter: memory })
      : memory;
    return {
      async consume(key) {
        try {
          return toConsumed(await limiter.consume(key), true);
        } catch (refused) {
          if (refused instanceof RateLimiterRes) return toConsumed(refused, false);
          throw refused;
        }
      },
      async reset(key) {
        await limiter.delete(key);
      },
    };
  };
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
