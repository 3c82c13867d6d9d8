// The triggers of the change log, directly in the database, so that they can be removed after the last server is gone.

import { readConfig } from '../../base/config/config.ts';
import type { Database } from '../../base/database/database.ts';
import { openDatabase } from '../../base/database/open-database.ts';
import { createLog } from '../../base/log.ts';
import { unloggedTables } from '../../changes/install.ts';
import { logTriggers, removeLogTriggers } from '../../changes/remove.ts';
import { loadCatalog, loadProject } from '../../project.ts';
import { requireDatabase } from '../backend/require-database.ts';
import type { Command } from '../terminal/command.ts';
import { table } from '../terminal/table.ts';
import type { Terminal } from '../terminal/terminal.ts';

const status: Command = {
  name: 'changes status',
  summary: 'Show which tables have change log triggers.',
  examples: ['portolan changes status'],
  run: (_, terminal) => atDatabase(terminal, database => report(database, terminal)),
};

const remove: Command = {
  name: 'changes remove',
  summary: 'Remove the change log triggers from every table.',
  description: `For a database that is used without this server from now on. Logged changes stay in "portolan"."change". Starting a server
creates the triggers again.`,
  examples: ['portolan changes remove', 'DATABASE_URL=postgres://… portolan changes remove'],
  run: (_, terminal) => atDatabase(terminal, database => removeAll(database, terminal)),
};

export const changesCommands: readonly Command[] = [status, remove];

async function atDatabase({ env }: Terminal, work: (database: Database) => Promise<void>): Promise<void> {
  const config = readConfig(env);
  requireDatabase(config);
  const database = await openDatabase(config, createLog({ ...config, logLevel: 'warn' }));
  try {
    await work(database);
  } finally {
    await database.close();
  }
}

async function report(database: Database, terminal: Terminal): Promise<void> {
  const logged = (await logTriggers(database)).flatMap(({ tables }) => tables);
  const wrong = new Set(await unloggedTables(database, await loadCatalog(await loadProject())));
  const rows = [...new Set([...logged, ...wrong])]
    .sort()
    .map(name => [
      name,
      wrong.has(name) ? (logged.includes(name) ? 'incomplete or outdated' : 'none') : 'logged',
    ]);
  for (const line of table(['TABLE', 'TRIGGERS'], rows)) terminal.print(line);
  if (wrong.size > 0) terminal.say('Starting a server creates the missing triggers.');
}

async function removeAll(database: Database, terminal: Terminal): Promise<void> {
  const found = await logTriggers(database);
  for (const triggers of found) {
    await removeLogTriggers(database, triggers);
    const { name, tables } = triggers;
    terminal.print(
      tables.length > 0 ? `removed from ${tables.join(', ')}` : `removed ${name}, which no table used`,
    );
  }
  if (found.length === 0) terminal.print('No table has change log triggers.');
  else
    terminal.say('Logged changes stay in "portolan"."change". Starting a server creates the triggers again.');
}
