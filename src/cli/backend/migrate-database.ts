import { readConfig } from '../../base/config/config.ts';
import { explainDenied } from '../../base/database/missing-grant.ts';
import { openDatabase } from '../../base/database/open-database.ts';
import { createLog } from '../../base/log.ts';
import { migrateAll } from '../../platform/migrate-all.ts';
import { loadCatalog, loadProject } from '../../project.ts';
import type { Terminal } from '../terminal/terminal.ts';

/** Applies pending migrations. @returns their names @throws ConfigFault, and Fault for errors in schema/ */
export async function migrateDatabase(env: Terminal['env']): Promise<readonly string[]> {
  const config = readConfig(env);
  const log = createLog({ ...config, logLevel: 'warn' });
  // Fails on errors in schema/ before migrating: the new server would not start.
  const project = await loadProject();
  await loadCatalog(project);
  const database = await openDatabase(config, log);
  try {
    return await migrateAll(database, project.migrations, log);
  } catch (error) {
    throw (await explainDenied(database, error).catch(() => undefined)) ?? error;
  } finally {
    await database.close();
  }
}
