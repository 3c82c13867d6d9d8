import { crossOriginHeaders } from '../message/cors.ts';
import type { Answer, Received } from '../message/message.ts';

/** A response, ready to be sent through either entry point. */
export interface Outgoing {
  readonly status: number;
  /** Names and values in turn. */
  readonly headers: string[];
  readonly body: Answer['body'];
}

export interface OutgoingOptions {
  /** Whether pages of other origins may read it. */
  readonly crossOrigin: boolean;
  /** Whether the connection is to be closed afterwards. */
  readonly close: boolean;
  /** Whether browsers must return over HTTPS only (RFC 6797). */
  readonly secure: boolean;
  /** Rate limit headers: names and values in turn. */
  readonly limits?: readonly string[];
  /** What the request cost, in units of the cost limit. */
  readonly cost?: number;
}

/** Responses must not be cached, framed by pages, or interpreted as another content type. */
const defaults: readonly (readonly [name: string, value: string])[] = [
  ['cache-control', 'no-store'],
  ['content-security-policy', "frame-ancestors 'none'"],
  ['referrer-policy', 'no-referrer'],
  ['x-content-type-options', 'nosniff'],
];

/** Adds the headers of every response; the answer's own headers override the defaults. */
export function toOutgoing(answer: Answer, request: Received, options: OutgoingOptions): Outgoing {
  const { status, headers: own = {}, cookies } = answer;
  const body = encoded(answer.body);
  const headers: string[] = [];
  const measured = mayHaveBody(status) && !(body instanceof ReadableStream);
  for (const name in own) {
    const value = own[name];
    if (value !== undefined && !(measured && name === 'content-length')) headers.push(name, value);
  }
  if (cookies) for (const cookie of cookies) headers.push('set-cookie', cookie);
  for (const [name, value] of defaults) if (own[name] === undefined) headers.push(name, value);
  headers.push('x-request-id', request.id);
  if (options.limits) for (const text of options.limits) headers.push(text);
  if (options.cost !== undefined) headers.push('portolan-cost', String(options.cost));
  if (options.secure) headers.push('strict-transport-security', 'max-age=31536000');
  if (options.crossOrigin && request.header('origin') !== undefined) headers.push(...crossOriginHeaders);
  if (options.close) headers.push('connection', 'close');
  if (measured) headers.push('content-length', String(byteLength(body)));
  return { status, headers, body: request.head || !mayHaveBody(status) ? discard(body) : body };
}

/** RFC 9110, sections 15.3.5 and 15.4.5. */
const mayHaveBody = (status: number): boolean => status !== 204 && status !== 304;

/** Longer texts are encoded once and then measured, because measuring them costs as much as encoding them. */
const measuredMax = 16_384;

const encoded = (body: Answer['body']): Answer['body'] =>
  typeof body === 'string' && body.length > measuredMax ? Buffer.from(body) : body;

function byteLength(body: string | Uint8Array | undefined): number {
  if (body === undefined) return 0;
  return typeof body === 'string' ? Buffer.byteLength(body) : body.byteLength;
}

function discard(body: Answer['body']): undefined {
  if (body instanceof ReadableStream) body.cancel().catch(() => {});
}
