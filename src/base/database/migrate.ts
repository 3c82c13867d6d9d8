// Applies migrations: plain SQL files, recorded as Prisma Migrate records them, so that for a project's own either can go
// on from the other's. Why not Prisma's own command: docs/decisions.

import { createHash, randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fault } from '../errors.ts';
import type { Logger } from '../log.ts';
import type { Database, Session } from './database.ts';

/** Any number will do, so long as every instance uses the same. */
const lockKey = 72_707_369;

/** Migrations that follow one another, and where it is recorded which of them have been applied. */
export interface MigrationStream {
  readonly folder: string;
  /** A PostgreSQL schema to be made first, where it does not exist. */
  readonly schema?: string;
  /** The table of the records, as SQL. Made where it does not exist, in the form of Prisma's own. */
  readonly records: string;
}

/** @returns the stream of a project's own migrations, in Prisma's own table */
export const projectMigrations = (folder: string): MigrationStream => ({
  folder,
  records: '"_prisma_migrations"',
});

/** Prisma's definition, to the letter. */
const recordTable = (name: string): string => `create table if not exists ${name} (
  "id" varchar(36) primary key not null,
  "checksum" varchar(64) not null,
  "finished_at" timestamptz,
  "migration_name" varchar(255) not null,
  "logs" text,
  "rolled_back_at" timestamptz,
  "started_at" timestamptz not null default now(),
  "applied_steps_count" integer not null default 0
)`;

/** One folder of a stream. */
export interface Migration {
  readonly name: string;
  readonly sql: string;
}

/**
 * Brings the database up to date: every migration in a transaction of its own, in the order of their names. Several
 * instances may do it at once.
 * @returns the names of those applied
 * @throws CONFLICT when a migration failed (nothing of it is kept), or was changed after it had been applied
 */
export async function migrate(database: Database, log: Logger, stream: MigrationStream): Promise<string[]> {
  const migrations = readMigrations(stream.folder);
  const applied: string[] = [];
  for (;;) {
    const name = await database.transaction(session => applyNext(session, stream, migrations, log), {
      statementTimeoutMs: 0,
    });
    if (name === undefined) return applied;
    log.info({ migration: name }, 'migration applied');
    applied.push(name);
  }
}

/** @returns the migrations in the order in which they apply */
export function readMigrations(folder: string): Migration[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter(entry => entry.isDirectory())
    .map(({ name }) => ({ name, sql: readFileSync(join(folder, name, 'migration.sql'), 'utf8') }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Lets no other instance change the schema until the transaction ends. */
export async function lockMigrations(session: Session): Promise<void> {
  await session.query('select pg_advisory_xact_lock($1)', [lockKey]);
}

/** Looks again at what is recorded after every migration: another instance may have been at work in between. */
async function applyNext(
  session: Session,
  stream: MigrationStream,
  migrations: readonly Migration[],
  log: Logger,
): Promise<string | undefined> {
  await lockMigrations(session);
  await makeRecords(session, stream);
  const recorded = await readRecords(session, stream.records);
  checkRecords(recorded, migrations, log);
  const next = migrations.find(migration => !recorded.has(migration.name));
  if (next) await apply(session, next, stream);
  return next?.name;
}

/** A role that may create nothing may still use what exists, which `if not exists` does not allow. */
async function makeRecords(session: Session, { schema, records }: MigrationStream): Promise<void> {
  if (schema !== undefined) {
    const { rows } = await session.query('select to_regnamespace($1) is null', [schema]);
    if (rows[0]![0] === 't') await session.query(`create schema ${schema}`);
  }
  const { rows } = await session.query('select to_regclass($1) is null', [records]);
  if (rows[0]![0] === 't') await session.query(recordTable(records));
}

interface RecordedMigration {
  readonly checksum: string;
  readonly finished: boolean;
}

async function readRecords(session: Session, records: string): Promise<Map<string, RecordedMigration>> {
  const { rows } = await session.query(
    `select migration_name, checksum, finished_at is not null from ${records}
     where rolled_back_at is null order by started_at`,
  );
  return new Map(
    rows.map(([name, checksum, finished]) => [name!, { checksum: checksum!, finished: finished === 't' }]),
  );
}

function checkRecords(
  recorded: ReadonlyMap<string, RecordedMigration>,
  migrations: readonly Migration[],
  log: Logger,
): void {
  const known = new Map(migrations.map(migration => [migration.name, migration]));
  for (const [name, record] of recorded) {
    const migration = known.get(name);
    if (!record.finished) {
      throw fault('CONFLICT', `The migration ${name} is recorded as begun but not finished.`, {
        hint: 'Prisma left it half done. Repair the database by hand, then set rolled_back_at in "_prisma_migrations".',
      });
    }
    if (!migration)
      log.warn({ migration: name }, 'the database has a migration that this release does not know');
    else if (!isUnchanged(migration, record)) {
      throw fault('CONFLICT', `The migration ${name} was changed after it had been applied.`, {
        hint: 'Restore its migration.sql, and put the change into a migration of its own.',
      });
    }
  }
}

/** Prisma, too, forgives what a checkout does to line ends. */
function isUnchanged({ sql }: Migration, { checksum }: RecordedMigration): boolean {
  const unix = sql.replaceAll('\r\n', '\n');
  return [sql, unix, unix.replaceAll('\n', '\r\n')].some(text => checksumOf(text) === checksum);
}

async function apply(session: Session, migration: Migration, stream: MigrationStream): Promise<void> {
  try {
    await session.query(migration.sql);
  } catch (error) {
    throw fault(
      'CONFLICT',
      `The migration ${migration.name} failed, and nothing of it was kept: ${messageOf(error)}`,
      {
        cause: error,
      },
    );
  }
  await recordMigration(session, migration, stream);
}

/** Records a migration as applied. */
export async function recordMigration(
  session: Session,
  { name, sql }: Migration,
  stream: MigrationStream,
): Promise<void> {
  await makeRecords(session, stream);
  await session.query(
    `insert into ${stream.records} (id, checksum, migration_name, finished_at, applied_steps_count)
     values ($1, $2, $3, clock_timestamp(), 1)`,
    [randomUUID(), checksumOf(sql), name],
  );
}

/** PostgreSQL's own message, even where a caller would see less. */
const messageOf = (error: unknown): string => (((error as Error).cause ?? error) as Error).message;

const checksumOf = (sql: string): string => createHash('sha256').update(sql).digest('hex');
