// One worksheet as XML: a header that stays in view, columns as wide as what they hold, and rows.

import type { Cell } from '../../query/plan/cells.ts';
import type { Column } from '../columns.ts';
import { type CellWriter, cellWriter, columnLetters } from './cells.ts';
import { headerStyle } from './styles.ts';
import { xmlText } from './xml-text.ts';

type Rows = readonly (readonly Cell[])[];

export class SheetWriter {
  readonly #columns: readonly Column[];
  readonly #cells: readonly { readonly letters: string; readonly cell: number; readonly write: CellWriter }[];

  constructor(columns: readonly Column[]) {
    this.#columns = columns;
    this.#cells = columns.map((column, index) => ({
      letters: columnLetters(index),
      cell: column.cell,
      write: cellWriter(column),
    }));
  }

  /** @param sample rows by which the width of the columns is chosen */
  head(sample: Rows): string {
    const header = this.#columns.map(
      ({ name }, index) =>
        `<c r="${columnLetters(index)}1" s="${headerStyle}" t="inlineStr"><is><t>${xmlText(name)}</t></is></c>`,
    );
    return [
      '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n',
      '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">',
      '<sheetViews><sheetView workbookViewId="0">',
      '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>',
      '</sheetView></sheetViews>',
      `<cols>${this.#widths(sample).join('')}</cols>`,
      `<sheetData><row r="1">${header.join('')}</row>`,
    ].join('');
  }

  /** @param first the number of the first row, counted from 1, the header included */
  rows(rows: Rows, first: number): string {
    let xml = '';
    for (let index = 0; index < rows.length; index++) xml += this.#row(rows[index]!, first + index);
    return xml;
  }

  readonly tail = '</sheetData></worksheet>';

  #row(row: readonly Cell[], number: number): string {
    let xml = `<row r="${number}">`;
    for (const { letters, cell, write } of this.#cells) {
      const value = row[cell]!;
      if (value !== null) xml += write(letters + number, value);
    }
    return `${xml}</row>`;
  }

  #widths(sample: Rows): string[] {
    return this.#columns.map((column, index) => {
      const width = widthOf(column, sample.slice(0, sampleRows));
      return `<col min="${index + 1}" max="${index + 1}" width="${width}" customWidth="1"/>`;
    });
  }
}

const sampleRows = 200;
/** In characters of the standard font. */
const widthMin = 8;
const widthMax = 60;
const dateTimeWidth = 19;

function widthOf({ name, cell, kind }: Column, sample: Rows): number {
  const lengths = sample.map(row => row[cell]?.length ?? 0);
  const longest = kind === 'DateTime' ? dateTimeWidth : Math.max(0, ...lengths);
  return Math.min(widthMax, Math.max(widthMin, name.length, longest) + 2);
}
