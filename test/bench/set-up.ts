// Everything that a run needs and takes away again: a folder, a database, L0 and the real server.

import { randomBytes } from 'node:crypto';
import { mkdtempSync, openSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import project from '../../portolan.config.ts';
import { makeApiKey } from '../../src/auth/keys/api-key.ts';
import { readConfig } from '../../src/base/config/config.ts';
import { openDatabase } from '../../src/base/database/open-database.ts';
import { createLog } from '../../src/base/log.ts';
import { migrateAll } from '../../src/platform/migrate-all.ts';
import { loadBenchData } from './data.ts';
import type { Options } from './options.ts';
import { type Command, freePort, type Server, startServer } from './processes.ts';

export interface Bench {
  /** For scripts, logs and profiles. */
  readonly folder: string;
  /** undefined: no PostgreSQL was found, so there is nothing that both servers could reach. */
  readonly l0: Server | undefined;
  readonly ours: Server;
  close(): Promise<void>;
}

/** Both servers get as many. */
const poolSize = 10;

/** @throws Error when DATABASE_URL was given and cannot be used */
export async function setUp(options: Options): Promise<Bench> {
  const folder = mkdtempSync(join(tmpdir(), 'portolan-bench-'));
  const database = await createDatabase(options);
  const environment = environmentOf(folder, database?.url);
  const servers: Server[] = [];
  const close = async (): Promise<void> => {
    for (const server of servers) await server.stop();
    await database?.drop();
    if (!options.profile) rmSync(folder, { recursive: true });
  };
  try {
    await prepareData(environment);
    const ours = await startServer(await oursCommand(environment, folder, options));
    servers.push(ours);
    const l0 = database && (await startServer(await l0Command(database.url, folder, options)));
    if (l0) servers.push(l0);
    return { folder, l0, ours, close };
  } catch (error) {
    await close();
    throw error;
  }
}

interface OwnDatabase {
  readonly url: string;
  drop(): Promise<void>;
}

/** @returns a new database, if there is a PostgreSQL @throws Error when DATABASE_URL was given and cannot be used */
export async function createDatabase({
  databaseUrl,
  databaseGiven,
}: Pick<Options, 'databaseUrl' | 'databaseGiven'>): Promise<OwnDatabase | undefined> {
  const name = `portolan_bench_${process.pid}`;
  const command = async (text: string): Promise<void> => {
    const client = new pg.Client({ connectionString: databaseUrl });
    await client.connect();
    await client.query(text).finally(() => client.end());
  };
  try {
    await command(`CREATE DATABASE ${name}`);
  } catch (error) {
    if (databaseGiven) throw error;
    console.log(`No PostgreSQL at ${databaseUrl}: ours alone, on the embedded database, without ratios.\n`);
    return undefined;
  }
  if (!databaseGiven) console.log(`DATABASE_URL is not set: measuring on ${databaseUrl}.\n`);
  const url = new URL(databaseUrl);
  url.pathname = `/${name}`;
  return { url: url.href, drop: () => command(`DROP DATABASE ${name} WITH (FORCE)`) };
}

type Environment = Readonly<Record<string, string>>;

/** As one would run it in earnest: nothing is turned off. */
export const environmentOf = (folder: string, databaseUrl: string | undefined): Environment => ({
  NODE_ENV: 'production',
  HOST: '127.0.0.1',
  DATA_DIR: join(folder, 'data'),
  DATABASE_POOL_MAX: String(poolSize),
  SAFESTORE_PEPPERS: `1:${randomBytes(32).toString('base64')}`,
  ADMIN_API_KEY: makeApiKey().key,
  DEMO_DATA: 'false',
  LOG_LEVEL: 'info',
  // Counted, but never met.
  RATE_LIMIT: '1000000000',
  LOG_FORMAT: 'json',
  ...(databaseUrl && { DATABASE_URL: databaseUrl }),
});

async function prepareData(environment: Environment): Promise<void> {
  const config = readConfig({ ...environment, STATEMENT_TIMEOUT_MS: '0' });
  const log = createLog({ logLevel: 'warn', logFormat: 'json' });
  const database = await openDatabase(config, log);
  try {
    await migrateAll(database, project.migrations, log);
    await loadBenchData(database);
  } finally {
    await database.close();
  }
}

export async function oursCommand(
  environment: Environment,
  folder: string,
  options: Pick<Options, 'profile'>,
): Promise<Command> {
  const port = await freePort();
  const flags = options.profile && options.profile !== 'l0' ? profiling(folder) : [];
  return {
    args: [...flags, '--disable-warning=ExperimentalWarning', join(import.meta.dirname, '../../src/main.ts')],
    environment: { ...environment, PORT: String(port) },
    headers: { 'x-api-key': environment.ADMIN_API_KEY! },
    port,
    readyPath: '/readyz',
    output: openSync(join(folder, 'server.log'), 'a'),
  };
}

async function l0Command(databaseUrl: string, folder: string, { profile }: Options): Promise<Command> {
  const port = await freePort();
  const flags = profile === 'l0' ? profiling(folder) : [];
  return {
    args: [...flags, join(import.meta.dirname, 'l0.ts'), String(port), databaseUrl, String(poolSize)],
    environment: { NODE_ENV: 'production' },
    headers: {},
    port,
    readyPath: '/one?id=1',
    output: openSync(join(folder, 'l0.log'), 'a'),
  };
}

const profiling = (folder: string): string[] => ['--cpu-prof', `--cpu-prof-dir=${folder}`];
