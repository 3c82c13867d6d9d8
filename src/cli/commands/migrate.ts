import { readConfig } from '../../base/config/config.ts';
import { openDatabase } from '../../base/database/open-database.ts';
import { createLog } from '../../base/log.ts';
import { migrateAll } from '../../platform/migrate-all.ts';
import { loadCatalog, loadProject } from '../../project.ts';
import type { Command } from '../terminal/command.ts';

export const migrateCommand: Command = {
  name: 'migrate',
  summary: 'Apply pending migrations. "start" does this by itself.',
  description:
    'For deployments in which the server itself may not change tables: run this before starting the new release.',
  examples: ['portolan migrate', 'DATABASE_URL=postgres://… SAFESTORE_PEPPERS=… portolan migrate'],
  async run(_, terminal) {
    const config = readConfig(terminal.env);
    const log = createLog({ ...config, logLevel: 'warn' });
    // Fails on errors in schema/ before migrating: the new server would not start.
    const project = await loadProject();
    await loadCatalog(project);
    const database = await openDatabase(config, log);
    try {
      const applied = await migrateAll(database, project.migrations, log);
      for (const name of applied) terminal.print(`applied ${name}`);
      if (applied.length === 0) terminal.print('The database is up to date.');
    } finally {
      await database.close();
    }
  },
};
