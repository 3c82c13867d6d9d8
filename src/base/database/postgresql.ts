import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import type { Config } from '../config/config.ts';
import { fault } from '../errors.ts';
import type { Logger } from '../log.ts';
import type { Database } from './database.ts';
import { unreachable } from './errors.ts';
import { listenPostgresql } from './listen-postgresql.ts';
import { PooledDatabase } from './pooled-database.ts';
import { endConnection, PostgresqlGuard } from './postgresql-guard.ts';
import { ConnectionQueue } from './queue/connection-queue.ts';
import { sessionOptions } from './session-options.ts';

const versionMin = 15;
const retryPauseMs = 500;
const connectMs = 15_000;
/** A statement that PostgreSQL did not end in time is ended here so much later: the network is in the way. */
const graceMs = 5_000;
/** Waiting requests are refused when nothing moved for so long. */
const stallMs = 5_000;
/** How long canceling a statement may take. */
const cancelMs = 5_000;
/** So long after the last byte the system asks whether the other side is still there. */
const keepAliveMs = 30_000;

export interface PostgresqlOptions extends Pick<Config, 'databasePoolMax' | 'statementTimeoutMs'> {
  readonly databaseUrl: string;
  /** How long a statement waits for a lock; 0 for any time. */
  readonly lockTimeoutMs?: number;
  /** How long a server that cannot be reached yet is waited for. */
  readonly connectWaitMs?: number;
}

/**
 * @returns the database behind a pool of connections, checked to be fit
 * @throws UNAVAILABLE: out of reach, refused, older than version 15, not UTF-8. The message names no password.
 */
export async function openPostgresql(options: PostgresqlOptions, log: Logger): Promise<Database> {
  const { connectWaitMs = 10_000 } = options;
  const settings = clientSettings(options);
  const pool = new pg.Pool({
    ...settings,
    max: options.databasePoolMax,
    // Connections stay: timers for idle ones cost more on every query than they save.
    idleTimeoutMillis: 0,
    connectionTimeoutMillis: connectMs,
  });
  // Those that are made before the pool is handed on, too.
  pool.on('connect', client => client.on('error', () => {}));
  pool.on('error', error => log.warn({ error }, 'a database connection was lost'));
  try {
    await untilReachable(pool, options.databaseUrl, connectWaitMs, log);
    await checkServer(pool);
  } catch (error) {
    await pool.end();
    throw error;
  }
  return guarded(pool, options, settings, log);
}

function guarded(
  pool: pg.Pool,
  options: PostgresqlOptions,
  settings: pg.ClientConfig,
  log: Logger,
): Database {
  const { databasePoolMax: size, statementTimeoutMs } = options;
  const queue = new ConnectionQueue({ size, waitMaxMs: connectMs, stallMs });
  const guard = new PostgresqlGuard({
    settings,
    log,
    waitersMax: Math.max(1, Math.floor(size / 4)),
    waitingMs: () => queue.waitingMs(),
    abort: (running, reason) => database.abort(running, reason),
  });
  const database = new PooledDatabase({
    kind: 'postgresql',
    pool,
    queue,
    refusalOf: guard.refusalOf,
    cancel: {
      aborted: client => cancel(client, settings, log),
      expired: async client => endConnection(client, unreachable('The database did not answer in time.')),
      look: (running, now) => guard.look(running, now),
    },
    // PostgreSQL itself ends statements that take too long; this is for those of which nothing is heard.
    statementTimeoutMs: statementTimeoutMs > 0 ? statementTimeoutMs + graceMs : 0,
    listen: listenPostgresql(settings, log),
    closed: () => guard.close(),
  });
  return database;
}

