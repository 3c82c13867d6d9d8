import { Duplex } from 'node:stream';
import type { EmbeddedClient, EmbeddedServer } from './embedded-server.ts';

// Message types (https://www.postgresql.org/docs/current/protocol-message-formats.html) after which the client waits
// for the server: Query, Sync, Flush, CopyDone, CopyFail. 0 begins the startup message, which has no type.
const answered = new Set([...'QSHcf'].map(type => type.charCodeAt(0)).concat(0));
const terminate = 'X'.charCodeAt(0);

/**
 * What `pg` takes for its socket. `pg` writes one message a chunk; they go to the server in batches, each ending with a
 * message that the server answers.
 */
export class EmbeddedWire extends Duplex implements EmbeddedClient {
  private readonly server: EmbeddedServer;
  private batch: Buffer[] = [];

  constructor(server: EmbeddedServer) {
    super();
    this.server = server;
  }

  connect(): this {
    this.server.open(this);
    return this;
  }

  opened(): void {
    this.emit('connect');
  }

  receive(bytes: Uint8Array): void {
    this.push(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  }

  lost(error: Error): void {
    this.destroy(error);
  }

  // Of a socket's methods, those that pg calls.
  setNoDelay(): this {
    return this;
  }
  setKeepAlive(): this {
    return this;
  }
  ref(): this {
    return this;
  }
  unref(): this {
    return this;
  }

  override _read(): void {}

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.collect(chunk);
    done();
  }

  override _writev(chunks: { chunk: Buffer }[], done: () => void): void {
    for (const { chunk } of chunks) this.collect(chunk);
    done();
  }

  override _final(done: () => void): void {
    this.push(null);
    done();
  }

  private collect(message: Buffer): void {
    const type = message[0]!;
    if (type === terminate) return;
    this.batch.push(message);
    if (!answered.has(type)) return;
    this.server.send(new Uint8Array(Buffer.concat(this.batch)));
    this.batch = [];
  }
}
