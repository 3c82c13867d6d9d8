// Rows -> the chunks of a file, one page at a time.

import { parseVerbatimJson } from '../base/exact-json.ts';
import type { Column } from '../formats/columns.ts';
import { csvWriter } from '../formats/csv.ts';
import type { Chunk } from '../formats/streamed-body.ts';
import { textEncoder } from '../formats/text-encoding.ts';
import { workbook } from '../formats/xlsx/workbook.ts';
import type { RowsAnswer } from '../query/ask/read-answer.ts';
import type { Cell } from '../query/plan/cells.ts';
import type { CsvForm } from './options/export-options.ts';

type CellPages = AsyncGenerator<RowsAnswer<Cell[]>>;
type RowPages = AsyncGenerator<RowsAnswer<string>>;

export async function* writeCsv(
  columns: readonly Column[],
  { delimiter, encoding, header, guard }: CsvForm,
  pages: CellPages,
): AsyncGenerator<Chunk> {
  const writer = csvWriter(columns, { delimiter, guard });
  const encode = textEncoder(encoding);
  if (header) yield encode(writer.header);
  for await (const { rows } of pages) if (rows.length > 0) yield encode(writer.lines(rows));
}

/** @param name of the first sheet */
export const writeXlsx = (
  name: string,
  columns: readonly Column[],
  pages: CellPages,
): AsyncGenerator<Chunk> => workbook({ name, columns }, onlyRows(pages));

async function* onlyRows(pages: CellPages): AsyncGenerator<readonly Cell[][]> {
  for await (const { rows } of pages) yield rows;
}

/** @param cursors whether a line with a cursor follows each page: `{"@cursor":"…"}`, and `{"@end":true,"rows":7}` at the end */
export async function* writeNdjson(pages: RowPages, cursors: boolean): AsyncGenerator<Chunk> {
  let count = 0;
  for await (const { rows, next } of pages) {
    count += rows.length;
    const lines = rows.map(row => `${onOneLine(row)}\n`);
    if (cursors && next !== undefined) lines.push(`${JSON.stringify({ '@cursor': next })}\n`);
    yield lines.join('');
  }
  if (cursors) yield `${JSON.stringify({ '@end': true, rows: count })}\n`;
}

/** Columns of the type `json` are returned as they were written, line ends included. */
const onOneLine = (row: string): string =>
  /[\r\n]/.test(row) ? JSON.stringify(parseVerbatimJson(row)) : row;

/** An array with a row on each line. */
export async function* writeJson(pages: RowPages): AsyncGenerator<Chunk> {
  let before = '[';
  for await (const { rows } of pages) {
    if (rows.length === 0) continue;
    yield `${before}\n${rows.join(',\n')}`;
    before = ',';
  }
  yield before === '[' ? '[]\n' : '\n]\n';
}
