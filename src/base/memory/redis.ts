// The one connection to Redis that all of an instance shares, where there is one. Nothing that must not be lost lies there.

import { Redis } from 'ioredis';
import type { Logger } from '../log.ts';

export interface RedisConnection {
  readonly client: Redis;
  /** Whether it answers at present. */
  readonly ready: () => boolean;
  close(): Promise<void>;
}

/** Commands fail at once while there is no connection, so that no request waits for one. It is made again by itself. */
export function openRedis(url: string, log: Logger): RedisConnection {
  const client = new Redis(url, {
    enableOfflineQueue: false,
    maxRetriesPerRequest: 1,
    connectTimeout: 5_000,
    retryStrategy: attempt => Math.min(attempt * 100, 2_000),
  });
  let isDown = false;
  client.on('error', error => {
    // Once for each time that it goes away, not for every attempt to get it back.
    if (!isDown)
      log.warn({ err: error }, 'Redis does not answer: each instance counts for itself until it does');
    isDown = true;
  });
  client.on('ready', () => {
    if (isDown) log.info('Redis answers again');
    isDown = false;
  });
  return {
    client,
    ready: () => client.status === 'ready',
    async close() {
      client.disconnect();
    },
  };
}
