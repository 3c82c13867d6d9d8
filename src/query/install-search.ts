// The indexes that full-text search reads. They follow what schema/ declares, so no migration can hold them.

import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { PoolClient } from 'pg';
import type { Database } from '../base/database/database.ts';
import type { Catalog, ColumnField, Entity } from '../catalog/catalog.ts';
import { searchVector } from './sql/search.ts';
import { identifier } from './sql/text.ts';

const prefix = 'portolan_search_';
/** Any number will do, so long as every instance uses the same, and nothing else does. */
const lockKey = 72_707_370;
const lockPauseMs = 100;

/**
 * Creates what is missing, and drops what no entity uses any more. Several instances may do it at once: one works, the
 * others wait for it. On PostgreSQL, tables can be written meanwhile; what a process left half done when it ended is
 * built anew.
 * @returns the names of the indexes created
 */
export async function installSearchIndexes(database: Database, catalog: Catalog): Promise<string[]> {
  const wanted = new Map([...catalog.entities.values()].filter(isSearched).map(indexOf));
  // A build beside writers can't be part of a transaction, so that the lock has to be the connection's.
  const client = await database.pool.connect();
  try {
    await client.query('SET statement_timeout = 0; SET lock_timeout = 0');
    await takeLock(client);
    return await install(client, wanted, database.kind === 'postgresql' ? 'CONCURRENTLY' : '');
  } finally {
    await client.query('SELECT pg_advisory_unlock_all(); RESET statement_timeout; RESET lock_timeout').then(
      () => client.release(),
      error => client.release(error),
    );
  }
}

/** Whoever waits inside of a statement keeps a snapshot, and a build beside writers waits for all snapshots to end. */
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
  wanted: ReadonlyMap<string, string>,
  way: 'CONCURRENTLY' | '',
): Promise<string[]> {
  const present = await presentIndexes(client);
  for (const [name, valid] of present) {
    if (!valid || !wanted.has(name)) await client.query(`DROP INDEX ${way} IF EXISTS ${identifier(name)}`);
  }
  const missing = [...wanted].filter(([name]) => present.get(name) !== true);
  for (const [name, on] of missing)
    await client.query(`CREATE INDEX ${way} IF NOT EXISTS ${identifier(name)} ON ${on}`);
  return missing.map(([name]) => name);
}

const isSearched = ({ search }: Entity): boolean => search.length > 0;

/** The name tells the expression: another declaration makes another index. */
function indexOf({ table, fields, search }: Entity): [name: string, on: string] {
  const vector = searchVector(search.map(name => fields.get(name) as ColumnField));
  const hash = createHash('sha256').update(`${table}\n${vector}`).digest('hex').slice(0, 16);
  return [`${prefix}${hash}`, `${identifier(table)} USING gin (${vector})`];
}

/** @returns whether each is whole: a build that was broken off leaves an index behind that nothing reads */
async function presentIndexes(client: PoolClient): Promise<Map<string, boolean>> {
  const { rows } = await client.query<{ name: string; valid: boolean }>(
    `SELECT c.relname AS name, i.indisvalid AS valid FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
     WHERE c.relnamespace = current_schema()::regnamespace AND starts_with(c.relname, $1)`,
    [prefix],
  );
  return new Map(rows.map(({ name, valid }) => [name, valid]));
}
