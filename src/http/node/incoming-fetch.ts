// The second entry point: a fetch Request, from tests or from another HTTP server.

import { type ClientAddress, directAddress } from '../../base/config/client-address.ts';
import { decodedStream } from '../compression/decode-body.ts';
import { BoundedBytes, checkDeclaredLength, decodeUtf8, tooLarge } from '../message/body.ts';
import type { Received } from '../message/message.ts';
import { requestId } from '../message/request-id.ts';

export class FetchIncoming implements Received {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly id: string;
  readonly head: boolean;
  readonly address: string;
  readonly #request: Request;

  /** @param address the client's, where it is known */
  constructor(request: Request, address: string, clientAddress: ClientAddress = directAddress) {
    const url = new URL(request.url);
    this.#request = request;
    this.head = request.method === 'HEAD';
    this.method = this.head ? 'GET' : request.method;
    this.path = url.pathname;
    this.query = url.search.slice(1);
    this.id = requestId(this.header('x-request-id'));
    this.address = clientAddress(address, this.header('x-forwarded-for'));
  }

  header(name: string): string | undefined {
    return this.#request.headers.get(name) ?? undefined;
  }

  async text(bytesMax: number): Promise<string> {
    checkDeclaredLength(this.header('content-length'), bytesMax);
    const bytes = new BoundedBytes(bytesMax);
    for await (const chunk of this.stream()) {
      if (!bytes.add(chunk)) throw tooLarge(bytesMax);
    }
    return decodeUtf8(bytes.whole());
  }

  stream(): ReadableStream<Uint8Array> {
    const open = () => this.#request.body ?? new Blob([]).stream();
    return decodedStream(this.header('content-encoding'), open);
  }

  get signal(): AbortSignal {
    return this.#request.signal;
  }

  get gone(): boolean {
    return this.#request.signal.aborted;
  }
}
