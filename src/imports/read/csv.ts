// A CSV file -> its header and its rows, a chunk at a time. RFC 4180, with any of four delimiters and of three line ends.

import { setImmediate } from 'node:timers/promises';
import { CsvError, type Parser, parse } from 'csv-parse';
import { type Fault, fault } from '../../base/errors.ts';
import { emptyFile } from './source/decode-text.ts';
import { type Delimiter, detectDelimiter } from './source/detect-delimiter.ts';
import type { SourceRow } from './source/row-source.ts';

/** Between two slices others get their turn: 16 KiB of line ends are 16,384 rows. */
const sliceBytes = 16_384;
const recordBytesMax = 4 * 1_048_576;
const columnsMax = 1_000;
const rowsMax = 2_000_000;

export interface CsvOptions {
  /** Absent: found out from the header. */
  readonly delimiter?: Delimiter;
  /** The names of the columns, for a file without a header. */
  readonly columns?: readonly string[];
}

interface CsvRows {
  readonly header: readonly string[];
  readonly rows: AsyncGenerator<readonly SourceRow[]>;
  readonly delimiter: Delimiter;
}

/**
 * @param text the file as UTF-8
 * @throws MALFORMED_REQUEST for an empty file, or quotation marks that are not closed; TOO_LARGE for too many rows or columns or
 *   too long a row
 */
export async function openCsv(
  text: AsyncIterable<Buffer>,
  { delimiter: requested, columns }: CsvOptions,
): Promise<CsvRows> {
  let delimiter: Delimiter = requested ?? ',';
  const portions = readRecords(text, requested, found => {
    delimiter = found;
  });
  for (;;) {
    const { done, value } = await portions.next();
    if (done) throw emptyFile();
    const [first, ...others] = value;
    if (!first) continue;
    const [header, rows] = columns ? [columns, value] : [first.cells as string[], others];
    return { header, rows: continueWith(rows, portions), delimiter };
  }
}

async function* continueWith(
  first: readonly SourceRow[],
  rest: AsyncGenerator<readonly SourceRow[]>,
): AsyncGenerator<readonly SourceRow[]> {
  try {
    yield first;
    yield* rest;
  } finally {
    await rest.return(undefined);
  }
}

async function* readRecords(
  text: AsyncIterable<Buffer>,
  requested: Delimiter | undefined,
  tell: (delimiter: Delimiter) => void,
): AsyncGenerator<readonly SourceRow[]> {
  let reader: RecordReader | undefined;
  for await (const chunk of text) {
    let at = 0;
    if (!reader) {
      const { delimiter, skipBytes } = detectDelimiter(chunk.toString('utf8'), requested);
      tell(delimiter);
      reader = new RecordReader(delimiter, skipBytes > 0 ? 1 : 0);
      at = skipBytes;
    }
    for (; at < chunk.length; at += sliceBytes) {
      yield await reader.write(chunk.subarray(at, at + sliceBytes));
      await setImmediate();
    }
  }
  if (reader) yield await reader.end();
}

/** The cells of the record that is being read, which csv-parse tells by no other way that costs nothing for each cell. */
interface ParserInternals {
  readonly state: { readonly record: readonly string[] };
}

/** csv-parse, fed by hand: a callback for each record costs a third less than its object stream. */
class RecordReader {
  readonly #parser: Parser;
  #records: SourceRow[] = [];
  #row: number;
  #line: number;
  #headerSeen = false;

  constructor(delimiter: Delimiter, rowsBefore: number) {
    this.#row = rowsBefore;
    this.#line = rowsBefore + 1;
    this.#parser = parse({
      delimiter,
      record_delimiter: ['\r\n', '\n', '\r'],
      relax_column_count: true,
      max_record_size: recordBytesMax,
      on_record: (cells: string[]) => this.#take(cells),
    });
    // Failures reach the callback of the write that met them.
    this.#parser.on('error', () => {});
    this.#parser.resume();
  }

  write(chunk: Buffer): Promise<readonly SourceRow[]> {
    return this.#portion(done => this.#parser.write(chunk, done));
  }

  end(): Promise<readonly SourceRow[]> {
    return this.#portion(done => {
      this.#parser.once('error', done);
      this.#parser.once('end', () => done());
      this.#parser.end();
    });
  }

  #portion(act: (done: (error?: Error | null) => void) => void): Promise<readonly SourceRow[]> {
    return new Promise((resolve, reject) => {
      act(error => {
        const failed = error ?? this.#overflow();
        if (failed) return reject(toFault(failed, this.#line));
        resolve(this.#records);
        this.#records = [];
      });
    });
  }

  /** Blank rows count, as they do in a spreadsheet, and are left out. */
  #take(cells: string[]): null {
    // As if each were the first: for one of another length than the first, csv-parse makes an error, with a stack and a
    // copy of its options, even where that is allowed. Two million blank lines took a minute.
    (this.#parser.info as { records: number }).records = 0;
    const row = ++this.#row;
    const line = this.#line;
    if (cells.length > columnsMax) throw this.#tooManyCells();
    if (row > rowsMax + 1)
      throw fault('TOO_LARGE', `The file has more than ${rowsMax} rows.`, { hint: 'Send it in parts.' });
    this.#line += 1;
    let blank = true;
    for (const cell of cells) {
      if (cell === '') continue;
      blank &&= cell.trim() === '';
      if (cell.includes('\n') || cell.includes('\r')) this.#line += countLineEnds(cell);
    }
    if (blank) return null;
    this.#headerSeen = true;
    this.#records.push({ row, line, cells });
    return null;
  }

  /** Empty cells add nothing to the size of a record, so that nothing but this ends a row that consists of them. */
  #overflow(): Error | undefined {
    const { record } = (this.#parser as unknown as ParserInternals).state;
    return record.length > columnsMax ? this.#tooManyCells() : undefined;
  }

  #tooManyCells(): Fault {
    const message = this.#headerSeen
      ? `The row that begins on line ${this.#line} has more than ${columnsMax} cells.`
      : `The file has more than ${columnsMax} columns.`;
    return fault('TOO_LARGE', message, { hint: 'Perhaps a line end is missing.', target: 'file' });
  }
}

/** A list of the lines would take many times the memory of the cell. */
function countLineEnds(cell: string): number {
  let count = 0;
  for (let i = 0; i < cell.length; i++) {
    const code = cell.charCodeAt(i);
    if (code === 0x0a || (code === 0x0d && cell.charCodeAt(i + 1) !== 0x0a)) count++;
  }
  return count;
}

function toFault(error: Error, line: number): Error {
  if (!(error instanceof CsvError)) return error;
  if (error.code === 'CSV_MAX_RECORD_SIZE') {
    return fault('TOO_LARGE', `The row that begins on line ${line} is longer than ${recordBytesMax} bytes.`, {
      hint: 'Perhaps a quotation mark is not closed.',
      target: 'file',
    });
  }
  return malformed(error, line);
}

const malformed = (error: CsvError, line: number): Fault =>
  fault(
    'MALFORMED_REQUEST',
    `The row that begins on line ${line} is not CSV: ${reasons[error.code] ?? 'it cannot be read'}.`,
    {
      hint: 'A cell that contains quotation marks stands in quotation marks, and those within are doubled: "7"" tablet".',
      target: 'file',
      cause: error,
    },
  );

const reasons: Readonly<Record<string, string>> = {
  CSV_QUOTE_NOT_CLOSED: 'a quotation mark is not closed',
  CSV_INVALID_CLOSING_QUOTE: 'something follows the quotation mark that closes a cell',
  INVALID_OPENING_QUOTE: 'a quotation mark stands within a cell that does not begin with one',
};
