// The services of a server without a server: directly on the database that the environment names.

import { assembleCore, type Core } from '../../assemble.ts';
import { type Config, readConfig } from '../../base/config/config.ts';
import type { Database } from '../../base/database/database.ts';
import { openDatabase } from '../../base/database/open-database.ts';
import { Fault, fault } from '../../base/errors.ts';
import { createLog, type Logger } from '../../base/log.ts';
import { loadCatalog, loadProject } from '../../project.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { requireDatabase } from './require-database.ts';

export interface Stored extends Core {
  close(): Promise<void>;
}

/** @throws ConfigFault; NOT_FOUND if the database does not exist; CONFLICT while a server holds it, or for errors in schema/ */
export async function openStored(env: Terminal['env']): Promise<Stored> {
  const config = readConfig(env);
  const log = createLog({ ...config, logLevel: 'warn' });
  requireDatabase(config);
  const project = await loadProject();
  const catalog = await loadCatalog(project);
  await using opening = new AsyncDisposableStack();
  const database = opening.adopt(await openFree(config, log), it => it.close());
  const core = opening.use(await assembleCore({ project, catalog, config, log, database }));
  const open = opening.move();
  return { ...core, close: () => open.disposeAsync() };
}

async function openFree(config: Config, log: Logger): Promise<Database> {
  try {
    return await openDatabase(config, log);
  } catch (error) {
    if (!(error instanceof Fault && error.code === 'CONFLICT')) throw error;
    throw fault('CONFLICT', error.message, {
      hint: 'If that process is the server, set PORTOLAN_API_KEY to a key with the scope "admin" to go through the server.',
      cause: error,
    });
  }
}
