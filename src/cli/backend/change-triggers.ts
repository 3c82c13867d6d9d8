// The triggers of the change log, directly in the database, so that they can be removed after the last server is gone.

import { readConfig } from '../../base/config/config.ts';
import type { Database } from '../../base/database/database.ts';
import { openDatabase } from '../../base/database/open-database.ts';
import { createLog } from '../../base/log.ts';
import { unloggedTables } from '../../changes/install.ts';
import { type LogTriggers, logTriggers, removeLogTriggers } from '../../changes/remove.ts';
import { loadCatalog, loadProject } from '../../project.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { requireDatabase } from './require-database.ts';

export interface TableTriggers {
  readonly table: string;
  readonly triggers: 'logged' | 'incomplete or outdated' | 'none';
}

/** @returns the triggers of every table that has or should have them @throws ConfigFault, Fault */
export const readTriggers = (env: Terminal['env']): Promise<readonly TableTriggers[]> =>
  atDatabase(env, async database => {
    const logged = (await logTriggers(database)).flatMap(({ tables }) => tables);
    const wrong = new Set(await unloggedTables(database, await loadCatalog(await loadProject())));
    return [...new Set([...logged, ...wrong])].sort().map(table => ({
      table,
      triggers: wrong.has(table) ? (logged.includes(table) ? 'incomplete or outdated' : 'none') : 'logged',
    }));
  });

/** @param onRemoved called after each removal, since a later one may fail @throws ConfigFault, Fault */
export const removeTriggers = (
  env: Terminal['env'],
  onRemoved: (triggers: LogTriggers) => void,
): Promise<void> =>
  atDatabase(env, async database => {
    for (const triggers of await logTriggers(database)) {
      await removeLogTriggers(database, triggers);
      onRemoved(triggers);
    }
  });

async function atDatabase<T>(env: Terminal['env'], work: (database: Database) => Promise<T>): Promise<T> {
  const config = readConfig(env);
  requireDatabase(config);
  const database = await openDatabase(config, createLog({ ...config, logLevel: 'warn' }));
  try {
    return await work(database);
  } finally {
    await database.close();
  }
}
