// What a caller may say besides the file, as parts of the form or in the URL.

import { fault } from '../../base/errors.ts';
import { didYouMean } from '../../base/near-name.ts';
import type { ChangeMode } from '../../query/ask/entity-change.ts';
import { formulaCells } from '../read/csv.ts';
import type { SourceOptions } from '../read/open-source.ts';
import type { Delimiter } from '../read/source/detect-delimiter.ts';
import { fileFormats } from '../read/source/row-source.ts';
import { textEncodings } from '../read/source/text-encoding.ts';

export interface ImportOptions extends SourceOptions {
  /** The set, as the caller writes it. Absent only with a mapper. */
  readonly entity?: string;
  /** The id or the name of a mapper. */
  readonly mapperId?: string;
  /** Absent: what the mapper says, otherwise `upsert`. */
  readonly mode?: ChangeMode;
  /** What a row at fault does: refuse them all, or be left out. Absent: what the mapper says, otherwise `refuse`. */
  readonly onError?: 'refuse' | 'skip';
  /** Whether everything is checked and written, and then rolled back. */
  readonly dryRun: boolean;
}

const optionNames = [
  'entity',
  'mapperId',
  'mode',
  'onError',
  'dryRun',
  'format',
  'encoding',
  'delimiter',
  'hasHeader',
  'columns',
  'formulas',
] as const;

export const modes = ['upsert', 'insert', 'update'] as const;
/** `abort` is what mappers call it. */
export const reactions = ['refuse', 'skip', 'abort'] as const;
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
    dryRun: choice(input, 'dryRun', ['false', 'true']) === 'true',
    format: detected(choice(input, 'format', ['auto', ...fileFormats])),
    encoding: detected(choice(input, 'encoding', ['auto', ...textEncodings])),
    delimiter: toDelimiter(input.get('delimiter')),
    columns: toColumns(input),
    formulas: choice(input, 'formulas', formulaCells),
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

const detected = <T extends string>(value: T | undefined): Exclude<T, 'auto'> | undefined =>
  value === 'auto' ? undefined : (value as Exclude<T, 'auto'> | undefined);

/** @returns the names of the columns of a file without a header */
function toColumns(input: ReadonlyMap<string, string>): readonly string[] | undefined {
  const hasHeader = choice(input, 'hasHeader', ['true', 'false']) !== 'false';
  const columns = input.get('columns');
  if (hasHeader === !columns) return columns?.split(',');
  throw fault(
    'MALFORMED_REQUEST',
    hasHeader
      ? '"columns" names the columns of a file without a header.'
      : 'The names of the columns are missing.',
    {
      hint: hasHeader ? 'Send hasHeader=false with it.' : 'Such as columns=sku,name,price.',
      target: 'columns',
    },
  );
}

function toDelimiter(value: string | undefined): Delimiter | undefined {
  if (!value) return undefined;
  if (delimiterWords.has(value)) return delimiterWords.get(value);
  throw fault('INVALID_VALUE', `"${value.slice(0, 80)}" is not a value of delimiter.`, {
    hint: 'Its values are auto, comma, semicolon, tab, pipe, or the character itself.',
    target: 'delimiter',
  });
}
