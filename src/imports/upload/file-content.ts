import { decode } from '../../http/compression/decode-body.ts';
import { tooLarge, type UploadRules } from './upload.ts';

/**
 * @param chunks the file as it is sent, zipped by gzip or not
 * @returns its content
 * @throws TOO_LARGE beyond the bytes that a file may have, unzipped; what the upload's place throws
 */
export async function* fileContent(
  chunks: AsyncIterable<Uint8Array>,
  { bytesMax, place }: UploadRules,
): AsyncGenerator<Uint8Array> {
  let size = 0;
  for await (const chunk of unzipped(chunks)) {
    size += chunk.byteLength;
    if (size > bytesMax) throw tooLarge(bytesMax);
    place.grow(chunk.byteLength);
    yield chunk;
  }
}

/** Files are known by their first two bytes (RFC 1952, section 2.3.1), which no CSV file begins with. */
async function* unzipped(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const source = chunks[Symbol.asyncIterator]();
  const first = await beginning(source);
  const whole = from(first, source);
  yield* first[0] === 0x1f && first[1] === 0x8b ? decode(whole, 'gzip') : whole;
}

/** @returns two bytes at least, where the file has them */
async function beginning(source: AsyncIterator<Uint8Array>): Promise<Uint8Array> {
  let bytes = Buffer.alloc(0);
  while (bytes.length < 2) {
    const { done, value } = await source.next();
    if (done) return bytes;
    bytes = Buffer.concat([bytes, value]);
  }
  return bytes;
}

async function* from(first: Uint8Array, source: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    if (first.length > 0) yield first;
    for (let next = await source.next(); !next.done; next = await source.next()) yield next.value;
  } finally {
    await source.return?.();
  }
}
