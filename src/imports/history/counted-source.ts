import type { RowSource, SourceRow, StoredFile } from '../read/source/row-source.ts';

/** Counts the bytes and rows of a file as they are read. */
export class CountedSource implements StoredFile {
  bytesRead = 0;
  /** Rows, without the header. */
  count = 0;
  /** The row that was read last. */
  lastRow = 0;
  readonly #file: StoredFile;

  constructor(file: StoredFile) {
    this.#file = file;
  }

  /** @returns a source that counts */
  rows(source: RowSource): RowSource {
    return { ...source, rows: this.#countRows(source.rows) };
  }

  get descriptor(): number {
    return this.#file.descriptor;
  }

  async *read(): AsyncGenerator<Buffer> {
    this.bytesRead = 0;
    for await (const chunk of this.#file.read()) {
      this.bytesRead += chunk.byteLength;
      yield chunk;
    }
  }

  async *#countRows(rows: RowSource['rows']): AsyncGenerator<readonly SourceRow[]> {
    for await (const portion of rows) {
      this.count += portion.length;
      this.lastRow = portion.at(-1)?.row ?? this.lastRow;
      yield portion;
    }
  }
}
