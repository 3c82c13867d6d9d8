// What a server works with, without a server: straight from the database that the environment names, while no server holds it.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { assembleCore, type Core } from '../../assemble.ts';
import { type Config, readConfig } from '../../base/config/config.ts';
import type { Database } from '../../base/database/database.ts';
import { openDatabase } from '../../base/database/open-database.ts';
import { Fault, fault } from '../../base/errors.ts';
import { createLog, type Logger } from '../../base/log.ts';
import { loadProject } from '../../project.ts';
import type { Terminal } from '../terminal/terminal.ts';

export interface Stored extends Core {
  close(): Promise<void>;
}

/** @throws ConfigFault; NOT_FOUND where no server ever made the database; CONFLICT while a server holds it */
export async function openStored(env: Terminal['env']): Promise<Stored> {
  const config = readConfig(env);
  const log = createLog({ ...config, logLevel: 'warn' });
  requireDatabase(config);
  await using opening = new AsyncDisposableStack();
  const database = opening.adopt(await openFree(config, log), it => it.close());
  const core = opening.use(await assembleCore({ project: await loadProject(), config, log, database }));
  const open = opening.move();
  return { ...core, close: () => open.disposeAsync() };
}

/** Opening would make an empty database, in what is likely the wrong folder. */
function requireDatabase({ databaseUrl, dataDir }: Config): void {
  if (databaseUrl !== undefined || existsSync(join(dataDir, 'database'))) return;
  throw fault('NOT_FOUND', `There is no database in ${dataDir}.`, {
    hint: 'Start the server once, set DATA_DIR, or set PORTOLAN_URL and PORTOLAN_API_KEY to reach a running one.',
  });
}

async function openFree(config: Config, log: Logger): Promise<Database> {
  try {
    return await openDatabase(config, log);
  } catch (error) {
    if (!(error instanceof Fault && error.code === 'CONFLICT')) throw error;
    throw fault('CONFLICT', error.message, {
      hint: 'If that is the server, set PORTOLAN_API_KEY to a key with the scope "admin": then it is asked.',
      cause: error,
    });
  }
}

/** As the server would answer: dates become text. */
export const asJson = <T>(value: unknown): T => JSON.parse(JSON.stringify(value));
