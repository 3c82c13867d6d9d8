// Compressed request bodies (RFC 9110, section 8.4). The decoded length is not limited here: the consumer limits it.

import { pipeline } from 'node:stream';
import { ReadableStream as WebStream } from 'node:stream/web';
import { createBrotliDecompress, createGunzip } from 'node:zlib';
import { type Fault, fault } from '../../base/errors.ts';
import { endedEarly } from '../message/body.ts';

const decoders = { gzip: createGunzip, br: createBrotliDecompress };

export type Coding = keyof typeof decoders;

/** Larger than zlib's default, since each chunk is a round trip to another thread. */
const chunkSize = 65_536;

/**
 * @param contentEncoding the header of that name
 * @returns undefined for a body that is not compressed
 * @throws UNSUPPORTED_MEDIA_TYPE with `Accept-Encoding` (RFC 9110, section 15.5.16) for an unknown coding, or for several
 */
function codingOf(contentEncoding: string | undefined): Coding | undefined {
  if (contentEncoding === undefined) return undefined;
  const name = contentEncoding.trim().toLowerCase();
  if (name === '' || name === 'identity') return undefined;
  if (name === 'gzip' || name === 'x-gzip') return 'gzip';
  if (name === 'br') return 'br';
  throw unknownCoding(name);
}

const unknownCoding = (name: string): Fault =>
  fault('UNSUPPORTED_MEDIA_TYPE', `The body has the Content-Encoding "${name.slice(0, 80)}".`, {
    hint: 'Send it with gzip or br, or without an encoding.',
    target: 'content-encoding',
    headers: { 'accept-encoding': 'gzip, br' },
  });

/** @returns the body as a stream, decoded as its header says @throws like `codingOf`, before the body is read */
export function decodedStream(
  contentEncoding: string | undefined,
  open: () => ReadableStream<Uint8Array>,
): ReadableStream<Uint8Array> {
  const coding = codingOf(contentEncoding);
  if (!coding) return open();
  return WebStream.from(decode(open(), coding)) as ReadableStream<Uint8Array>;
}

/**
 * Decodes in zlib's threads, no faster than the result is read.
 * @throws MALFORMED_REQUEST for invalid or truncated data; what the source throws
 */
export async function* decode(
  source: AsyncIterable<Uint8Array>,
  coding: Coding,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const decoder = decoders[coding]({ chunkSize });
  const made = { bytes: 0 };
  // An error of the source is thrown by the decoder.
  pipeline(watched(source, made), decoder, () => {});
  try {
    for await (const chunk of decoder as AsyncIterable<Buffer<ArrayBuffer>>) {
      made.bytes += chunk.byteLength;
      yield chunk;
    }
  } catch (error) {
    throw toFault(error, coding);
  } finally {
    decoder.destroy();
  }
}

/** Compression never makes data much longer. */
const overheadMax = 1_048_576;

/** Otherwise a body of empty blocks could continue for ever without reaching the limit on the decoded length. */
async function* watched(
  source: AsyncIterable<Uint8Array>,
  made: { readonly bytes: number },
): AsyncGenerator<Uint8Array> {
  let taken = 0;
  for await (const chunk of source) {
    taken += chunk.byteLength;
    if (taken > made.bytes + overheadMax) {
      throw fault('TOO_LARGE', 'The compressed body is longer than its content.');
    }
    yield chunk;
  }
}

function toFault(error: unknown, coding: Coding): unknown {
  const { code = '' } = error as NodeJS.ErrnoException;
  if (code === 'Z_BUF_ERROR' || code === 'ERR__ERROR_UNEXPECTED_END') return endedEarly();
  if (!/^(?:Z_|ERR_BROTLI|ERR__ERROR_)/.test(code)) return error;
  return fault('MALFORMED_REQUEST', `The body is not valid ${coding}.`, {
    hint: 'Check the header Content-Encoding.',
    target: 'content-encoding',
    cause: error,
  });
}
