// From the command line to an exit code: finds the command, runs it, reports errors.

import { ConfigFault } from '../base/config/config.ts';
import { Fault } from '../base/errors.ts';
import { didYouMean } from '../base/near-name.ts';
import { appCommands } from './commands/apps.ts';
import { changesCommands } from './commands/changes.ts';
import { keysCreate } from './commands/keys-create.ts';
import { keysGenerate } from './commands/keys-generate.ts';
import { keysList } from './commands/keys-list.ts';
import { keysRevoke } from './commands/keys-revoke.ts';
import { keysRotate } from './commands/keys-rotate.ts';
import { migrateCommand } from './commands/migrate.ts';
import { oauthRotateKeys } from './commands/oauth-rotate-keys.ts';
import { safestoreCommands } from './commands/safestore.ts';
import { startCommand } from './commands/start.ts';
import { userCommands } from './commands/users.ts';
import { type Command, readArguments, UsageFault } from './terminal/command.ts';
import { helpOn, helpOnAll } from './terminal/help.ts';
import type { Terminal } from './terminal/terminal.ts';

const commands: readonly Command[] = [
  startCommand,
  migrateCommand,
  keysCreate,
  keysList,
  keysRotate,
  keysRevoke,
  keysGenerate,
  ...userCommands,
  ...safestoreCommands,
  ...changesCommands,
  ...appCommands,
  oauthRotateKeys,
];

/** @param args the arguments after `portolan` @returns the exit code: 0 success, 1 failure, 2 wrong usage */
export async function runPortolan(args: readonly string[], terminal: Terminal): Promise<0 | 1 | 2> {
  try {
    await run(args, terminal);
    return 0;
  } catch (error) {
    return explain(error, terminal);
  }
}

async function run(args: readonly string[], terminal: Terminal): Promise<void> {
  const [first] = args;
  if (first === undefined || first === 'help' || first === '--help' || first === '-h')
    return terminal.print(helpAbout(args.slice(1)));
  const { command, rest } = findCommand(args);
  const parsed = readArguments(command, rest);
  if (parsed.has('help')) return terminal.print(helpOn(command));
  await command.run(parsed, terminal);
}

function helpAbout(words: readonly string[]): string {
  const topic = words.filter(word => !word.startsWith('-'));
  if (topic.length === 0) return helpOnAll(commands);
  const group = commands.filter(({ name }) => name.startsWith(`${topic.join(' ')} `));
  return group.length > 0 ? helpOnAll(group) : helpOn(findCommand(topic).command);
}

interface Found {
  readonly command: Command;
  /** What follows the command's name. */
  readonly rest: readonly string[];
}

function findCommand(args: readonly string[]): Found {
  for (const words of [2, 1]) {
    const command = commands.find(({ name }) => name === args.slice(0, words).join(' '));
    if (command) return { command, rest: args.slice(words) };
  }
  throw unknownCommand(args);
}

function unknownCommand([first = '', second = '']: readonly string[]): UsageFault {
  const group = commands.filter(({ name }) => name.startsWith(`${first} `));
  const known = (group.length > 0 ? group : commands).map(({ name }) => name);
  if (group.length > 0 && (second === '' || second.startsWith('-')))
    return new UsageFault(`"portolan ${first}" needs a subcommand.`, `Commands: ${known.join(', ')}.`);
  const typed = group.length > 0 ? `${first} ${second}` : first;
  const words = [...known, ...known.map(name => name.split(' ')[0]!)];
  const hint = didYouMean(typed, words) ?? didYouMean(`${first} ${second}`, known);
  return new UsageFault(`Unknown command "${typed}".`, hint ?? 'Run "portolan help" for a list of commands.');
}

function explain(error: unknown, { say, env }: Terminal): 1 | 2 {
  if (error instanceof UsageFault || error instanceof Fault || error instanceof ConfigFault) {
    say(error.message);
    if ('hint' in error && error.hint) say(error.hint);
    return error instanceof UsageFault ? 2 : 1;
  }
  const { message, stack } = error instanceof Error ? error : new Error(String(error));
  say(env.LOG_LEVEL === 'debug' && stack ? stack : message);
  return 1;
}
