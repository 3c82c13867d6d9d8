// A command as data: from it come its arguments, their faults, and its help.

import { parseArgs } from 'node:util';
import { nearestName } from '../../base/near-name.ts';
import type { Terminal } from './terminal.ts';

export interface Command {
  /** As typed: `keys create`. */
  readonly name: string;
  readonly summary: string;
  /** Further lines of its help. */
  readonly description?: string;
  readonly options?: Readonly<Record<string, Option>>;
  /** Names of what is given without `--`, all of it required. */
  readonly operands?: readonly string[];
  readonly examples: readonly string[];
  readonly run: (given: Given, terminal: Terminal) => Promise<void>;
}

export interface Option {
  /** What stands for its value in the help; without it, the option has none. */
  readonly value?: string;
  readonly help: string;
  readonly required?: true;
}

export interface Given {
  /** @returns the value of an option, undefined where it was not given */
  value(option: string): string | undefined;
  has(option: string): boolean;
  readonly operands: readonly string[];
}

/** The command was not typed as it must be: exit code 2. */
export class UsageFault extends Error {
  readonly hint: string | undefined;

  constructor(message: string, hint?: string) {
    super(message);
    this.name = 'UsageFault';
    this.hint = hint;
  }
}

/** @returns what was given, checked against the command @throws UsageFault */
export function readArguments(command: Command, args: readonly string[]): Given {
  const options = { ...command.options, help: { help: 'Show this help.' } };
  const values = new Map<string, string | undefined>();
  const operands: string[] = [];
  for (const token of tokens(options, args)) {
    if (token.kind === 'positional') operands.push(token.value);
    if (token.kind === 'option') readOption(token, options, values);
  }
  if (!values.has('help')) checkComplete(command, values, operands);
  return { value: option => values.get(option), has: option => values.has(option), operands };
}

/** Not strict, so that the faults are named here, and in our words. */
function tokens(options: Record<string, Option>, args: readonly string[]) {
  const config = Object.entries(options).map(([name, { value }]) => {
    const type: 'string' | 'boolean' = value === undefined ? 'boolean' : 'string';
    return [name, name === 'help' ? { type, short: 'h' } : { type }] as const;
  });
  return parseArgs({
    args: [...args],
    options: Object.fromEntries(config),
    strict: false,
    tokens: true,
    allowPositionals: true,
  }).tokens;
}

interface OptionToken {
  readonly name: string;
  readonly rawName: string;
  readonly value?: string;
  readonly inlineValue?: boolean;
}

function readOption(
  { name, rawName, value, inlineValue }: OptionToken,
  options: Readonly<Record<string, Option>>,
  values: Map<string, string | undefined>,
): void {
  const option = Object.hasOwn(options, name) ? options[name] : undefined;
  if (!option) throw new UsageFault(`There is no option ${rawName}.`, nearOption(name, Object.keys(options)));
  if (values.has(name)) throw new UsageFault(`${rawName} is given twice.`);
  if (option.value === undefined && value !== undefined) throw new UsageFault(`${rawName} takes no value.`);
  // "--name --scopes read" lacks a name; "--name=--scopes" means it.
  const missing = value === undefined || value === '' || (!inlineValue && value.startsWith('-'));
  if (option.value !== undefined && missing)
    throw new UsageFault(`${rawName} needs a value: ${option.value}.`);
  values.set(name, value);
}

function nearOption(wrong: string, known: readonly string[]): string {
  const near = nearestName(wrong, known);
  return near ? `Did you mean --${near}?` : `Options: ${known.map(name => `--${name}`).join(', ')}.`;
}

function checkComplete(
  { options = {}, operands: wanted = [] }: Command,
  values: ReadonlyMap<string, unknown>,
  operands: readonly string[],
): void {
  const missing = Object.keys(options).find(name => options[name]?.required && !values.has(name));
  if (missing) throw new UsageFault(`--${missing} ${options[missing]?.value} is missing.`);
  const lacking = wanted[operands.length];
  if (lacking) throw new UsageFault(`${lacking} is missing.`);
  const surplus = operands[wanted.length];
  if (surplus !== undefined) throw new UsageFault(`"${surplus}" is one argument too many.`);
}
