// What a caller may say besides the file, as parts of the form or in the URL.

import { fault } from '../../base/errors.ts';
import { didYouMean } from '../../base/near-name.ts';
import type { ChangeMode } from '../../query/ask/entity-change.ts';
import type { Delimiter } from '../read/detect-delimiter.ts';

export interface ImportOptions {
  /** The set, as the caller writes it. Absent only with a mapper. */
  readonly entity?: string;
  /** The id or the name of a mapper. */
  readonly mapperId?: string;
  /** Absent: what the mapper says, otherwise `upsert`. */
  readonly mode?: ChangeMode;
  /** What a row at fault does: refuse them all (the default), or be left out. */
  readonly onError?: 'refuse' | 'skip';
  /** Absent: what the mapper says, otherwise found out from the header. */
  readonly delimiter?: Delimiter;
}

const optionNames = ['entity', 'mapperId', 'mode', 'onError', 'delimiter'] as const;

const modes = ['upsert', 'insert', 'update'] as const;
/** `abort` is what mappers call it. */
const reactions = ['refuse', 'skip', 'abort'] as const;
const delimiterWords = new Map<string, Delimiter | undefined>([
  ['auto', undefined],
  [',', ','],
  ['comma', ','],
  [';', ';'],
  ['semicolon', ';'],
  ['\t', '\t'],
  ['\\t', '\t'],
  ['tab', '\t'],
  ['|', '|'],
  ['pipe', '|'],
]);

/** @throws UNKNOWN_OPTION with the nearest known name */
export function checkOptionName(name: string): void {
  if ((optionNames as readonly string[]).includes(name)) return;
  throw fault('UNKNOWN_OPTION', `There is no option "${name.slice(0, 80)}".`, {
    hint: didYouMean(name, [...optionNames, 'file']) ?? `There are file, ${optionNames.join(', ')}.`,
    target: name.slice(0, 80),
  });
}

/** @throws MALFORMED_REQUEST without an entity and a mapper, INVALID_VALUE */
export function toImportOptions(input: ReadonlyMap<string, string>): ImportOptions {
  const entity = input.get('entity') || undefined;
  const mapperId = input.get('mapperId') || undefined;
  if (entity === undefined && mapperId === undefined) {
    throw fault('MALFORMED_REQUEST', 'The part "entity" is missing: it names the set to import into.', {
      hint: 'Such as entity=products.',
      target: 'entity',
    });
  }
  const onError = choice(input, 'onError', reactions);
  return {
    entity,
    mapperId,
    mode: choice(input, 'mode', modes),
    onError: onError === 'abort' ? 'refuse' : onError,
    delimiter: toDelimiter(input.get('delimiter')),
  };
}

function choice<T extends string>(
  input: ReadonlyMap<string, string>,
  name: string,
  choices: readonly T[],
): T | undefined {
  const value = input.get(name);
  if (!value) return undefined;
  const known = choices.find(word => word === value.toLowerCase());
  if (known) return known;
  throw fault('INVALID_VALUE', `"${value.slice(0, 80)}" is not a value of ${name}.`, {
    hint: didYouMean(value, choices) ?? `Its values are ${choices.join(', ')}.`,
    target: name,
  });
}

function toDelimiter(value: string | undefined): Delimiter | undefined {
  if (!value) return undefined;
  if (delimiterWords.has(value)) return delimiterWords.get(value);
  throw fault('INVALID_VALUE', `"${value.slice(0, 80)}" is not a value of delimiter.`, {
    hint: 'Its values are auto, comma, semicolon, tab, pipe, or the character itself.',
    target: 'delimiter',
  });
}
