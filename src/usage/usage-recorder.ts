// Adds up what each credential uses, in memory, and writes it every ten seconds: a process that is killed loses that much.

import type { Database } from '../base/database/database.ts';
import type { Logger } from '../base/log.ts';
import type { Exchange, Outcome, UsageRecorder } from '../http/exchange.ts';
import { senderKey } from '../http/limits/request-limits.ts';
import { addUsage, clearUsage, type UsageCounts, type UsageKey } from './usage-store.ts';

export interface UsageDeps {
  readonly database: Database;
  readonly log: Logger;
}

export interface Usage extends UsageRecorder {
  /** Writes what was added up so far. @returns false if the database did not take it; nothing is lost then */
  flush(): Promise<boolean>;
  /** Deletes a batch of what is older than `days`. @returns whether there may be more */
  clear(days: number): Promise<boolean>;
  close(): Promise<void>;
}

const flushMs = 10_000;
const batchRows = 5_000;

type Used = Map<string, readonly [UsageKey, UsageCounts]>;

export function createUsage({ database, log }: UsageDeps): Usage {
  let used: Used = new Map();
  let writing: Promise<boolean> = Promise.resolve(true);
  let timer: NodeJS.Timeout | undefined;

  async function write(): Promise<boolean> {
    const taken = used;
    used = new Map();
    if (taken.size === 0) return true;
    try {
      await addUsage(database, [...taken.values()]);
      return true;
    } catch (error) {
      for (const [key, counts] of taken.values()) add(used, key, counts);
      log.warn({ error }, 'the usage of credentials could not be written, and is kept in memory');
      return false;
    }
  }

  function flush(): Promise<boolean> {
    clearTimeout(timer);
    timer = undefined;
    writing = writing.then(write);
    return writing;
  }

  async function flushAgain(): Promise<void> {
    if (!(await flush())) timer ??= setTimeout(flushAgain, flushMs).unref();
  }

  return {
    record(exchange, outcome) {
      const key = keyOf(exchange);
      if (!key) return;
      add(used, key, countsOf(outcome));
      timer ??= setTimeout(flushAgain, flushMs).unref();
    },
    flush,
    clear: async days => (await clearUsage(database, days, batchRows)) === batchRows,
    async close() {
      await flush();
    },
  };
}

function keyOf({ principal, match }: Exchange): UsageKey | undefined {
  if (!principal?.userId || !match) return undefined;
  const { userId, appId } = principal;
  return { day: today(), credential: senderKey(principal), api: match.group.name, userId, appId };
}

const dayMs = 86_400_000;
let dayNow = { number: 0, text: '' };

/** In UTC. Formatting a date costs as much as all the rest. */
function today(): string {
  const now = Date.now();
  const number = Math.floor(now / dayMs);
  if (number !== dayNow.number) dayNow = { number, text: new Date(now).toISOString().slice(0, 10) };
  return dayNow.text;
}

const countsOf = ({ status, durationMs, cost }: Outcome): UsageCounts => ({
  requests: 1,
  errors: Number(status >= 400 && status < 500 && status !== 429),
  limited: Number(status === 429),
  failures: Number(status >= 500),
  cost,
  durationMs,
});

function add(used: Used, key: UsageKey, more: UsageCounts): void {
  const id = `${key.day} ${key.api} ${key.credential}`;
  const known = used.get(id)?.[1];
  if (!known) {
    used.set(id, [key, more]);
    return;
  }
  known.requests += more.requests;
  known.errors += more.errors;
  known.limited += more.limited;
  known.failures += more.failures;
  known.cost += more.cost;
  known.durationMs += more.durationMs;
}
