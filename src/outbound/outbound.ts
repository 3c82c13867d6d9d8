// HTTP requests to URLs that callers supply. Every address is checked when the connection is made, after the name is resolved,
// so a name that resolves differently the second time reaches nothing else (DNS rebinding). Redirects are not followed.

import { type LookupAddress, type LookupOptions, lookup as resolveName } from 'node:dns';
import { request as httpRequest, type IncomingMessage, type OutgoingHttpHeaders } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { isIP } from 'node:net';
import type { IsAllowedAddress } from './address-guard.ts';

interface OutboundRequest {
  readonly url: string;
  /** Default: GET. */
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  /** Until the response headers are there, and between two parts of the body. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
}

export interface OutboundResponse {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  /** Must be read to its end or destroyed. */
  readonly body: IncomingMessage;
}

export type OutboundProblem = 'url' | 'address' | 'name' | 'connection' | 'timeout';

/** Its message is a sentence for the caller: it names no address that a name resolves to. */
export class OutboundError extends Error {
  readonly problem: OutboundProblem;

  constructor(problem: OutboundProblem, message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'OutboundError';
    this.problem = problem;
  }
}

export type SendOutbound = (request: OutboundRequest) => Promise<OutboundResponse>;

/** @throws OutboundError; the signal's reason when it is aborted */
export const createOutbound =
  (isAllowed: IsAllowedAddress): SendOutbound =>
  async request =>
    exchange(toUrl(request.url), request, isAllowed);

/** @throws OutboundError if it is no HTTP URL */
export function toUrl(text: string): URL {
  const url = URL.parse(text);
  if (url && (url.protocol === 'https:' || url.protocol === 'http:')) return url;
  throw new OutboundError('url', 'The URL must begin with https:// or http://.');
}

const toResponse = (body: IncomingMessage): OutboundResponse => ({
  status: body.statusCode!,
  headers: body.headers,
  body,
});

function exchange(
  url: URL,
  request: OutboundRequest,
  isAllowed: IsAllowedAddress,
): Promise<OutboundResponse> {
  const { method = 'GET', headers = {}, body, timeoutMs, signal } = request;
  // For an address, no name is resolved.
  if (!isHostAllowed(url.hostname, isAllowed)) throw refusedAddress(url);
  const send = url.protocol === 'https:' ? httpsRequest : httpRequest;
  return new Promise((resolve, reject) => {
    const late = () => outgoing.destroy(new OutboundError('timeout', `${url.host} does not respond.`));
    const timer = setTimeout(late, timeoutMs);
    const outgoing = send(url, {
      method,
      headers: withLength(headers, body),
      lookup: guardedLookup(isAllowed, url),
      agent: false,
      signal,
      timeout: timeoutMs,
    });
    outgoing.on('timeout', late);
    outgoing.on('response', response => {
      clearTimeout(timer);
      resolve(toResponse(response));
    });
    outgoing.on('error', error => {
      clearTimeout(timer);
      reject(signal?.aborted ? signal.reason : toProblem(error, url));
    });
    outgoing.end(body);
  });
}

const withLength = (
  headers: Readonly<Record<string, string>>,
  body: string | Uint8Array | undefined,
): OutgoingHttpHeaders =>
  body === undefined ? { ...headers } : { ...headers, 'content-length': Buffer.byteLength(body) };

type LookupDone = (
  error: NodeJS.ErrnoException | null,
  address: string | LookupAddress[],
  family?: number,
) => void;

function guardedLookup(isAllowed: IsAllowedAddress, url: URL) {
  return (name: string, options: LookupOptions, done: LookupDone): void => {
    resolveName(name, { ...options, all: true }, (error, addresses) => {
      if (error) return done(error, []);
      const allowed = addresses.filter(({ address }) => isAllowed(address));
      const [first] = allowed;
      if (!first) return done(refusedAddress(url), []);
      if (options.all) done(null, allowed);
      else done(null, first.address, first.family);
    });
  };
}

const refusedAddress = (url: URL): OutboundError =>
  new OutboundError('address', `${url.host} is not a public address, so it is not connected to.`);

function toProblem(error: NodeJS.ErrnoException, url: URL): OutboundError {
  if (error instanceof OutboundError) return error;
  if (error.code === 'ENOTFOUND' || error.code === 'EAI_AGAIN')
    return new OutboundError('name', `There is no host ${url.hostname}.`, error);
  return new OutboundError('connection', `${url.host} cannot be reached: ${reasonOf(error)}.`, error);
}

/** @returns a reason without addresses */
function reasonOf({ code = '', message }: NodeJS.ErrnoException): string {
  if (code === 'ECONNREFUSED') return 'the connection was refused';
  if (code === 'ECONNRESET') return 'the connection was closed';
  if (code === 'ETIMEDOUT') return 'the connection timed out';
  if (/CERT|TLS|SSL/.test(code)) return `its certificate is not valid (${code})`;
  return code || message;
}

/** @param host of a URL @returns false for an address that is not allowed; names are checked when they are resolved */
export function isHostAllowed(host: string, isAllowed: IsAllowedAddress): boolean {
  const plain = host.replace(/^\[|\]$/g, '');
  return isIP(plain) === 0 || isAllowed(plain);
}
