// A ZIP file on disk: which files are in it, and their content, bounded in every way.

import yauzl, { type Entry, type ZipFile } from 'yauzl';
import { Fault, fault } from '../../../base/errors.ts';
import type { StoredFile } from './row-source.ts';

/** Workbooks have a few dozen. */
const entriesMax = 10_000;
const chunkBytes = 65_536;

export class Zip {
  readonly #file: ZipFile;
  readonly #bytesMax: number;
  readonly #entries: ReadonlyMap<string, Entry>;

  private constructor(file: ZipFile, entries: ReadonlyMap<string, Entry>, bytesMax: number) {
    this.#file = file;
    this.#entries = entries;
    this.#bytesMax = bytesMax;
  }

  /** @param bytesMax of a file in it, decompressed @throws MALFORMED_REQUEST, TOO_LARGE */
  static async open(file: StoredFile, bytesMax: number): Promise<Zip> {
    try {
      const options = { autoClose: false, lazyEntries: true, validateEntrySizes: true };
      const opened = await yauzl.fromFdPromise(file.descriptor, options);
      const entries = new Map<string, Entry>();
      for await (const entry of opened.eachEntry()) {
        if (isFile(entry.fileName)) entries.set(entry.fileName, entry);
        if (entries.size > entriesMax)
          throw fault('TOO_LARGE', `The ZIP file has more than ${entriesMax} files.`, { target: 'file' });
      }
      return new Zip(opened, entries, bytesMax);
    } catch (error) {
      throw damaged(error);
    }
  }

  get names(): readonly string[] {
    return [...this.#entries.keys()];
  }

  has(name: string): boolean {
    return this.#entries.has(name);
  }

  /**
   * @returns the content of a file, in chunks that are filled but for the last
   * @throws TOO_LARGE for more bytes than a file may have, MALFORMED_REQUEST for an encrypted or damaged one
   */
  async *read(name: string): AsyncGenerator<Buffer> {
    const entry = this.#entries.get(name);
    if (!entry) throw damaged(new Error(`it has no file "${name.slice(0, 200)}"`));
    if (entry.isEncrypted()) {
      throw fault('MALFORMED_REQUEST', 'The ZIP file is encrypted.', {
        hint: 'Send it without a password.',
        target: 'file',
      });
    }
    if (entry.uncompressedSize > this.#bytesMax) throw this.#tooLarge();
    try {
      let size = 0;
      for await (const chunk of filled(await this.#file.openReadStreamPromise(entry))) {
        size += chunk.length;
        if (size > this.#bytesMax) throw this.#tooLarge();
        yield chunk;
      }
    } catch (error) {
      throw damaged(error);
    }
  }

  #tooLarge(): Fault {
    return fault('TOO_LARGE', `The file in the ZIP file is longer than ${this.#bytesMax} bytes.`, {
      hint: 'Send it in parts.',
      target: 'file',
    });
  }
}

/** Macs add files of their own. */
const isFile = (name: string): boolean =>
  !name.endsWith('/') && !name.startsWith('__MACOSX/') && !name.endsWith('.DS_Store');

function damaged(error: unknown): unknown {
  if (error instanceof Fault || (error instanceof Error && 'syscall' in error)) return error;
  const reason = error instanceof Error ? error.message : String(error);
  return fault('MALFORMED_REQUEST', `The ZIP file is damaged: ${reason.slice(0, 300)}.`, {
    target: 'file',
    cause: error,
  });
}

async function* filled(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let held: Buffer[] = [];
  let size = 0;
  for await (const chunk of chunks) {
    held.push(chunk);
    size += chunk.length;
    if (size < chunkBytes) continue;
    yield Buffer.concat(held);
    held = [];
    size = 0;
  }
  if (size > 0) yield Buffer.concat(held);
}
