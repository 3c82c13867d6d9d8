import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import pg from 'pg';
import { fault } from '../errors.ts';
import type { Database } from './database.ts';
import { EmbeddedServer } from './embedded-server.ts';
import { EmbeddedWire } from './embedded-wire.ts';
import { timeout } from './errors.ts';
import { lockFolder } from './folder-lock.ts';
import { listenEmbedded } from './listen-embedded.ts';
import { PooledDatabase } from './pooled-database.ts';

/** The PostgreSQL in the pinned PGlite. Files of another major version cannot be read. */
export const embeddedMajor = 18;

export interface EmbeddedOptions {
  /** The database lies in its folder `database`. Without it, the database is in memory and ends with the process. */
  readonly dataDir?: string;
  /**
   * After which a statement is ended, and with it the thread, which starts again. 0 for never, as always in memory,
   * where all data would be gone.
   */
  readonly statementTimeoutMs?: number;
}

/**
 * PostgreSQL in a thread of this process: one connection, nothing forced to disk. What was acknowledged survives the end
 * of the process in every way, but not the loss of power.
 * @throws CONFLICT when another process uses the folder, or another version made it; UNAVAILABLE when it does not start
 */
export async function openEmbedded({ dataDir, statementTimeoutMs = 0 }: EmbeddedOptions): Promise<Database> {
  const folder = dataDir === undefined ? undefined : join(resolve(dataDir), 'database');
  const unlock = folder === undefined ? () => {} : prepareFolder(folder);
  try {
    const server = await EmbeddedServer.start({ folder });
    const pool = singleConnection(server);
    return new PooledDatabase({
      kind: 'embedded',
      pool,
      listen: listenEmbedded(pool),
      // Nothing but the end of the thread stops a statement here. It is not worth that when its caller has gone away.
      cancel: { expired: folder === undefined ? undefined : () => server.stop(timeout()) },
      statementTimeoutMs,
      closed: () => server.close().finally(unlock),
    });
  } catch (error) {
    unlock();
    throw fault(
      'UNAVAILABLE',
      `The database in ${folder ?? 'memory'} cannot be started: ${(error as Error).message}`,
      {
        hint: 'If its files are damaged, put back a copy of the folder; without the folder an empty database is made.',
        cause: error,
      },
    );
  }
}

function prepareFolder(folder: string): () => void {
  mkdirSync(resolve(folder, '..'), { recursive: true });
  const unlock = lockFolder(folder);
  try {
    checkVersion(folder);
  } catch (error) {
    unlock();
    throw error;
  }
  return unlock;
}

function checkVersion(folder: string): void {
  const file = join(folder, 'PG_VERSION');
  const major = existsSync(file) ? readFileSync(file, 'utf8').trim() : '';
  if (major === '' || Number(major) === embeddedMajor) return;
  throw fault(
    'CONFLICT',
    `The database in ${folder} was made by PostgreSQL ${major}; this is ${embeddedMajor}.`,
    {
      hint: 'Start it once more with the release that made it, export the data, and import it into a new DATA_DIR.',
    },
  );
}

function singleConnection(server: EmbeddedServer): pg.Pool {
  return new pg.Pool({
    max: 1,
    idleTimeoutMillis: 0,
    // Statements wait for each other here, and some of them, such as imports, are long.
    connectionTimeoutMillis: 60_000,
    user: 'postgres',
    database: 'postgres',
    password: 'none',
    stream: () => new EmbeddedWire(server),
  });
}
