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
import { ConnectionQueue } from './queue/connection-queue.ts';
import type { Watched } from './statement-watch.ts';

/** The PostgreSQL in the pinned PGlite. Files of another major version cannot be read. */
const embeddedMajor = 18;

/** Statements wait for each other here, and some of them, such as imports, are long. */
const waitMs = 60_000;
/** How long a statement may run while others wait … */
const slowMs = 2_000;
/** … for so long. */
const othersWaitMs = 500;
/** For so long its credential is refused then. */
const refusalMs = 30_000;

export interface EmbeddedOptions {
  /** The database is stored in its folder `database`. Without it, the database is in memory and ends with the process. */
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
    const queue = new ConnectionQueue({ size: 1, waitMaxMs: waitMs, stallMs: waitMs, restFactor: 3 });
    // Nothing but the end of the thread stops a statement here. It is not worth that when its caller has gone away.
    const end = folder === undefined ? undefined : () => server.stop(timeout());
    return new PooledDatabase({
      kind: 'embedded',
      pool,
      queue,
      listen: listenEmbedded(pool),
      cancel: { expired: end, look: end && ((running, now) => void endSlow(queue, running, now, end)) },
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

/**
 * A statement that keeps other credentials waiting may not run as long as one that keeps nobody. Its credential has to wait
 * in turn: a client that sent one sends more of them, and starting the thread again takes a second or two.
 */
async function endSlow(
  queue: ConnectionQueue,
  running: ReadonlySet<Watched<pg.PoolClient>>,
  now: number,
  end: () => Promise<void>,
): Promise<void> {
  const [slow] = running;
  if (!slow || slow.expired || slow.deadline === Number.POSITIVE_INFINITY || now - slow.since < slowMs)
    return;
  const lane = queue.holder();
  if (!lane || queue.waitingMs(lane) < othersWaitMs) return;
  slow.expired = true;
  slow.cancelling = end();
  queue.refuseFor(lane, refusalMs);
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
    connectionTimeoutMillis: waitMs,
    user: 'postgres',
    database: 'postgres',
    password: 'none',
    stream: () => new EmbeddedWire(server),
  });
}
