// Reading a request's body: bounded, and strictly UTF-8.

import { isUtf8 } from 'node:buffer';
import { type Fault, fault } from '../../base/errors.ts';
import type { Incoming } from './message.ts';

/** Gathers chunks up to a number of bytes. */
export class BoundedBytes {
  readonly #chunks: Uint8Array[] = [];
  readonly #bytesMax: number;
  #size = 0;

  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax;
  }

  /** @returns whether it still fits */
  add(chunk: Uint8Array): boolean {
    this.#size += chunk.byteLength;
    if (this.#size > this.#bytesMax) return false;
    this.#chunks.push(chunk);
    return true;
  }

  whole(): Buffer {
    const [first] = this.#chunks;
    return this.#chunks.length === 1 && first instanceof Buffer ? first : Buffer.concat(this.#chunks);
  }
}

/** @returns the whole body as bytes @throws TOO_LARGE */
export async function readBytes(
  request: Pick<Incoming, 'header' | 'stream'>,
  bytesMax: number,
): Promise<Buffer> {
  checkDeclaredLength(request.header('content-length'), bytesMax);
  const bytes = new BoundedBytes(bytesMax);
  for await (const chunk of request.stream()) if (!bytes.add(chunk)) throw tooLarge(bytesMax);
  return bytes.whole();
}

/** @returns the text, a byte order mark left out @throws MALFORMED_REQUEST */
export function decodeUtf8(bytes: Buffer): string {
  if (!isUtf8(bytes)) throw fault('MALFORMED_REQUEST', 'The body is not UTF-8.');
  const text = bytes.toString('utf8');
  return text.charCodeAt(0) === byteOrderMark ? text.slice(1) : text;
}

const byteOrderMark = 0xfeff;

/** Rejects a body by its Content-Length. @throws TOO_LARGE */
export function checkDeclaredLength(contentLength: string | undefined, bytesMax: number): void {
  if (contentLength !== undefined && Number(contentLength) > bytesMax) throw tooLarge(bytesMax);
}

export const tooLarge = (bytesMax: number): Fault =>
  fault('TOO_LARGE', `The body is longer than ${bytesMax} bytes.`);

export const endedEarly = (): Fault => fault('MALFORMED_REQUEST', 'The request body was cut off.');

export const stalled = (): Fault => fault('REQUEST_TIMEOUT', 'The body took too long to arrive.');
