// How an export is read and written, apart from what it selects.

import { fault } from '../../base/errors.ts';
import type { CsvDelimiter } from '../../formats/csv.ts';
import { type TextEncoding, textEncodings } from '../../formats/text-encoding.ts';
import { choiceParam, type ExportParams, flagParam, textParam } from './export-params.ts';
import { chooseFormat, type FileFormat } from './file-format.ts';

export interface ExportOptions {
  readonly format: FileFormat;
  readonly csv: CsvForm;
  /** Maximum number of rows. */
  readonly limit?: number;
  /** A cursor: only the rows after it. */
  readonly after?: string;
  /** Whether NDJSON has a line with a cursor after each page, and one at the end. */
  readonly cursors: boolean;
  /** Whether all rows are as they are at one moment. */
  readonly consistent: boolean;
  /** Whether fields that an import does not take are left out, where no fields are named. */
  readonly importable: boolean;
}

export interface CsvForm {
  readonly delimiter: CsvDelimiter;
  readonly encoding: TextEncoding;
  readonly header: boolean;
  /** Whether text that a spreadsheet would compute is guarded by an apostrophe. */
  readonly guard: boolean;
}

const delimiters: Readonly<Record<string, CsvDelimiter>> = {
  comma: ',',
  semicolon: ';',
  tab: '\t',
  pipe: '|',
};

/** @param accept the header @throws INVALID_VALUE, INVALID_OPERATION for options that the format does not have, NOT_ACCEPTABLE */
export function toExportOptions(params: ExportParams, accept: string | undefined): ExportOptions {
  const format = chooseFormat(textParam(params, 'format'), accept);
  refuseMisplaced(params, format);
  return {
    format,
    csv: {
      delimiter: toDelimiter(textParam(params, 'delimiter')),
      encoding: choiceParam(params, 'encoding', textEncodings),
      header: flagParam(params, 'header') ?? true,
      guard: choiceParam(params, 'formulas', ['guard', 'keep']) === 'guard',
    },
    limit: toLimit(params.get('limit')),
    after: textParam(params, 'after'),
    cursors: flagParam(params, 'cursors') ?? false,
    consistent: flagParam(params, 'consistent') ?? false,
    importable: flagParam(params, 'importable') ?? false,
  };
}

const csvOnly = ['delimiter', 'encoding', 'header', 'formulas'] as const;

function refuseMisplaced(params: ExportParams, format: FileFormat): void {
  const misplaced = csvOnly.find(name => format !== 'csv' && params.has(name));
  if (misplaced) throw onlyFor(misplaced, 'csv', format);
  if (format !== 'ndjson' && params.has('cursors')) throw onlyFor('cursors', 'ndjson', format);
}

const onlyFor = (name: string, only: FileFormat, format: FileFormat) =>
  fault('INVALID_OPERATION', `"${name}" is an option of ${only}, and the format is ${format}.`, {
    hint: `Leave it out, or set format=${only}.`,
    target: name,
  });

function toDelimiter(value = 'comma'): CsvDelimiter {
  const known =
    Object.values(delimiters).find(character => character === value) ?? delimiters[value.toLowerCase()];
  if (known) return known;
  throw fault('INVALID_VALUE', `"${value.slice(0, 80)}" is not a value of delimiter.`, {
    hint: `Its values are ${Object.keys(delimiters).join(', ')}, or the character itself.`,
    target: 'delimiter',
  });
}

function toLimit(value: unknown): number | undefined {
  if (value === undefined) return undefined;
  const limit = typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value;
  if (typeof limit === 'number' && Number.isSafeInteger(limit) && limit >= 0) return limit;
  throw fault('INVALID_VALUE', '"limit" must be a whole number, 0 or more.', { target: 'limit' });
}