/** The caller's own `options` in the URL stay in force, but for those that our texts depend on. */
function clientSettings(options: PostgresqlOptions): pg.ClientConfig {
  const { databaseUrl, statementTimeoutMs, lockTimeoutMs = 0 } = options;
  const url = new URL(databaseUrl);
  const given = url.searchParams.get('options') ?? '';
  const ours = [
    ...sessionOptions,
    `statement_timeout=${statementTimeoutMs}`,
    `lock_timeout=${lockTimeoutMs}`,
    // The value to restore after a transaction has set another one.
    `portolan.lock_timeout=${lockTimeoutMs}`,
  ];
  url.searchParams.set('options', [given, ...ours.map(setting => `-c ${setting}`)].join(' ').trim());
  return {
    connectionString: url.href,
    application_name: 'portolan',
    keepAlive: true,
    keepAliveInitialDelayMillis: keepAliveMs,
  };
}

async function untilReachable(
  pool: pg.Pool,
  databaseUrl: string,
  waitMs: number,
  log: Logger,
): Promise<void> {
  const deadline = Date.now() + waitMs;
  for (;;) {
    try {
      return (await pool.connect()).release();
    } catch (error) {
      if (!mayPass(error as Error) || Date.now() >= deadline) throw outOfReach(databaseUrl, error as Error);
      log.debug({ error }, 'waiting for PostgreSQL');
      await sleep(retryPauseMs);
    }
  }
}

/** Whether waiting can help: a server that is starting, restarting, full, or not in the name service yet. */
function mayPass(error: Error & { code?: string }): boolean {
  return error instanceof pg.DatabaseError
    ? error.code === '57P03' || error.code === '53300'
    : /^(ECONN|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|ENOENT|EHOST)/.test(error.code ?? 'ECONN');
}

function outOfReach(databaseUrl: string, error: Error) {
  const { hostname, port, pathname } = new URL(databaseUrl);
  const place = `"${decodeURIComponent(pathname.slice(1))}" at ${hostname || 'the local socket'}:${port || 5432}`;
  // Several addresses for one name (IPv6, IPv4) fail together, in an error without a message of its own.
  const reason =
    error instanceof AggregateError ? error.errors.map(one => one.message).join('; ') : error.message;
  return fault('UNAVAILABLE', `The database ${place} cannot be used: ${reason}`, {
    hint: 'Check DATABASE_URL, and that the server runs and lets this user in.',
    cause: error,
  });
}

async function checkServer(pool: pg.Pool): Promise<void> {
  const { rows } = await pool.query<{ version: string; encoding: string; zone: string }>(
    `select current_setting('server_version') as version, current_setting('server_encoding') as encoding,
       current_setting('TimeZone') as zone`,
  );
  const { version, encoding, zone } = rows[0]!;
  const refuse = (message: string) => fault('UNAVAILABLE', message, { hint: 'Check DATABASE_URL.' });
  if (Number.parseInt(version, 10) < versionMin) {
    throw refuse(`The server has PostgreSQL ${version}; version ${versionMin} or later is needed.`);
  }
  if (encoding !== 'UTF8') throw refuse(`The database has the encoding ${encoding}; UTF8 is needed.`);
  if (zone !== 'UTC') {
    throw refuse(
      `The session's time zone is ${zone} though UTC was asked for: does a pooler drop "options"?`,
    );
  }
}

/**
 * Through a connection of its own, because the pool may be exhausted by what is to be cancelled. When
 * pg_cancel_backend has returned, the signal is with the backend, which takes it in before any later statement and
 * ignores it while idle. The empty statement in the end makes sure of that.
 */
async function cancel(client: pg.PoolClient, settings: pg.ClientConfig, log: Logger): Promise<void> {
  const { processID } = client as pg.PoolClient & { processID: number };
  const limits = { connectionTimeoutMillis: cancelMs, query_timeout: cancelMs };
  const canceller = new pg.Client({ ...settings, ...limits });
  canceller.on('error', () => {});
  try {
    await canceller.connect();
    await canceller.query('select pg_cancel_backend($1)', [processID]);
  } catch (error) {
    log.warn({ error }, 'a statement could not be cancelled');
  } finally {
    // Where the network is in the way, its end never comes.
    void canceller.end().catch(() => {});
  }
  await client.query('').catch(() => {});
}
