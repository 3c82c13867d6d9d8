import type { Database } from '../base/database/database.ts';
import { type MigrationStream, migrate, readMigrations } from '../base/database/migrate.ts';
import type { Logger } from '../base/log.ts';
import { carryOver } from './carry-over.ts';
import { platformMigrations } from './migrations.ts';

/**
 * Migrates Portolan's own tables, then the project's. Several instances may do this at once.
 * @returns the names of the migrations that were applied
 * @throws CONFLICT, as `migrate` and `carryOver` do
 */
export async function migrateAll(
  database: Database,
  project: MigrationStream,
  log: Logger,
): Promise<string[]> {
  await carryOver(database, readMigrations(project.folder), log);
  const own = await migrate(database, log, platformMigrations);
  return [...own, ...(await migrate(database, log, project))];
}
