// The indexes for full-text search. They depend on what schema/ declares, so they cannot be part of a migration.

import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { PoolClient } from 'pg';
import type { Database } from '../base/database/database.ts';
import type { Catalog, ColumnField, Entity } from '../catalog/catalog.ts';
import { searchVector } from './sql/search.ts';
import { identifier } from './sql/text.ts';

const prefix = 'portolan_search_';
/** An arbitrary number: the same for every instance, and used for nothing else. */
const lockKey = 72_707_370;
const lockPauseMs = 100;

/**
 * Creates missing indexes and drops those that no entity uses any more. Several instances may call it at once: one does the
 * work, and the others wait. On PostgreSQL, tables stay writable meanwhile, and indexes that an earlier process left
 * incomplete are rebuilt.
 * @returns the names of the indexes created
 */
export async function installSearchIndexes(database: Database, catalog: Catalog): Promise<string[]> {
  const required = new Map([...catalog.entities.values()].filter(isSearched).map(indexOf));
  // CREATE INDEX CONCURRENTLY cannot run in a transaction, so the lock must belong to the connection.
  const client = await database.pool.connect();
  try {
    await client.query('SET statement_timeout = 0; SET lock_timeout = 0');
    await takeLock(client);
    return await install(client, required, database.kind === 'postgresql' ? 'CONCURRENTLY' : '');
  } finally {
    await client.query('SELECT pg_advisory_unlock_all(); RESET statement_timeout; RESET lock_timeout').then(
      () => client.release(),
      error => client.release(error),
    );
  }
}

/** Polls, because a statement that waits holds a snapshot, and a concurrent index build waits for all snapshots to end. */
async function takeLock(client: PoolClient): Promise<void> {
  for (;;) {
    const { rows } = await client.query<[boolean]>({
      text: 'SELECT pg_try_advisory_lock($1)',
      values: [lockKey],
      rowMode: 'array',
    });
    if (rows[0]![0]) return;
    await sleep(lockPauseMs);
  }
}

async function install(
  client: PoolClient,
  required: ReadonlyMap<string, string>,
  concurrently: 'CONCURRENTLY' | '',
): Promise<string[]> {
  const present = await presentIndexes(client);
  for (const [name, valid] of present) {
    if (!valid || !required.has(name))
      await client.query(`DROP INDEX ${concurrently} IF EXISTS ${identifier(name)}`);
  }
  const missing = [...required].filter(([name]) => present.get(name) !== true);
  for (const [name, on] of missing)
    await client.query(`CREATE INDEX ${concurrently} IF NOT EXISTS ${identifier(name)} ON ${on}`);
  return missing.map(([name]) => name);
}

const isSearched = ({ search }: Entity): boolean => search.length > 0;

/** The name contains a hash of the expression, so that a changed declaration gets a new index. */
function indexOf({ table, fields, search }: Entity): [name: string, on: string] {
  const vector = searchVector(search.map(name => fields.get(name) as ColumnField));
  const hash = createHash('sha256').update(`${table}\n${vector}`).digest('hex').slice(0, 16);
  return [`${prefix}${hash}`, `${identifier(table)} USING gin (${vector})`];
}

/** @returns existing indexes by name, and whether each is valid: an interrupted build leaves an invalid index behind */
async function presentIndexes(client: PoolClient): Promise<Map<string, boolean>> {
  const { rows } = await client.query<{ name: string; valid: boolean }>(
    `SELECT c.relname AS name, i.indisvalid AS valid FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
     WHERE c.relnamespace = current_schema()::regnamespace AND starts_with(c.relname, $1)`,
    [prefix],
  );
  return new Map(rows.map(({ name, valid }) => [name, valid]));
}
