import type { Command, Option } from './command.ts';

/** @returns the help of the whole program */
export const helpOnAll = (commands: readonly Command[]): string =>
  `portolan: one Prisma schema, every port

Usage: portolan COMMAND [options]

Commands:
${columns(commands.map(({ name, summary }) => [name, summary]))}
${columns([['help', 'Show this help, or the help of one command.']])}

Configuration is read from the environment: see the README. Commands that talk to a running server use
PORTOLAN_URL (default http://localhost:3000) and PORTOLAN_API_KEY.

Run "portolan COMMAND --help" for details. Exit codes: 0 success, 1 failure, 2 wrong usage.`;

/** @returns the help of one command: usage, options, examples */
export function helpOn(command: Command): string {
  const { name, summary, description, options = {}, operands = [], examples } = command;
  const required = Object.entries(options).filter(([, option]) => option.required);
  const usage = ['portolan', name, ...required.map(spell), ...operands];
  const rest = required.length < Object.keys(options).length ? ['[options]'] : [];
  const all: [string, Option][] = [...Object.entries(options), ['help', { help: 'Show this help.' }]];
  return [
    summary,
    ...(description ? ['', description] : []),
    '',
    `Usage: ${[...usage, ...rest].join(' ')}`,
    '',
    'Options:',
    columns(all.map(entry => [spell(entry), entry[1].help])),
    '',
    'Examples:',
    ...examples.map(example => `  ${example}`),
  ].join('\n');
}

const spell = ([name, { value }]: readonly [string, Option]): string =>
  value === undefined ? `--${name}` : `--${name} ${value}`;

const firstColumn = 24;

const columns = (rows: readonly (readonly [string, string])[]): string =>
  rows.map(([left, right]) => `  ${left.padEnd(firstColumn)}${right}`).join('\n');
