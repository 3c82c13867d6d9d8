// Looks again and again whether the database still is what the server expects, and says so when that changes.

import { AsyncResource } from 'node:async_hooks';
import { schemaChanges } from './base/database/changed-schema.ts';
import type { Database } from './base/database/database.ts';
import type { Logger } from './base/log.ts';
import type { Catalog } from './catalog/catalog.ts';
import { schemaDrift } from './schema-drift.ts';

export interface SchemaWatch {
  /** @returns what is missing or different at present, in words; nothing where all is right */
  check(): Promise<string | undefined>;
  close(): Promise<void>;
}

const everyMs = 30_000;
/** Between the looks that failing requests ask for. */
const pauseMs = 1_000;

/** The log is told of each change for the worse or the better, once, and within half a minute of it. */
export function watchSchema(database: Database, catalog: Catalog, log: Logger): SchemaWatch {
  let last = '';
  let lookedAt = 0;
  let running: Promise<unknown> = Promise.resolve();
  const check = async () => {
    lookedAt = Date.now();
    const drift = await schemaDrift(database, catalog);
    const text = drift.join('; ');
    if (text !== last) tell(log, drift);
    last = text;
    return text === '' ? undefined : `the database is not as the schema says: ${text}`;
  };
  // Whether the database answers at all is the matter of another check.
  // Bound to this place: a statement that fails may belong to a transaction, inside of which nobody else may ask.
  const look = AsyncResource.bind(() => {
    running = check().catch(() => undefined);
  });
  const heard = () => {
    if (Date.now() - lookedAt < pauseMs) return;
    lookedAt = Date.now();
    setImmediate(look);
  };
  const timer = setInterval(look, everyMs).unref();
  schemaChanges.subscribe(heard);
  return {
    check,
    async close() {
      clearInterval(timer);
      schemaChanges.unsubscribe(heard);
      await running;
    },
  };
}

function tell(log: Logger, drift: readonly string[]): void {
  if (drift.length === 0) log.info('the database is again as the schema says');
  else log.error({ drift }, `the database is not as the schema says: ${drift.join('; ')}`);
}
