// Lines of CSV (RFC 4180). The import API can read them back.

import type { Cell } from '../query/plan/cells.ts';
import { computedText, listText } from './cell-text.ts';
import type { Column, ColumnKind } from './columns.ts';
import { guardFormula } from './formula-guard.ts';

export type CsvDelimiter = ',' | ';' | '\t' | '|';

export interface CsvOptions {
  readonly delimiter: CsvDelimiter;
  /** Whether an apostrophe is put before text that a spreadsheet would compute. */
  readonly guard: boolean;
}

export interface CsvWriter {
  readonly header: string;
  /** @param rows as `Engine.runCells` returns them */
  lines(rows: readonly (readonly Cell[])[]): string;
}

const lineEnd = '\r\n';

export function csvWriter(columns: readonly Column[], { delimiter, guard }: CsvOptions): CsvWriter {
  const quote = quoter(delimiter);
  const text = guard ? (value: string) => quote(guardFormula(value)) : quote;
  const cells = columns.map(({ cell, kind }) => ({ cell, write: cellWriter(kind, text, quote) }));
  const toLine = (row: readonly Cell[]): string => {
    let line = '';
    for (let index = 0; index < cells.length; index++) {
      const { cell, write } = cells[index]!;
      const value = row[cell]!;
      if (index > 0) line += delimiter;
      if (value !== null) line += write(value);
    }
    return line + lineEnd;
  };
  return {
    header: columns.map(({ name }) => quote(name)).join(delimiter) + lineEnd,
    lines(rows) {
      let lines = '';
      for (const row of rows) lines += toLine(row);
      return lines;
    },
  };
}

type Write = (value: string) => string;

/** Numbers, dates and the like need neither quotation marks nor a guard, except for those that only look like text. */
function cellWriter(kind: ColumnKind, text: Write, quote: Write): Write {
  switch (kind) {
    case 'String':
    case 'Bytes':
      return text;
    case 'List':
      return value => {
        const list = listText(value);
        return list === value ? quote(list) : text(list);
      };
    case 'Computed':
      return value => {
        const computed = computedText(value);
        if (computed === null) return '';
        return computed === value ? quote(value) : text(computed);
      };
    case 'Json':
    case 'Enum':
      return quote;
    default:
      return value => value;
  }
}

/** Empty text is quoted to distinguish it from a missing value. */
function quoter(delimiter: CsvDelimiter): Write {
  const special = new RegExp(`["\\r\\n${delimiter}]|^\\s|\\s$`);
  return text => (text === '' || special.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
}
