// What must hold before requests can be answered: the reasons that /readyz gives.

import type { Database } from './base/database/database.ts';
import { migrationsFolder, readMigrations } from './base/database/migrate.ts';
import type { Catalog } from './catalog/catalog.ts';
import { unloggedTables } from './changes/install.ts';
import type { Check } from './http/health.ts';

/** @param draining whether the server is stopping */
export function readinessChecks(database: Database, catalog: Catalog, draining: () => boolean): Check[] {
  const migrations = readMigrations(migrationsFolder).map(migration => migration.name);
  return [
    { name: 'the server', run: async () => (draining() ? 'the server is stopping' : undefined) },
    { name: 'the database', run: () => pendingMigrations(database, migrations) },
    { name: 'the change log', run: () => missingTriggers(database, catalog) },
  ];
}

/** One statement answers both questions: whether the database answers, and whether it is up to date. */
async function pendingMigrations(database: Database, wanted: readonly string[]): Promise<string | undefined> {
  const { rows } = await database.query(
    'select migration_name from "_prisma_migrations" where finished_at is not null and rolled_back_at is null',
    [],
    { name: 'readiness' },
  );
  const applied = new Set(rows.map(([name]) => name));
  const pending = wanted.filter(name => !applied.has(name));
  return pending.length > 0 ? `migrations are not applied: ${pending.join(', ')}` : undefined;
}

async function missingTriggers(database: Database, catalog: Catalog): Promise<string | undefined> {
  const tables = await unloggedTables(database, catalog);
  return tables.length > 0 ? `changes are not logged: ${tables.join(', ')}` : undefined;
}
