// Bodies that come compressed (RFC 9110, section 8.4). What comes out has no bound here: whoever reads it counts.

import { pipeline } from 'node:stream';
import { ReadableStream as WebStream } from 'node:stream/web';
import { createBrotliDecompress, createGunzip } from 'node:zlib';
import { type Fault, fault } from '../../base/errors.ts';
import { endedEarly } from '../message/body.ts';

const decoders = { gzip: createGunzip, br: createBrotliDecompress };

export type Coding = keyof typeof decoders;

/** Larger than what zlib makes at once by itself: each time is a way to another thread and back. */
const chunkSize = 65_536;

/**
 * @param contentEncoding the header of that name
 * @returns undefined for a body that comes as it is
 * @throws UNSUPPORTED_MEDIA_TYPE with `Accept-Encoding` (RFC 9110, section 15.5.16) for any other coding, or for several
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

/** @returns the body as a stream, decoded where the header says so @throws as `codingOf` does, before the body is touched */
export function decodedStream(
  contentEncoding: string | undefined,
  open: () => ReadableStream<Uint8Array>,
): ReadableStream<Uint8Array> {
  const coding = codingOf(contentEncoding);
  if (!coding) return open();
  return WebStream.from(decode(open(), coding)) as ReadableStream<Uint8Array>;
}

/**
 * Decodes in zlib's threads, no faster than the result is taken.
 * @throws MALFORMED_REQUEST for what is not in the coding, or cut off; what the source throws
 */
export async function* decode(
  source: AsyncIterable<Uint8Array>,
  coding: Coding,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const decoder = decoders[coding]({ chunkSize });
  const made = { bytes: 0 };
  // A failure of the source comes out of the decoder.
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

/** No compression makes much more of what it is given. */
const overheadMax = 1_048_576;

/** A body of empty parts would otherwise go on for ever, and never reach the bound on what comes out. */
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
  return fault('MALFORMED_REQUEST', `The body is not what ${coding} makes.`, {
    hint: 'Check the header Content-Encoding.',
    target: 'content-encoding',
    cause: error,
  });
}
