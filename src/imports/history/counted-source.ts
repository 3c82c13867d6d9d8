import type { RowSource, SourceRow } from '../read/row-source.ts';

/** Counts the bytes and rows of a file as they are read. */
export class CountedSource {
  bytesRead = 0;
  /** Rows, without the header. */
  count = 0;
  /** The row that was read last. */
  lastRow = 0;
  readonly bytes: AsyncGenerator<Buffer>;

  constructor(bytes: AsyncIterable<Buffer>) {
    this.bytes = this.#countBytes(bytes);
  }

  /** @returns a source that counts */
  rows({ header, rows }: RowSource): RowSource {
    return { header, rows: this.#countRows(rows) };
  }

  async *#countBytes(bytes: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    for await (const chunk of bytes) {
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
