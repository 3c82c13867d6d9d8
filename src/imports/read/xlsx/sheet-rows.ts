// The XML of a sheet -> rows, as they are read. ECMA-376, part 1, section 18.3

import { fault } from '../../../base/errors.ts';
import type { CellError, SourceRow } from '../source/row-source.ts';
import { type CellFormats, cellValue } from './cell-value.ts';
import { readXml, type XmlHandler } from './read-xml.ts';

const columnsMax = 1_000;
const rowsMax = 2_000_000;
const rowCharactersMax = 4 * 1_048_576;

/** @returns rows in portions, without the blank ones @throws TOO_LARGE */
export function sheetRows(
  part: AsyncIterable<Buffer>,
  formats: CellFormats,
): AsyncGenerator<readonly SourceRow[]> {
  const reader = new SheetReader(formats);
  return readXml(part, reader, () => reader.take());
}

class SheetReader implements XmlHandler {
  readonly #formats: CellFormats;
  #rows: SourceRow[] = [];
  #count = 0;
  #row = 0;
  #cells: (string | CellError)[] = [];
  #size = 0;
  #column = 0;
  #type = 'n';
  #format = 0;
  #text = '';
  #phonetic = false;
  #within = false;

  constructor(formats: CellFormats) {
    this.#formats = formats;
  }

  take(): readonly SourceRow[] {
    const rows = this.#rows;
    this.#rows = [];
    return rows;
  }

  open(name: string, attributes: ReadonlyMap<string, string>): void {
    if (name === 'row') this.#beginRow(Number(attributes.get('r') ?? this.#row + 1));
    if (name === 'c') this.#beginCell(attributes);
    if (name === 'rPh') this.#phonetic = true;
    this.#within = name === 'v' || (name === 't' && !this.#phonetic);
  }

  text(piece: string): void {
    if (!this.#within) return;
    this.#text += piece;
    this.#grow(piece.length);
  }

  close(name: string): void {
    this.#within = false;
    if (name === 'rPh') this.#phonetic = false;
    if (name === 'c') this.#endCell();
    if (name === 'row') this.#endRow();
  }

  #beginRow(row: number): void {
    if (++this.#count > rowsMax)
      throw fault('TOO_LARGE', `The sheet has more than ${rowsMax} rows.`, { hint: 'Send it in parts.' });
    this.#row = row;
    this.#cells = [];
    this.#size = 0;
    this.#column = -1;
  }

  #beginCell(attributes: ReadonlyMap<string, string>): void {
    const reference = attributes.get('r');
    this.#column = reference === undefined ? this.#column + 1 : columnOf(reference);
    if (!(this.#column < columnsMax))
      throw fault('TOO_LARGE', `Row ${this.#row} of the sheet has more than ${columnsMax} cells.`, {
        target: 'file',
      });
    this.#type = attributes.get('t') ?? 'n';
    this.#format = Number(attributes.get('s') ?? 0);
    this.#text = '';
  }

  #endCell(): void {
    const cell = { type: this.#type, format: this.#format, text: this.#text };
    const value = cellValue(this.#formats, cell);
    while (this.#cells.length < this.#column) this.#cells.push('');
    this.#cells[this.#column] = value;
    if (this.#type === 's' && typeof value === 'string') this.#grow(value.length);
  }

  #endRow(): void {
    const cells = this.#cells;
    if (cells.every(cell => typeof cell === 'string' && cell.trim() === '')) return;
    this.#rows.push({ row: this.#row, line: this.#row, cells, size: this.#size });
  }

  #grow(characters: number): void {
    this.#size += characters;
    if (this.#size > rowCharactersMax)
      throw fault(
        'TOO_LARGE',
        `Row ${this.#row} of the sheet is longer than ${rowCharactersMax} characters.`,
        {
          target: 'file',
        },
      );
  }
}

/** @returns the place of a cell's column, from 0: that of `AB12` is 27 */
function columnOf(reference: string): number {
  let column = 0;
  for (const letter of /^[A-Z]{1,3}/.exec(reference)?.[0] ?? '')
    column = column * 26 + letter.charCodeAt(0) - 64;
  return column === 0 ? Number.NaN : column - 1;
}
