import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import type { Logger } from '../log.ts';
import type { Listen } from './database.ts';

const pauseMinMs = 200;
const pauseMaxMs = 5_000;

/** @returns a Listen over a connection of its own for each channel, made again whenever it is lost */
export const listenPostgresql =
  (settings: pg.ClientConfig, log: Logger): Listen =>
  (channel, heard) => {
    const listener = new Listener(settings, log, channel, heard);
    const ended = listener.run();
    return {
      close: () => {
        listener.stop();
        return ended;
      },
    };
  };

class Listener {
  readonly #settings: pg.ClientConfig;
  readonly #log: Logger;
  readonly #channel: string;
  readonly #heard: (payload?: string) => void;
  readonly #stopped = new AbortController();

  constructor(settings: pg.ClientConfig, log: Logger, channel: string, heard: (payload?: string) => void) {
    this.#settings = settings;
    this.#log = log;
    this.#channel = channel;
    this.#heard = heard;
  }

  stop(): void {
    this.#stopped.abort();
  }

  async run(): Promise<void> {
    const { signal } = this.#stopped;
    let pauseMs = pauseMinMs;
    while (!signal.aborted) {
      const begun = performance.now();
      await this.#listenOnce();
      if (signal.aborted) return;
      pauseMs = performance.now() - begun > pauseMaxMs ? pauseMinMs : Math.min(pauseMs * 2, pauseMaxMs);
      await sleep(pauseMs, undefined, { signal }).catch(() => {});
    }
  }

  /** Returns when the connection is lost or no longer needed. */
  async #listenOnce(): Promise<void> {
    const { signal } = this.#stopped;
    const client = new pg.Client(this.#settings);
    const over = Promise.withResolvers<void>();
    client.on('error', () => over.resolve());
    client.on('end', () => over.resolve());
    client.on('notification', ({ payload }) => this.#heard(payload ?? ''));
    signal.addEventListener('abort', () => over.resolve(), { once: true });
    try {
      await client.connect();
      await client.query(`listen ${this.#channel}`);
      this.#heard();
      await over.promise;
    } catch (error) {
      this.#log.debug({ error, channel: this.#channel }, 'cannot listen');
    } finally {
      await client.end().catch(() => {});
    }
    if (!signal.aborted) this.#log.warn({ channel: this.#channel }, 'the listening connection was lost');
  }
}
