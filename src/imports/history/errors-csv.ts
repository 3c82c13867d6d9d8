// The rows at fault as a CSV file: what is wrong with each row, and its cells, to be fixed and sent again.

import type { Database } from '../../base/database/database.ts';
import { errorColumns } from '../columns/match-columns.ts';
import type { RowAtFault } from './stored-errors.ts';
import { readErrors, readHeader } from './stored-errors.ts';

const lineEnd = '\r\n';

/** @returns the lines of the file: the import API ignores the columns `error:…` */
export async function* errorsCsv(database: Database, id: string): AsyncGenerator<string> {
  const header = await readHeader(database, id);
  yield toLine([...errorColumns, ...header]);
  for await (const row of readErrors(database, id)) yield toLine(toCells(row));
}

function toCells({ cells, faults }: RowAtFault): string[] {
  const joined = (part: 'column' | 'value' | 'code' | 'message') =>
    faults.map(one => one[part] ?? '').join('; ');
  const row = String(faults[0]?.row ?? '');
  return [row, joined('column'), joined('value'), joined('code'), joined('message'), ...cells];
}

const toLine = (cells: readonly string[]): string => cells.map(quoted).join(',') + lineEnd;

const quoted = (cell: string): string =>
  /[",\r\n;\t|]|^\s|\s$/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
