// From an error to one or two lines on standard error, and an exit code.

import type { CommanderError, CommandUnknownOpts } from '@commander-js/extra-typings';
import { ConfigFault } from '../../base/config/config.ts';
import { Fault } from '../../base/errors.ts';
import { didYouMean } from '../../base/near-name.ts';
import { Reported } from './reported.ts';
import type { Terminal } from './terminal.ts';
import { UsageFault } from './usage-fault.ts';

/** Prints an error. @returns the exit code: 1 failure, 2 wrong usage */
export function explain(error: unknown, { say, env }: Terminal): 1 | 2 {
  if (error instanceof Reported) return 1;
  if (error instanceof UsageFault || error instanceof Fault || error instanceof ConfigFault) {
    say(error.message);
    if ('hint' in error && error.hint) say(error.hint);
    return error instanceof UsageFault ? 2 : 1;
  }
  const { message, stack } = error instanceof Error ? error : new Error(String(error));
  say(env.LOG_LEVEL === 'debug' && stack ? stack : message);
  return 1;
}

/** @param command the command whose arguments Commander rejected */
export function toUsageFault(command: CommandUnknownOpts, { code, message }: CommanderError): UsageFault {
  const path = pathOf(command);
  if (code === 'commander.help')
    return new UsageFault(
      `"${path}" needs a subcommand.`,
      `Commands: ${command.commands.map(one => one.name()).join(', ')}.`,
    );
  const unknown = command.args.find(arg => /^-./.test(arg));
  // Commander looks for missing options before misspelt ones.
  if (code === 'commander.missingMandatoryOptionValue' && unknown) return unknownOption(command, unknown);
  const [, text = message, suggestion] = /^error: (.*?)(?:\n\((Did you mean .*\?)\))?$/s.exec(message) ?? [];
  const near = suggestion?.replace(/mean (.*)\?/, 'mean "$1"?');
  return new UsageFault(
    code === 'commander.unknownCommand' ? `Unknown command "${path} ${command.args[0]}".` : toSentence(text),
    near ?? `Run "${path} --help" for usage.`,
  );
}

function unknownOption(command: CommandUnknownOpts, flag: string): UsageFault {
  const known = command.options.map(({ long }) => long ?? '');
  return new UsageFault(
    `Unknown option "${flag}".`,
    didYouMean(flag, known) ?? `Run "${pathOf(command)} --help" for usage.`,
  );
}

/** @returns the words that call a command: `portolan keys create` */
export function pathOf(command: CommandUnknownOpts): string {
  const parent = command.parent as CommandUnknownOpts | null;
  return parent ? `${pathOf(parent)} ${command.name()}` : command.name();
}

const toSentence = (text: string): string =>
  `${text.charAt(0).toUpperCase()}${text.slice(1).replaceAll("'", '"')}${/[.?!]$/.test(text) ? '' : '.'}`;
