// Streams rows as a workbook (.xlsx). Nothing is kept but the page that is being written.

import { Readable } from 'node:stream';
import { ZipFile } from 'yazl';
import type { Cell } from '../../query/plan/cells.ts';
import type { Column } from '../columns.ts';
import { firstParts, lastParts, type PackagePart, sheetPart } from './package-parts.ts';
import { SheetWriter } from './sheet.ts';

/** Including the header: a limit of the format. */
const sheetRowsMax = 1_048_576;

/** Sheets are repetitive: more effort makes them hardly smaller, and takes three times as long. */
const compressionLevel = 3;

type Page = readonly (readonly Cell[])[];

export interface WorkbookOptions {
  /** The name of the first sheet; the others are numbered. */
  readonly name: string;
  readonly columns: readonly Column[];
  /** Rows of a sheet, the header included. Default: as many as the format allows. */
  readonly rowsMax?: number;
}

/** @param pages closed when the workbook ends, fails or is closed @throws what the pages throw; LIMIT_EXCEEDED for a text that no cell can hold */
export async function* workbook(
  { name, columns, rowsMax = sheetRowsMax }: WorkbookOptions,
  pages: AsyncGenerator<Page>,
): AsyncGenerator<Uint8Array> {
  const zip = new ZipFile();
  const output = zip.outputStream as Readable;
  const rows = new PendingRows(pages);
  const writer = new SheetWriter(columns);
  const names: string[] = [];
  let sheet: Readable | undefined;
  const addSheet = (): void => {
    names.push(sheetName(name, names.length + 1));
    // Strings are chunks here: one is read ahead.
    sheet = Readable.from(sheetChunks(writer, rows, rowsMax), { highWaterMark: 1 });
    sheet.once('error', error => output.destroy(error));
    sheet.once('end', () => (rows.isDone ? finish(zip, names) : addSheet()));
    zip.addReadStream(sheet, sheetPart(names.length), { compressionLevel });
  };
  try {
    addParts(zip, firstParts);
    addSheet();
    yield* output;
  } finally {
    sheet?.destroy();
    output.destroy();
    await pages.return(undefined);
  }
}

function finish(zip: ZipFile, names: readonly string[]): void {
  addParts(zip, lastParts(names));
  zip.end();
}

function addParts(zip: ZipFile, parts: readonly PackagePart[]): void {
  for (const { name, xml } of parts) zip.addBuffer(Buffer.from(xml), name);
}

/** At most 31 characters: a limit of the format. */
const sheetName = (name: string, number: number): string =>
  number === 1 ? name.slice(0, 31) : `${name.slice(0, 24)} ${number}`;

async function* sheetChunks(writer: SheetWriter, rows: PendingRows, rowsMax: number): AsyncGenerator<string> {
  let number = 2;
  let page = await rows.take(rowsMax - 1);
  yield writer.head(page);
  while (page.length > 0) {
    yield writer.rows(page, number);
    number += page.length;
    page = number > rowsMax ? [] : await rows.take(rowsMax + 1 - number);
  }
  yield writer.tail;
}

/** The rows that no sheet has taken yet. */
class PendingRows {
  readonly #pages: AsyncGenerator<Page>;
  #page: Page = [];
  #ended = false;

  constructor(pages: AsyncGenerator<Page>) {
    this.#pages = pages;
  }

  get isDone(): boolean {
    return this.#ended && this.#page.length === 0;
  }

  /** @returns the next rows of one page, at most so many; none at the end */
  async take(max: number): Promise<Page> {
    await this.#fill();
    const taken = this.#page.slice(0, max);
    this.#page = this.#page.slice(max);
    // Whether another sheet follows is known only then.
    await this.#fill();
    return taken;
  }

  async #fill(): Promise<void> {
    while (this.#page.length === 0 && !this.#ended) {
      const { done, value } = await this.#pages.next();
      if (done) this.#ended = true;
      else this.#page = value;
    }
  }
}
