// The embedded database seen from the main thread: starts its thread, and hands its bytes to the one client.

import { Worker } from 'node:worker_threads';

/** `open`: a new client comes. */
export type ToWorker = Uint8Array | 'open' | 'close';
export type FromWorker = Uint8Array | 'ready' | 'opened' | 'closed' | { readonly failure: string };

export interface EmbeddedData {
  /** The folder of the data; undefined for a database in memory. */
  readonly folder?: string;
}

/** Who is connected: gets bytes once the session is clean. */
export interface EmbeddedClient {
  opened(): void;
  receive(bytes: Uint8Array): void;
  lost(error: Error): void;
}

export class EmbeddedServer {
  private readonly worker: Worker;
  private readonly closed: Promise<void>;
  private client: EmbeddedClient | undefined;
  /** What arrives before it is meant for the client before. */
  private clientOpened = false;

  /** @returns a server that is ready @throws what hinders the database from starting */
  static async start(data: EmbeddedData): Promise<EmbeddedServer> {
    const worker = new Worker(new URL('./embedded-worker.ts', import.meta.url), { workerData: data });
    await new Promise<void>((resolve, reject) => {
      worker.once('message', resolve);
      worker.once('error', reject);
      worker.once('exit', code => reject(new Error(`The embedded database ended with code ${code}`)));
    });
    return new EmbeddedServer(worker);
  }

  private constructor(worker: Worker) {
    this.worker = worker;
    worker.on('message', message => this.receive(message as FromWorker));
    worker.on('error', error => this.client?.lost(error));
    this.closed = new Promise(resolve => worker.once('exit', () => resolve()));
    void this.closed.then(() => this.client?.lost(new Error('Connection terminated: no embedded database')));
  }

  open(client: EmbeddedClient): void {
    this.client = client;
    this.clientOpened = false;
    this.send('open');
  }

  send(message: ToWorker): void {
    this.worker.postMessage(message);
  }

  /** Writes everything to the files and ends the thread. */
  async close(): Promise<void> {
    this.send('close');
    await this.closed;
  }

  private receive(message: FromWorker): void {
    if (message instanceof Uint8Array) {
      if (this.clientOpened) this.client?.receive(message);
    } else if (message === 'opened') {
      this.clientOpened = true;
      this.client?.opened();
    } else if (message === 'closed') {
      void this.worker.terminate();
    } else if (typeof message === 'object') {
      this.client?.lost(new Error(`Connection terminated: ${message.failure}`));
    }
  }
}
