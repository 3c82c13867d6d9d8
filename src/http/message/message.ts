// What doors see of HTTP: a request and an answer, the same whether they came over a socket or through `app.fetch`.

export interface Incoming {
  /** HEAD arrives as GET: the entry leaves the answer's body out. */
  readonly method: string;
  /** As sent: percent-encoded, without the query. */
  readonly path: string;
  /** As sent: percent-encoded, without the question mark; empty where there is none. */
  readonly query: string;
  /** @param name in lower case */
  header(name: string): string | undefined;
  /**
   * @returns the whole body, decoded (`Content-Encoding`), a byte order mark left out
   * @throws TOO_LARGE beyond so many bytes, UNSUPPORTED_MEDIA_TYPE for an unknown encoding, MALFORMED_REQUEST when it is not UTF-8, REQUEST_TIMEOUT when it stalls
   */
  text(bytesMax: number): Promise<string>;
  /** The body, decoded, to be read once; whoever reads it bounds its length. It fails when the client goes away or stalls. */
  stream(): ReadableStream<Uint8Array>;
  /** Aborted when the client goes away. */
  readonly signal: AbortSignal;
  /** The client's address. */
  readonly address: string;
  /** The request id: the caller's `X-Request-Id` where it is decent, else made up. */
  readonly id: string;
}

/** What the entries know beyond that: for the app itself and the log. */
export interface Received extends Incoming {
  readonly head: boolean;
  /** Whether the client has gone away. */
  readonly gone: boolean;
}

export interface Answer {
  readonly status: number;
  /** Names in lower case. The entry adds content-length where the body is a string or bytes. */
  readonly headers?: Readonly<Record<string, string>>;
  /** What `set-cookie` says, a header for each. */
  readonly cookies?: readonly string[];
  readonly body?: string | Uint8Array | ReadableStream<Uint8Array>;
}
