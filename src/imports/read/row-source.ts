/** A row of a file. */
export interface SourceRow {
  /** As a spreadsheet counts: the header is row 1. */
  readonly row: number;
  /** The line of the file on which it begins; quoted cells may hold line ends, so rows and lines part. */
  readonly line: number;
  readonly cells: readonly string[];
}

/** A file as rows, whatever its format. */
export interface RowSource {
  /** The names of the columns. */
  readonly header: readonly string[];
  /** Rows in portions, without the blank ones. To be read once, and to be returned. */
  readonly rows: AsyncGenerator<readonly SourceRow[]>;
}
