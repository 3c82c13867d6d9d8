// HTTP as the APIs see it: a request and a response, the same over a socket and through `app.fetch`.

export interface Incoming {
  /** HEAD arrives as GET: the entry point omits the body of the response. */
  readonly method: string;
  /** As sent: percent-encoded, without the query. */
  readonly path: string;
  /** As sent: percent-encoded, without the question mark; empty if there is none. */
  readonly query: string;
  /** @param name in lower case */
  header(name: string): string | undefined;
  /**
   * @returns the whole body, decoded (`Content-Encoding`), a byte order mark left out
   * @throws TOO_LARGE, UNSUPPORTED_MEDIA_TYPE for an unknown encoding, MALFORMED_REQUEST when it is not UTF-8, REQUEST_TIMEOUT when it stalls
   */
  text(bytesMax: number): Promise<string>;
  /** The body, decoded, to be read once. Its consumer must limit the length. It fails when the client disconnects or stalls. */
  stream(): ReadableStream<Uint8Array>;
  /** Aborted when the client disconnects. */
  readonly signal: AbortSignal;
  /** The client's address. */
  readonly address: string;
  /** The request id: the caller's `X-Request-Id` if it is safe to log, else generated. */
  readonly id: string;
}

/** More about a request, for the server itself and the log. */
export interface Received extends Incoming {
  readonly head: boolean;
  /** Whether the client has disconnected. */
  readonly gone: boolean;
}

export interface Answer {
  readonly status: number;
  /** Names in lower case. The entry point adds content-length if the body is a string or bytes. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Values of `set-cookie`, one header each. */
  readonly cookies?: readonly string[];
  readonly body?: string | Uint8Array | ReadableStream<Uint8Array>;
}
