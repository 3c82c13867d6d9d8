// Checks regularly whether the database still matches the schema, and logs when that changes.

import { AsyncResource } from 'node:async_hooks';
import { schemaChanges } from './base/database/changed-schema.ts';
import type { Database } from './base/database/database.ts';
import type { Logger } from './base/log.ts';
import type { Catalog } from './catalog/catalog.ts';
import { schemaDrift } from './schema-drift.ts';

export interface SchemaWatch {
  /** @returns a description of what is missing or different; undefined if everything matches */
  check(): Promise<string | undefined>;
  close(): Promise<void>;
}

const everyMs = 30_000;
/** Minimum pause between checks that failing requests trigger. */
const pauseMs = 1_000;

/** Logs each change for the worse or the better once, within half a minute. */
export function watchSchema(database: Database, catalog: Catalog, log: Logger): SchemaWatch {
  let last = '';
  let checkedAt = 0;
  let running: Promise<unknown> = Promise.resolve();
  const check = async () => {
    checkedAt = Date.now();
    const drift = await schemaDrift(database, catalog);
    const text = drift.join('; ');
    if (text !== last) logDrift(log, drift);
    last = text;
    return text === '' ? undefined : `the database is not as the schema says: ${text}`;
  };
  // Whether the database responds at all is tested by another readiness check.
  // Bound to this async context: the failing statement may belong to a transaction, which no other query may use.
  const checkNow = AsyncResource.bind(() => {
    running = check().catch(() => undefined);
  });
  const onSchemaError = () => {
    if (Date.now() - checkedAt < pauseMs) return;
    checkedAt = Date.now();
    setImmediate(checkNow);
  };
  const timer = setInterval(checkNow, everyMs).unref();
  schemaChanges.subscribe(onSchemaError);
  return {
    check,
    async close() {
      clearInterval(timer);
      schemaChanges.unsubscribe(onSchemaError);
      await running;
    },
  };
}

function logDrift(log: Logger, drift: readonly string[]): void {
  if (drift.length === 0) log.info('the database is again as the schema says');
  else log.error({ drift }, `the database is not as the schema says: ${drift.join('; ')}`);
}
