// An upload waits on disk until it is whole: no transaction is open while a client is slow, and nothing is held in memory.

import { randomUUID } from 'node:crypto';
import { type FileHandle, open, unlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { type Fault, fault } from '../../base/errors.ts';

const chunkBytes = 65_536;

type Through = (chunks: AsyncIterable<Uint8Array>) => AsyncIterable<Uint8Array>;

export class SpoolFile {
  readonly #handle: FileHandle;
  #bytes = 0;

  private constructor(handle: FileHandle) {
    this.#handle = handle;
  }

  /** The name is removed at once: the file goes away with its handle, whatever becomes of the process. */
  static async open(): Promise<SpoolFile> {
    const path = join(tmpdir(), `portolan-import-${randomUUID()}`);
    const handle = await open(path, 'wx+', 0o600);
    await unlink(path);
    return new SpoolFile(handle);
  }

  /**
   * @param through what becomes of the source's chunks on the way
   * @throws the signal's reason when it aborts before the source has ended; UNAVAILABLE where the disk is full
   */
  async write(source: AsyncIterable<Uint8Array>, through: Through, signal: AbortSignal): Promise<void> {
    const append = async (chunks: AsyncIterable<Uint8Array>) => {
      for await (const chunk of chunks) {
        await this.#handle.writeFile(chunk);
        this.#bytes += chunk.byteLength;
      }
    };
    try {
      await pipeline(source, through, append, { signal });
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      throw code === 'ENOSPC' || code === 'EDQUOT' ? noRoom(error) : error;
    }
  }

  /** How much was written. */
  get bytes(): number {
    return this.#bytes;
  }

  get descriptor(): number {
    return this.#handle.fd;
  }

  /** @returns the content from its beginning, in chunks that are filled but for the last */
  async *read(): AsyncGenerator<Buffer> {
    for (let position = 0; ; ) {
      const chunk = Buffer.allocUnsafe(chunkBytes);
      const { bytesRead } = await this.#handle.read(chunk, 0, chunkBytes, position);
      if (bytesRead === 0) return;
      position += bytesRead;
      yield chunk.subarray(0, bytesRead);
    }
  }

  close(): Promise<void> {
    return this.#handle.close();
  }
}

const noRoom = (cause: unknown): Fault =>
  fault('UNAVAILABLE', 'The disk of the server has no room for the file.', {
    headers: { 'retry-after': '60' },
    cause,
  });
