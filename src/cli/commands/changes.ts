// The triggers of the change log, straight from the database: also where no server is to run any more.

import { readConfig } from '../../base/config/config.ts';
import type { Database } from '../../base/database/database.ts';
import { openDatabase } from '../../base/database/open-database.ts';
import { createLog } from '../../base/log.ts';
import { unloggedTables } from '../../changes/install.ts';
import { logTriggers, removeLogTriggers } from '../../changes/remove.ts';
import { loadCatalog, loadProject } from '../../project.ts';
import type { Command } from '../terminal/command.ts';
import { table } from '../terminal/table.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { requireDatabase } from '../work/require-database.ts';

const status: Command = {
  name: 'changes status',
  summary: 'Say which tables have triggers of the change log.',
  examples: ['portolan changes status'],
  run: (_, terminal) => atDatabase(terminal, database => report(database, terminal)),
};

const remove: Command = {
  name: 'changes remove',
  summary: 'Remove the triggers of the change log from every table.',
  description: `For a database that goes on without this server. What was logged is kept, in "portolan"."change". A server that starts makes
the triggers again.`,
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
  if (wrong.size > 0) terminal.say('A server that starts makes what is missing.');
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
  if (found.length === 0) terminal.print('No table has triggers of the change log.');
  else
    terminal.say(
      'What was logged is kept in "portolan"."change". A server that starts makes the triggers again.',
    );
}
