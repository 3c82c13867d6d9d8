// The checks behind /readyz.

import type { Database } from './base/database/database.ts';
import { type MigrationStream, readMigrations } from './base/database/migrate.ts';
import type { RedisConnection } from './base/memory/redis.ts';
import type { Catalog } from './catalog/catalog.ts';
import { unloggedTables } from './changes/install.ts';
import type { Check } from './http/health.ts';
import type { JobQueue } from './jobs/job-queue.ts';
import { platformMigrations } from './platform/migrations.ts';
import type { SchemaWatch } from './schema-watch.ts';

interface Checked {
  readonly database: Database;
  readonly catalog: Catalog;
  /** The project's migrations, which must be applied besides the platform's. */
  readonly project: MigrationStream;
  readonly schema: SchemaWatch;
  /** Whether the server is stopping. */
  readonly draining: () => boolean;
}

interface AllChecked extends Checked {
  readonly jobs: Pick<JobQueue, 'problem'>;
  readonly redis: RedisConnection | undefined;
}

/** @returns every check, in the order in which they are reported */
export const checksOf = ({ jobs, redis, ...checked }: AllChecked): Check[] => [
  ...readinessChecks(checked),
  jobsCheck(jobs),
  ...(redis ? [redisCheck(redis)] : []),
];

function readinessChecks({ database, catalog, project, schema, draining }: Checked): Check[] {
  const streams = [platformMigrations, project];
  const migrations = streams.flatMap(({ folder }) => readMigrations(folder)).map(({ name }) => name);
  return [
    { name: 'the server', run: async () => (draining() ? 'the server is stopping' : undefined) },
    { name: 'the database', run: () => pendingMigrations(database, streams, migrations) },
    { name: 'the tables', run: () => schema.check() },
    { name: 'the change log', run: () => missingTriggers(database, catalog) },
    { name: 'writing', degrades: true, run: () => readOnly(database) },
  ];
}

/** One statement checks both whether the database responds and whether it is up to date. */
async function pendingMigrations(
  database: Database,
  streams: readonly MigrationStream[],
  expected: readonly string[],
): Promise<string | undefined> {
  const text = streams
    .map(
      ({ records }) =>
        `select migration_name from ${records} where finished_at is not null and rolled_back_at is null`,
    )
    .join(' union all ');
  const { rows } = await database.query(text, [], { name: 'readiness' });
  const applied = new Set(rows.map(([name]) => name));
  const pending = expected.filter(name => !applied.has(name));
  return pending.length > 0 ? `migrations are not applied: ${pending.join(', ')}` : undefined;
}

/** Reads still work on a read-only database. */
async function readOnly(database: Database): Promise<string | undefined> {
  const { rows } = await database.query("select current_setting('transaction_read_only')", [], {
    name: 'readiness_read_only',
  });
  return rows[0]![0] === 'on' ? 'the database is read-only: nothing can be written' : undefined;
}

async function missingTriggers(database: Database, catalog: Catalog): Promise<string | undefined> {
  const tables = await unloggedTables(database, catalog);
  return tables.length > 0 ? `changes are not logged: ${tables.join(', ')}` : undefined;
}

/** Requests are answered without them. */
const jobsCheck = (jobs: Pick<JobQueue, 'problem'>): Check => ({
  name: 'background jobs',
  degrades: true,
  run: async () => jobs.problem(),
});

/** For servers with Redis. They keep running without it. */
const redisCheck = (redis: Pick<RedisConnection, 'ready'>): Check => ({
  name: 'Redis',
  degrades: true,
  run: async () =>
    redis.ready() ? undefined : 'Redis does not answer: this instance counts rate limits for itself',
});
