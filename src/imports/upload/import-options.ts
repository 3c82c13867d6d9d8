// What a caller may say besides the file, as parts of the form or in the URL.

import { fault } from '../../base/errors.ts';
import { didYouMean } from '../../base/near-name.ts';
import type { ChangeMode } from '../../query/ask/entity-change.ts';
import type { SourceOptions } from '../read/open-source.ts';
import type { Delimiter } from '../read/source/detect-delimiter.ts';
import { fileFormats } from '../read/source/row-source.ts';
import { textEncodings } from '../read/source/text-encoding.ts';

export interface ImportOptions extends SourceOptions {
  /** The set, as the caller writes it. */
  readonly entity: string;
  readonly mode: ChangeMode;
  /** What a row at fault does: refuse them all, or be left out. */
  readonly onError: 'refuse' | 'skip';
  /** Whether to answer before it is imported. */
  readonly async: boolean;
}

const optionNames = [
  'entity',
  'mapperId',
  'mode',
  'onError',
  'format',
  'encoding',
  'delimiter',
  'hasHeader',
  'columns',
  'async',
] as const;

const modes = ['upsert', 'insert', 'update'] as const;
const reactions = ['refuse', 'skip'] as const;
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

/** @throws MALFORMED_REQUEST without an entity, UNKNOWN_MAPPER, INVALID_VALUE */
export function toImportOptions(input: ReadonlyMap<string, string>): ImportOptions {
  const mapper = input.get('mapperId');
  if (mapper) {
    throw fault('UNKNOWN_MAPPER', `There is no mapper "${mapper.slice(0, 80)}".`, {
      hint: 'Leave mapperId out to match columns by name.',
      target: 'mapperId',
    });
  }
  const entity = input.get('entity');
  if (!entity) {
    throw fault('MALFORMED_REQUEST', 'The part "entity" is missing: it names the set to import into.', {
      hint: 'Such as entity=products.',
      target: 'entity',
    });
  }
  return {
    entity,
    mode: choice(input, 'mode', modes),
    onError: choice(input, 'onError', reactions),
    format: detected(choice(input, 'format', ['auto', ...fileFormats])),
    encoding: detected(choice(input, 'encoding', ['auto', ...textEncodings])),
    delimiter: toDelimiter(input.get('delimiter')),
    columns: toColumns(input),
    async: choice(input, 'async', ['false', 'true']) === 'true',
  };
}

/** The first choice is the default. */
function choice<T extends string>(
  input: ReadonlyMap<string, string>,
  name: string,
  choices: readonly T[],
): T {
  const value = input.get(name) || choices[0]!;
  const known = choices.find(word => word === value.toLowerCase());
  if (known) return known;
  throw fault('INVALID_VALUE', `"${value.slice(0, 80)}" is not a value of ${name}.`, {
    hint: didYouMean(value, choices) ?? `Its values are ${choices.join(', ')}.`,
    target: name,
  });
}

const detected = <T extends string>(value: T): Exclude<T, 'auto'> | undefined =>
  value === 'auto' ? undefined : (value as Exclude<T, 'auto'>);

/** @returns the names of the columns of a file without a header */
function toColumns(input: ReadonlyMap<string, string>): readonly string[] | undefined {
  const hasHeader = choice(input, 'hasHeader', ['true', 'false']) === 'true';
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
