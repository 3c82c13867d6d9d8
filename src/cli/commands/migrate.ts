import { jsonHelp, newCommand } from '../terminal/new-command.ts';
import { printJson } from '../terminal/print.ts';
import type { Terminal } from '../terminal/terminal.ts';

export const migrateCommand = (terminal: Terminal) =>
  newCommand('migrate', {
    summary: 'Apply pending migrations. "start" does this by itself.',
    description:
      'For deployments in which the server itself may not change tables: run this before starting the new release.',
    examples: ['portolan migrate', 'DATABASE_URL=postgres://… SAFESTORE_PEPPERS=… portolan migrate'],
  })
    .option('--json', jsonHelp)
    .action(async ({ json }) => {
      const { migrateDatabase } = await import('../backend/migrate-database.ts');
      const applied = await migrateDatabase(terminal.env);
      if (json) return printJson(terminal, { applied });
      for (const name of applied) terminal.print(`applied ${name}`);
      if (applied.length === 0) terminal.print('The database is up to date.');
    });
