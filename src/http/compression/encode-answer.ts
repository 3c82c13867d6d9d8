// Answers that go out compressed, whichever API makes them (RFC 9110, section 8.4).

import { pipeline, Readable } from 'node:stream';
import { promisify } from 'node:util';
import { brotliCompress, constants, createBrotliCompress, createGzip, gzip } from 'node:zlib';
import type { Answer, Received } from '../message/message.ts';
import { forbidsIdentity, preferredCoding } from './accept-encoding.ts';
import type { Coding } from './decode-body.ts';

/** Shorter answers are sent as they are: to compress them costs more time than it spares. Characters, or bytes. */
const compressedBytesMin = 2_048;

/** Text of any kind. Pages hold form tokens and are small, images are compressed, and events must not wait for one another. */
const compressible =
  /^(?:text\/(?!html|event-stream)|application\/(?:[\w.-]+\+)?(?:json|xml|javascript)|multipart\/mixed)/i;

/**
 * Compresses an answer where its client takes that, its length is worth it, and nobody could learn from the length what it
 * holds. It is done by zlib's threads.
 * @returns the answer as it is to be sent; no promise where nothing is compressed
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
 * BREACH: a page of another site that makes a browser send requests, and sees how long the answers are, learns what stands
 * in them, as a text that is in the request and in the answer makes it shorter. It needs a credential that browsers add by
 * themselves: a cookie, or what was once typed in for Basic. No page can set Accept-Encoding, or a key in a header of ours.
 */
function mayBeProbed(request: Received): boolean {
  const site = request.header('sec-fetch-site');
  if (site === 'same-origin' || site === 'none') return false;
  if (request.header('cookie') !== undefined) return true;
  return site !== undefined && /^basic\s/i.test(request.header('authorization') ?? '');
}

/** Caches must know that other clients are answered otherwise. */
function varied(answer: Answer): Answer {
  const { vary } = answer.headers ?? {};
  if (vary !== undefined && /accept-encoding|\*/i.test(vary)) return answer;
  const both = vary === undefined ? 'Accept-Encoding' : `${vary}, Accept-Encoding`;
  return { ...answer, headers: { ...answer.headers, vary: both } };
}

function compressed(answer: Answer, coding: Coding, head: boolean): Answer | Promise<Answer> {
  const { body } = answer;
  const encoded = { ...varied(answer), headers: headersOf(varied(answer), coding) };
  // How long it would be is not known without doing it (RFC 9110, section 9.3.2).
  if (head) return { ...encoded, body: body instanceof ReadableStream ? body : new ReadableStream() };
  if (body instanceof ReadableStream) return { ...encoded, body: streams(body, coding) };
  return whole[coding](body!).then(
    bytes => ({ ...encoded, body: bytes }),
    // Without memory for it, the answer is as good as it is.
    () => varied(answer),
  );
}

/** Compressed it is another representation, which only a weak tag may have in common with the plain one (section 8.8.1). */
function headersOf({ headers = {} }: Answer, coding: Coding): Record<string, string> {
  const { 'content-length': _, etag, ...kept } = headers;
  const tag = etag !== undefined && { etag: etag.startsWith('W/') ? etag : `W/${etag}` };
  return { ...kept, ...tag, 'content-encoding': coding };
}

/** Larger than zlib's own, since each chunk is a way to another thread and back. */
const chunkSize = 65_536;
/** As fast as gzip or faster, and still shorter. The window bounds what a stream keeps in memory. */
const brotliParams = { [constants.BROTLI_PARAM_QUALITY]: 3, [constants.BROTLI_PARAM_LGWIN]: 19 };

const whole = {
  gzip: (body: string | Uint8Array) => promisify(gzip)(body, { chunkSize }),
  br: (body: string | Uint8Array) => promisify(brotliCompress)(body, { chunkSize, params: brotliParams }),
};

/** Every piece is sent on when it is there: who follows an export sees it grow. */
const makers = {
  gzip: () => createGzip({ chunkSize, flush: constants.Z_SYNC_FLUSH }),
  br: () =>
    createBrotliCompress({ chunkSize, params: brotliParams, flush: constants.BROTLI_OPERATION_FLUSH }),
};

/** Fails as its source does, and cancels it when nobody wants more. */
function streams(body: ReadableStream<Uint8Array>, coding: Coding): ReadableStream<Uint8Array> {
  const encoder = makers[coding]();
  pipeline(Readable.fromWeb(body as Parameters<typeof Readable.fromWeb>[0]), encoder, () => {});
  return Readable.toWeb(encoder) as ReadableStream<Uint8Array>;
}
