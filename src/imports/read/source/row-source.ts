import type { Delimiter } from './detect-delimiter.ts';
import type { TextEncoding } from './text-encoding.ts';

/** Text, or an error; from JSON also null, true and false, numbers as `ExactNumber`, lists and objects, and undefined where there is no value. */
export type Cell = unknown;

/** A cell of a workbook that has no value. */
export class CellError {
  readonly text: string;
  readonly message: string;

  constructor(text: string, message: string) {
    this.text = text;
    this.message = message;
  }
}

/** A row of a file. */
export interface SourceRow {
  /** As a spreadsheet counts: the header is row 1. In JSON, the number of the object. */
  readonly row: number;
  /** The line of the file on which it begins; quoted cells may hold line ends, so rows and lines part. */
  readonly line: number;
  readonly cells: readonly Cell[];
  /** About how many characters it has, if its cells are not text. */
  readonly size?: number;
}

/** What a file turned out to be. */
export interface FileFacts {
  readonly format: FileFormat;
  /** Of text. */
  readonly encoding?: TextEncoding;
  readonly delimiter?: Delimiter;
}

export const fileFormats = ['csv', 'tsv', 'xlsx', 'json', 'ndjson'] as const;
export type FileFormat = (typeof fileFormats)[number];

/** A file as rows, whatever its format. */
export interface RowSource {
  readonly facts: FileFacts;
  /** The names of the columns. */
  readonly header: readonly string[];
  /** Whether cells are values of JSON rather than text: `""` is then a value, and a value that is missing is none. */
  readonly typed: boolean;
  /** Rows in portions, without the blank ones. To be read once, and to be returned. */
  readonly rows: AsyncGenerator<readonly SourceRow[]>;
}

/** A file whose bytes can be read any number of times. */
export interface StoredFile {
  /** The descriptor of the file that is open. */
  readonly descriptor: number;
  /** From its beginning, in chunks that are filled but for the last. */
  read(): AsyncGenerator<Buffer>;
}
