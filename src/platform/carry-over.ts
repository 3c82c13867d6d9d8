// Upgrade from version 0.1, which had its own tables next to the project's, with names that start with "portolan_", and
// their migrations among the project's. One transaction moves the tables into the schema "portolan".

import { createHash } from 'node:crypto';
import type { Database, Session } from '../base/database/database.ts';
import { lockMigrations, type Migration, readMigrations, recordMigration } from '../base/database/migrate.ts';
import { fault } from '../base/errors.ts';
import type { Logger } from '../base/log.ts';
import { platformMigrations } from './migrations.ts';

/** The migrations of version 0.1. The first one also contained tables of the project. */
const shared = '20261124000000_initial';
const moved = [
  '20261124100500_change_log',
  '20261124101000_idempotent_answers',
  '20261124115750_identity',
  '20261124121200_app_disabled_by',
];
const sharedChecksum = 'ff475edc7418840e54d47e80483d6cf2b679e5071b1b3039f2ae8d0edc57ce52';

/**
 * @param project the project's migrations; the shared one no longer contains Portolan's tables
 * @returns whether the database was upgraded
 * @throws CONFLICT for a database of a version before 0.1, which lacks some of these tables
 */
export async function carryOver(
  database: Database,
  project: readonly Migration[],
  log: Logger,
): Promise<boolean> {
  if (!(await isOld(database))) return false;
  await database.transaction(
    async session => {
      await lockMigrations(session);
      if (!(await isOld(session))) return;
      await requireWhole(session);
      await session.query(moveTables);
      await recordMigration(session, readMigrations(platformMigrations.folder)[0]!, platformMigrations);
      await forgetMoved(session, project);
    },
    { statementTimeoutMs: 0 },
  );
  log.info('moved the tables of Portolan into the schema "portolan"');
  return true;
}

async function isOld(session: Session): Promise<boolean> {
  const { rows } = await session.query(`SELECT to_regclass('portolan_user') IS NOT NULL`);
  return rows[0]![0] === 't';
}

async function requireWhole(session: Session): Promise<void> {
  const { rows } = await session.query(
    'SELECT count(*) FROM "_prisma_migrations" WHERE migration_name = ANY($1) AND finished_at IS NOT NULL',
    [[shared, ...moved]],
  );
  if (Number(rows[0]![0]) === moved.length + 1) return;
  throw fault(
    'CONFLICT',
    'This database was created by a version before 0.1 and cannot be upgraded directly.',
    {
      hint: 'Start version 0.1 with it once, then this version.',
    },
  );
}

/** The server creates the triggers of the change log again when it starts. */
const moveTables = `
CREATE SCHEMA IF NOT EXISTS "portolan";
DO $$
DECLARE
  old record;
BEGIN
  FOR old IN SELECT p.oid::regprocedure AS name FROM pg_proc p
    WHERE p.pronamespace = current_schema()::regnamespace
      AND (starts_with(p.proname, 'portolan_log_')
        OR p.proname IN ('portolan_change_tell', 'portolan_change_writers', 'portolan_shred_user_keys'))
  LOOP
    EXECUTE format('DROP FUNCTION %s CASCADE', old.name);
  END LOOP;
  DROP SEQUENCE "portolan_change_listened", "portolan_change_told";
  FOR old IN SELECT t.typname AS name FROM pg_type t
    WHERE t.typnamespace = current_schema()::regnamespace AND t.typname IN ('Role', 'LinkKind', 'AppKind', 'ChangeKind')
  LOOP
    EXECUTE format('ALTER TYPE %I SET SCHEMA "portolan"', old.name);
  END LOOP;
  FOR old IN SELECT c.relname AS name, substr(c.relname, 10) AS short FROM pg_class c
    WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind = 'r' AND c.relname IN (
      'portolan_user', 'portolan_user_key', 'portolan_api_key', 'portolan_session', 'portolan_sign_in_link',
      'portolan_external_identity', 'portolan_developer', 'portolan_oauth_app', 'portolan_app_secret', 'portolan_app_grant',
      'portolan_oauth_artifact', 'portolan_revoked_token', 'portolan_signing_key', 'portolan_audit_event', 'portolan_setting',
      'portolan_change', 'portolan_change_floor', 'portolan_idempotent_answer')
  LOOP
    EXECUTE format('ALTER TABLE %I SET SCHEMA "portolan"', old.name);
    EXECUTE format('ALTER TABLE "portolan".%I RENAME TO %I', old.name, old.short);
  END LOOP;
  FOR old IN SELECT c.conrelid::regclass AS relation, c.conname AS name, substr(c.conname, 10) AS short FROM pg_constraint c
    WHERE c.connamespace = '"portolan"'::regnamespace AND starts_with(c.conname, 'portolan_')
  LOOP
    EXECUTE format('ALTER TABLE %s RENAME CONSTRAINT %I TO %I', old.relation, old.name, old.short);
  END LOOP;
  FOR old IN SELECT c.relname AS name, substr(c.relname, 10) AS short, c.relkind AS kind FROM pg_class c
    WHERE c.relnamespace = '"portolan"'::regnamespace AND c.relkind IN ('i', 'S') AND starts_with(c.relname, 'portolan_')
  LOOP
    EXECUTE format('ALTER %s "portolan".%I RENAME TO %I', CASE old.kind WHEN 'S' THEN 'SEQUENCE' ELSE 'INDEX' END, old.name, old.short);
  END LOOP;
END
$$`;

/** Removes the records of moved migrations, and sets the checksum of the shared one to that of the project's file. */
async function forgetMoved(session: Session, project: readonly Migration[]): Promise<void> {
  await session.query('DELETE FROM "_prisma_migrations" WHERE migration_name = ANY($1)', [
    moved.filter(name => !project.some(migration => migration.name === name)),
  ]);
  const sharedNow = project.find(({ name }) => name === shared);
  if (!sharedNow) return;
  await session.query(
    'UPDATE "_prisma_migrations" SET checksum = $1 WHERE migration_name = $2 AND checksum = $3',
    [createHash('sha256').update(sharedNow.sql).digest('hex'), shared, sharedChecksum],
  );
}
