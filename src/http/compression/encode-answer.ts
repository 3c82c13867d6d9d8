// Compression of the responses of all APIs (RFC 9110, section 8.4).

import { pipeline, Readable } from 'node:stream';
import { promisify } from 'node:util';
import { brotliCompress, constants, createBrotliCompress, createGzip, gzip } from 'node:zlib';
import type { Answer, Received } from '../message/message.ts';
import { forbidsIdentity, preferredCoding } from './accept-encoding.ts';
import type { Coding } from './decode-body.ts';

/** Shorter responses are not compressed: it would cost more time than it saves. Characters, or bytes. */
const compressedBytesMin = 2_048;

/** Text, except pages (small, and they hold form tokens) and events (which must not be buffered). */
const compressible =
  /^(?:text\/(?!html|event-stream)|application\/(?:[\w.-]+\+)?(?:json|xml|javascript)|application\/(?:x-)?ndjson|multipart\/mixed)/i;

/**
 * Compresses a response if the client accepts that, it is long enough, and its length cannot leak its content. Runs in zlib's
 * threads.
 * @returns the response to send; a promise only if it is compressed
 */
export function encodeAnswer(answer: Answer, request: Received): Answer | Promise<Answer> {
  const { status, headers = {}, body } = answer;
  if (body === undefined) return status === 304 ? varied(answer) : answer;
  const accept = request.header('accept-encoding');
  const forced = accept !== undefined && forbidsIdentity(accept);
  if (!forced && isShort(body)) return answer;
  const type = headers['content-type'] ?? '';
  if (headers['content-encoding'] !== undefined || type.startsWith('text/event-stream')) return answer;
  if (!forced && !compressible.test(type)) return answer;
  const coding = accept === undefined ? 'identity' : preferredCoding(accept);
  const plain = coding === 'identity' || coding === 'nothing' || (!forced && mayBeProbed(request));
  return plain ? varied(answer) : compressed(answer, coding, request.head);
}

const isShort = (body: NonNullable<Answer['body']>): boolean =>
  !(body instanceof ReadableStream) && body.length < compressedBytesMin;

/**
 * BREACH: a page of another site can make a browser send requests and observe the length of the responses. Text that is in
 * both the request and the response makes it shorter, so the length leaks content. The attack needs a credential that the
 * browser adds by itself: a cookie, or Basic. A page cannot set Accept-Encoding, or a key in a header of its own.
 */
function mayBeProbed(request: Received): boolean {
  const site = request.header('sec-fetch-site');
  if (site === 'same-origin' || site === 'none') return false;
  if (request.header('cookie') !== undefined) return true;
  return site !== undefined && /^basic\s/i.test(request.header('authorization') ?? '');
}

/** Tells caches that the response depends on Accept-Encoding. */
function varied(answer: Answer): Answer {
  const { vary } = answer.headers ?? {};
  if (vary !== undefined && /accept-encoding|\*/i.test(vary)) return answer;
  const both = vary === undefined ? 'Accept-Encoding' : `${vary}, Accept-Encoding`;
  return { ...answer, headers: { ...answer.headers, vary: both } };
}

function compressed(answer: Answer, coding: Coding, head: boolean): Answer | Promise<Answer> {
  const { body } = answer;
  const encoded = { ...varied(answer), headers: headersOf(varied(answer), coding) };
  // The length is unknown without compressing (RFC 9110, section 9.3.2).
  if (head) return { ...encoded, body: body instanceof ReadableStream ? body : new ReadableStream() };
  if (body instanceof ReadableStream) return { ...encoded, body: streams(body, coding) };
  return whole[coding](body!).then(
    bytes => ({ ...encoded, body: bytes }),
    // If compression fails, for example out of memory, the response is sent uncompressed.
    () => varied(answer),
  );
}

/** The compressed form is another representation, so only a weak ETag may be the same (section 8.8.1). */
function headersOf({ headers = {} }: Answer, coding: Coding): Record<string, string> {
  const { 'content-length': _, etag, ...kept } = headers;
  const tag = etag !== undefined && { etag: etag.startsWith('W/') ? etag : `W/${etag}` };
  return { ...kept, ...tag, 'content-encoding': coding };
}

/** Larger than zlib's default, since each chunk is a round trip to another thread. */
const chunkSize = 65_536;
/** At least as fast as gzip, and shorter. The window limits the memory of a stream. */
const brotliParams = { [constants.BROTLI_PARAM_QUALITY]: 3, [constants.BROTLI_PARAM_LGWIN]: 19 };

const whole = {
  gzip: (body: string | Uint8Array) => promisify(gzip)(body, { chunkSize }),
  br: (body: string | Uint8Array) => promisify(brotliCompress)(body, { chunkSize, params: brotliParams }),
};

/** Each chunk is flushed at once, so that a client can follow an export. */
const makers = {
  gzip: () => createGzip({ chunkSize, flush: constants.Z_SYNC_FLUSH }),
  br: () =>
    createBrotliCompress({ chunkSize, params: brotliParams, flush: constants.BROTLI_OPERATION_FLUSH }),
};

/** Fails with its source, and cancels it when the consumer stops. */
function streams(body: ReadableStream<Uint8Array>, coding: Coding): ReadableStream<Uint8Array> {
  const encoder = makers[coding]();
  pipeline(Readable.fromWeb(body as Parameters<typeof Readable.fromWeb>[0]), encoder, () => {});
  return Readable.toWeb(encoder) as ReadableStream<Uint8Array>;
}
