// The fast entry point: a node:http request, without the cost of a fetch Request.

import type { IncomingMessage, ServerResponse } from 'node:http';
import { type ClientAddress, directAddress } from '../../base/config/client-address.ts';
import { decodedStream } from '../compression/decode-body.ts';
import { checkDeclaredLength, decodeUtf8, readBytes } from '../message/body.ts';
import type { Received } from '../message/message.ts';
import { requestId } from '../message/request-id.ts';
import { readNodeBody, streamNodeBody } from './read-node-body.ts';

export class NodeIncoming implements Received {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly id: string;
  readonly head: boolean;
  readonly #request: IncomingMessage;
  readonly #response: ServerResponse;
  readonly #clientAddress: ClientAddress;
  #abort: AbortController | undefined;

  constructor(
    request: IncomingMessage,
    response: ServerResponse,
    clientAddress: ClientAddress = directAddress,
  ) {
    this.#request = request;
    this.#clientAddress = clientAddress;
    this.#response = response;
    this.head = request.method === 'HEAD';
    this.method = this.head ? 'GET' : (request.method ?? 'GET');
    this.id = requestId(this.header('x-request-id'));
    const target = originForm(request.url ?? '/');
    const mark = target.indexOf('?');
    this.path = mark < 0 ? target : target.slice(0, mark);
    this.query = mark < 0 ? '' : target.slice(mark + 1);
  }

  header(name: string): string | undefined {
    const value = this.#request.headers[name];
    return Array.isArray(value) ? value.join(', ') : value;
  }

  async text(bytesMax: number): Promise<string> {
    if (this.#request.headers['content-encoding'] !== undefined)
      return decodeUtf8(await readBytes(this, bytesMax));
    checkDeclaredLength(this.header('content-length'), bytesMax);
    this.#continue();
    return decodeUtf8(await readNodeBody(this.#request, bytesMax));
  }

  stream(): ReadableStream<Uint8Array> {
    return decodedStream(this.header('content-encoding'), () => {
      this.#continue();
      return streamNodeBody(this.#request);
    });
  }

  /** With `Expect: 100-continue` (RFC 9110, section 10.1.1), the client sends the body only after this. */
  #continue(): void {
    if (this.#request.headers.expect !== undefined) this.#response.writeContinue();
  }

  /** Created on first use: most requests never need it. */
  get signal(): AbortSignal {
    this.#abort ??= abortWhenGone(this.#response);
    return this.#abort.signal;
  }

  get gone(): boolean {
    return this.#response.destroyed && !this.#response.writableFinished;
  }

  get address(): string {
    return this.#clientAddress(this.#request.socket.remoteAddress ?? '', this.header('x-forwarded-for'));
  }
}

/** Proxies may send `GET http://host/path` (RFC 9112, section 3.2.2). */
function originForm(target: string): string {
  if (target.startsWith('/')) return target;
  const start = /^https?:\/\/[^/?]*/i.exec(target)?.[0].length;
  return start === undefined ? target : target.slice(start) || '/';
}

function abortWhenGone(response: ServerResponse): AbortController {
  const abort = new AbortController();
  const close = () => {
    if (!response.writableFinished) abort.abort();
  };
  if (response.destroyed) close();
  else response.once('close', close);
  return abort;
}
