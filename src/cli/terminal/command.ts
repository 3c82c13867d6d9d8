// A command as data: its arguments, their validation, and its help come from one declaration.

import { parseArgs } from 'node:util';
import { nearestName } from '../../base/near-name.ts';
import type { Terminal } from './terminal.ts';

export interface Command {
  /** As entered: `keys create`. */
  readonly name: string;
  readonly summary: string;
  /** Further lines of its help. */
  readonly description?: string;
  readonly options?: Readonly<Record<string, Option>>;
  /** Names of the positional arguments, all of them required. */
  readonly operands?: readonly string[];
  readonly examples: readonly string[];
  readonly run: (args: Arguments, terminal: Terminal) => Promise<void>;
}

export interface Option {
  /** Placeholder for its value in the help; absent for a flag. */
  readonly value?: string;
  readonly help: string;
  readonly required?: true;
}

export interface Arguments {
  /** @returns the value of an option, undefined if it is absent */
  value(option: string): string | undefined;
  has(option: string): boolean;
  readonly operands: readonly string[];
}

/** Wrong usage: exit code 2. */
export class UsageFault extends Error {
  readonly hint: string | undefined;

  constructor(message: string, hint?: string) {
    super(message);
    this.name = 'UsageFault';
    this.hint = hint;
  }
}

/** @returns the arguments, validated against the command @throws UsageFault */
export function readArguments(command: Command, args: readonly string[]): Arguments {
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

/** Not strict, so that the messages are ours rather than Node's. */
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
  if (!option) throw new UsageFault(`Unknown option ${rawName}.`, suggestOption(name, Object.keys(options)));
  if (values.has(name)) throw new UsageFault(`${rawName} is given twice.`);
  if (option.value === undefined && value !== undefined) throw new UsageFault(`${rawName} takes no value.`);
  // In "--name --scopes read" the name is missing; "--name=--scopes" is a name.
  const missing = value === undefined || value === '' || (!inlineValue && value.startsWith('-'));
  if (option.value !== undefined && missing)
    throw new UsageFault(`${rawName} needs a value: ${option.value}.`);
  values.set(name, value);
}

function suggestOption(wrong: string, known: readonly string[]): string {
  const near = nearestName(wrong, known);
  return near ? `Did you mean --${near}?` : `Options: ${known.map(name => `--${name}`).join(', ')}.`;
}

function checkComplete(
  { options = {}, operands: expected = [] }: Command,
  values: ReadonlyMap<string, unknown>,
  operands: readonly string[],
): void {
  const missing = Object.keys(options).find(name => options[name]?.required && !values.has(name));
  if (missing) throw new UsageFault(`--${missing} ${options[missing]?.value} is missing.`);
  const missingOperand = expected[operands.length];
  if (missingOperand) throw new UsageFault(`${missingOperand} is missing.`);
  const extra = operands[expected.length];
  if (extra !== undefined) throw new UsageFault(`"${extra}" is an unexpected argument.`);
}
