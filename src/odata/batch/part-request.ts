import { tooLarge } from '../../http/message/body.ts';
import type { Incoming } from '../../http/message/message.ts';
import type { Target } from '../url/part-target.ts';
import type { BatchPart } from './batch-part.ts';

/** Headers that a part takes from the batch when it has none of its own. Not the credential: the caller is known. */
const inherited: ReadonlySet<string> = new Set([
  'odata-version',
  'odata-maxversion',
  'accept-language',
  'host',
  'origin',
]);

/** A part of a batch, presented as a request of its own. */
export class PartRequest implements Incoming {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly id: string;
  readonly address: string;
  readonly signal: AbortSignal;
  readonly #part: BatchPart;
  readonly #batch: Incoming;

  constructor(part: BatchPart, { path, query }: Target, batch: Incoming, signal: AbortSignal) {
    this.method = part.method === 'HEAD' ? 'GET' : part.method;
    this.path = path;
    this.query = query;
    this.id = batch.id;
    this.address = batch.address;
    this.signal = signal;
    this.#part = part;
    this.#batch = batch;
  }

  header(name: string): string | undefined {
    return this.#part.headers.get(name) ?? (inherited.has(name) ? this.#batch.header(name) : undefined);
  }

  async text(bytesMax: number): Promise<string> {
    const { body } = this.#part;
    if (Buffer.byteLength(body) > bytesMax) throw tooLarge(bytesMax);
    return body;
  }

  stream(): ReadableStream<Uint8Array> {
    return new Blob([this.#part.body]).stream();
  }
}
