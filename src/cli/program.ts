// The whole command line: every command, and what applies to all of them.

import {
  type Argument,
  Command,
  CommanderError,
  type CommandUnknownOpts,
  type HelpConfiguration,
  type OutputConfiguration,
} from '@commander-js/extra-typings';
import { appsCommand } from './commands/apps.ts';
import { changesCommand } from './commands/changes.ts';
import { completeCommand, completionCommand } from './commands/completion.ts';
import { exportCommand } from './commands/export.ts';
import { helpCommand } from './commands/help.ts';
import { importCommand } from './commands/import.ts';
import { keysCommand } from './commands/keys.ts';
import { migrateCommand } from './commands/migrate.ts';
import { oauthCommand } from './commands/oauth.ts';
import { queryCommand } from './commands/query.ts';
import { safestoreCommand } from './commands/safestore.ts';
import { startCommand } from './commands/start.ts';
import { usersCommand } from './commands/users.ts';
import { toUsageFault } from './terminal/explain.ts';
import { refuseStrangeValues } from './terminal/strict-values.ts';
import type { Terminal } from './terminal/terminal.ts';
import { readVersion } from './terminal/version.ts';

/** @returns a program for one run: it remembers what it has parsed */
export function createProgram(terminal: Terminal): CommandUnknownOpts {
  const program = new Command('portolan')
    .description('One Prisma schema, every port.')
    .version(readVersion(), '-V, --version', 'Show the version.')
    .option('--url <URL>', 'The server to use. Default: PORTOLAN_URL, or http://localhost:3000.')
    .option('--key <KEY>', 'The API key for the server. Default: PORTOLAN_API_KEY.')
    .addHelpText('after', closing);
  const session: Terminal = {
    ...terminal,
    get env() {
      return withServer(terminal.env, program.opts());
    },
  };
  program
    .commandsGroup('Data:')
    .addCommand(queryCommand(session))
    .addCommand(importCommand(session))
    .addCommand(exportCommand(session))
    .commandsGroup('Server:')
    .addCommand(startCommand(session))
    .addCommand(migrateCommand(session))
    .addCommand(changesCommand(session))
    .commandsGroup('Access:')
    .addCommand(usersCommand(session))
    .addCommand(keysCommand(session))
    .addCommand(appsCommand(session))
    .addCommand(oauthCommand(session))
    .addCommand(safestoreCommand(session))
    .commandsGroup('Other:')
    .addCommand(completionCommand(session))
    .addCommand(completeCommand(session, program), { hidden: true })
    .addCommand(helpCommand(program));
  configure(program, {
    writeOut: text => terminal.print(text.replace(/\n$/, '')),
    writeErr: () => {},
  });
  return program;
}

const closing = `
Run "portolan COMMAND --help" for details.

Without --url, --key and their variables, commands that manage keys, users and apps work on the database
that the environment names. The configuration is read from the environment: see the README.

Exit codes: 0 success, 1 failure, 2 wrong usage.`;

/** Commander copies settings only to commands that it creates itself. */
function configure(command: CommandUnknownOpts, output: OutputConfiguration): void {
  command
    .configureOutput(output)
    .configureHelp(helpStyle)
    .helpOption('-h, --help', 'Show this help.')
    .helpCommand(false)
    .usage(usageOf(command))
    .exitOverride(error => {
      throw isAnswer(error) ? error : toUsageFault(command, error);
    });
  refuseStrangeValues(command);
  for (const child of command.commands) configure(child, output);
}

const helpStyle: HelpConfiguration = {
  showGlobalOptions: true,
  subcommandTerm: command => [command.name(), ...command.registeredArguments.map(toTerm)].join(' '),
  styleTitle: title => title.replace('Global Options', 'Global options'),
};

/** Required options first, since no call is complete without them. */
function usageOf({ options, commands, registeredArguments }: CommandUnknownOpts): string {
  if (commands.length > 0) return 'COMMAND [options]';
  const required = options.filter(({ mandatory }) => mandatory).map(({ flags }) => flags);
  return [...registeredArguments.map(toTerm), ...required, '[options]'].join(' ');
}

const toTerm = (argument: Argument): string => {
  const name = argument.variadic ? `${argument.name()}...` : argument.name();
  return argument.required ? `<${name}>` : `[${name}]`;
};

/** Commander ends by an error after help and version, too. */
export const isAnswer = (error: unknown): boolean => error instanceof CommanderError && error.exitCode === 0;

interface ServerOptions {
  readonly url?: string;
  readonly key?: string;
}

const withServer = (env: Terminal['env'], { url, key }: ServerOptions): Terminal['env'] => ({
  ...env,
  ...(url && { PORTOLAN_URL: url }),
  ...(key && { PORTOLAN_API_KEY: key }),
});
