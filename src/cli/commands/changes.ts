// portolan changes …

import { Command } from '@commander-js/extra-typings';
import type { TableTriggers } from '../backend/change-triggers.ts';
import { jsonHelp, newCommand } from '../terminal/new-command.ts';
import { type Columns, printJson, printRecords } from '../terminal/print.ts';
import type { Terminal } from '../terminal/terminal.ts';

export const changesCommand = (terminal: Terminal) =>
  new Command('changes')
    .description('Inspect and remove the triggers of the change log.')
    .addCommand(status(terminal))
    .addCommand(remove(terminal));

const status = (terminal: Terminal) =>
  newCommand('status', {
    summary: 'Show which tables have change log triggers.',
    examples: ['portolan changes status', 'portolan changes status --json'],
  })
    .option('--json', jsonHelp)
    .action(async options => {
      const { readTriggers } = await import('../backend/change-triggers.ts');
      const tables = await readTriggers(terminal.env);
      printRecords(terminal, tables, columns, options);
      if (tables.some(({ triggers }) => triggers !== 'logged'))
        terminal.say('Starting a server creates the missing triggers.');
    });

const columns: Columns<TableTriggers> = {
  head: ['TABLE', 'TRIGGERS'],
  toCells: ({ table, triggers }) => [table, triggers],
};

const remove = (terminal: Terminal) =>
  newCommand('remove', {
    summary: 'Remove the change log triggers from every table.',
    description:
      'For a database that is used without this server from now on. Logged changes stay in "portolan"."change". Starting a server creates the triggers again.',
    examples: ['portolan changes remove', 'DATABASE_URL=postgres://… portolan changes remove'],
  })
    .option('--json', jsonHelp)
    .action(async ({ json }) => {
      const { removeTriggers } = await import('../backend/change-triggers.ts');
      const removed: { name: string; tables: readonly string[] }[] = [];
      await removeTriggers(terminal.env, ({ name, tables }) => {
        removed.push({ name, tables });
        if (!json)
          terminal.print(
            tables.length > 0 ? `removed from ${tables.join(', ')}` : `removed ${name}, which no table used`,
          );
      });
      if (json) return printJson(terminal, removed);
      if (removed.length === 0) return terminal.print('No table has change log triggers.');
      terminal.say(
        'Logged changes stay in "portolan"."change". Starting a server creates the triggers again.',
      );
    });
