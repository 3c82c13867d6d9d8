// The tables of the job queue: a PostgreSQL schema of their own, made and migrated by the queue's own SQL.

import type { Database, Session } from '../base/database/database.ts';
import { lockMigrations } from '../base/database/migrate.ts';
import { fault } from '../base/errors.ts';

export const jobSchema = 'portolan_jobs';

/** What the installed pg-boss expects. A constant, so that a start with nothing to do need not load pg-boss. */
export const jobSchemaVersion = 46;

/**
 * Creates or migrates the tables. Several instances may do it at once. When nothing has to change, it takes no lock.
 * @throws CONFLICT when a later release has migrated them
 */
export async function installJobs(database: Database): Promise<void> {
  if ((await installedVersion(database)) === jobSchemaVersion) return;
  await database.transaction(
    async session => {
      await lockMigrations(session);
      const version = await installedVersion(session);
      if (version === jobSchemaVersion) return;
      if (version !== undefined && version > jobSchemaVersion) throw tooNew();
      await createSchema(session);
      await session.query(await planFrom(version));
    },
    { statementTimeoutMs: 0 },
  );
}

async function installedVersion(session: Session): Promise<number | undefined> {
  const table = `${jobSchema}.version`;
  const exists = await session.query('select to_regclass($1) is not null', [table]);
  if (exists.rows[0]![0] !== 't') return undefined;
  const { rows } = await session.query(`select version from ${table}`);
  return rows[0] && Number(rows[0][0]);
}

async function createSchema(session: Session): Promise<void> {
  const { rows } = await session.query('select to_regnamespace($1) is null', [jobSchema]);
  if (rows[0]![0] === 't') await session.query(`create schema ${jobSchema}`);
}

async function planFrom(version: number | undefined): Promise<string> {
  const { getConstructionPlans, getMigrationPlans } = await import('pg-boss');
  return inTransaction(
    version === undefined
      ? getConstructionPlans(jobSchema, { createSchema: false })
      : getMigrationPlans(jobSchema, version),
  );
}

/** @returns the statements of a script that begins and ends a transaction, for one that is open already */
export const inTransaction = (script: string): string =>
  script.replace(/^\s*BEGIN;/, '').replace(/COMMIT;\s*$/, '');

const tooNew = () =>
  fault('CONFLICT', `The tables in the schema "${jobSchema}" were migrated by a later release.`, {
    hint: 'Start the release that migrated them, or a later one.',
  });
