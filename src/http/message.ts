// What doors see of HTTP: a request and an answer, the same whether they came over a socket or through `app.fetch`.

export interface Incoming {
  readonly method: string;
  /** As sent: percent-encoded, without the query. */
  readonly path: string;
  /** As sent: percent-encoded, without the question mark; empty where there is none. */
  readonly query: string;
  /** @param name in lower case */
  header(name: string): string | undefined;
  /** @returns the whole body @throws TOO_LARGE beyond so many bytes */
  text(bytesMax: number): Promise<string>;
  /** The body, to be read once. */
  stream(): ReadableStream<Uint8Array>;
  /** Aborted when the client goes away. */
  readonly signal: AbortSignal;
  /** The client's address. */
  readonly address: string;
  /** The request id: the caller's `X-Request-Id` where it is decent, else made up. */
  readonly id: string;
}

export interface Answer {
  readonly status: number;
  /** Names in lower case. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array | ReadableStream<Uint8Array>;
}
