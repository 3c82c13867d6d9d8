// The one connection to Redis that all of an instance shares, where there is one. It stores only data that may be lost.

import { Redis } from 'ioredis';
import type { Logger } from '../log.ts';

export interface RedisConnection {
  readonly client: Redis;
  /** Whether it answers at present. */
  readonly ready: () => boolean;
  /** Runs a command. @returns undefined where Redis does not answer, within a second, or rejects the command */
  ask<Answer>(command: () => Promise<Answer>): Promise<Answer | undefined>;
  close(): Promise<void>;
}

/** A command that is not answered by then is given up, and its connection with it. */
const answerMs = 1_000;

/**
 * Commands fail at once while there is no connection, so that no request waits for one. It is made again by itself. One
 * over which nothing comes any more, as from a stalled Redis, is cut: what follows does not wait for it.
 */
export function openRedis(url: string, log: Logger): RedisConnection {
  const client = new Redis(url, {
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    connectTimeout: 5_000,
    commandTimeout: answerMs,
    socketTimeout: answerMs,
    retryStrategy: attempt => Math.min(attempt * 100, 2_000),
  });
  let isDown = false;
  function down(error: unknown): void {
    // Once for each time that it goes away, not for every attempt to get it back.
    if (!isDown)
      log.warn({ err: error }, 'Redis does not answer: each instance counts for itself until it does');
    isDown = true;
  }
  function up(): void {
    if (isDown) log.info('Redis answers again');
    isDown = false;
  }
  client.on('error', down);
  client.on('ready', up);
  return {
    client,
    ready: () => client.status === 'ready' && !isDown,
    async ask(command) {
      if (client.status !== 'ready') return undefined;
      try {
        const answer = await command();
        up();
        return answer;
      } catch (error) {
        down(error);
        return undefined;
      }
    },
    async close() {
      client.disconnect();
    },
  };
}
