// A workbook -> the header and the rows of its first visible sheet.

import { emptyFile } from '../source/decode-text.ts';
import { CellError, type SourceRow } from '../source/row-source.ts';
import type { Zip } from '../source/zip-file.ts';
import { numberKinds } from './number-formats.ts';
import { packageParts } from './package-parts.ts';
import { readSharedStrings } from './shared-strings.ts';
import { sheetRows } from './sheet-rows.ts';

interface WorkbookRows {
  readonly header: readonly string[];
  readonly rows: AsyncGenerator<readonly SourceRow[]>;
}

/**
 * @param columns names of the columns, for a sheet without a header
 * @throws MALFORMED_REQUEST for a workbook that is empty or damaged, TOO_LARGE
 */
export async function openWorkbook(zip: Zip, columns?: readonly string[]): Promise<WorkbookRows> {
  const parts = await packageParts(zip);
  const { from1904 } = parts;
  const kinds = parts.styles ? await numberKinds(zip.read(parts.styles)) : [];
  const sharedStrings = parts.sharedStrings ? await readSharedStrings(zip.read(parts.sharedStrings)) : [];
  const portions = sheetRows(zip.read(parts.sheet), { kinds, sharedStrings, from1904 });
  for (;;) {
    const { done, value } = await portions.next();
    if (done) throw emptyFile();
    const [first, ...others] = value;
    if (!first) continue;
    const header = columns ?? first.cells.map(name => (name instanceof CellError ? name.text : String(name)));
    return { header, rows: padded(columns ? value : others, portions, header.length) };
  }
}

/** Cells at the end of a row that are empty are not stored. */
async function* padded(
  first: readonly SourceRow[],
  rest: AsyncGenerator<readonly SourceRow[]>,
  width: number,
): AsyncGenerator<readonly SourceRow[]> {
  const pad = (row: SourceRow): SourceRow =>
    row.cells.length >= width
      ? row
      : { ...row, cells: [...row.cells, ...Array<string>(width - row.cells.length).fill('')] };
  try {
    yield first.map(pad);
    for await (const rows of rest) yield rows.map(pad);
  } finally {
    await rest.return(undefined);
  }
}
