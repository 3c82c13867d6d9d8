// The embedded database seen from the main thread: starts its thread, and hands its bytes to the one client.

import { Worker } from 'node:worker_threads';
import type { EmbeddedData, FromWorker, ToWorker } from './embedded-messages.ts';

/** `open`: a new client comes. */
/** Who is connected: gets bytes once the session is clean. */
export interface EmbeddedClient {
  opened(): void;
  receive(bytes: Uint8Array): void;
  lost(error: Error): void;
}

export class EmbeddedServer {
  private readonly data: EmbeddedData;
  private worker: Worker | undefined;
  private ready: Promise<void>;
  private client: EmbeddedClient | undefined;
  /** What arrives before it is meant for the client before. */
  private clientOpened = false;

  /** @returns a server that is ready @throws what hinders the database from starting */
  static async start(data: EmbeddedData): Promise<EmbeddedServer> {
    const server = new EmbeddedServer(data);
    await server.ready;
    return server;
  }

  private constructor(data: EmbeddedData) {
    this.data = data;
    this.ready = this.begin();
  }

  /** A thread that has ended is started again, for a database in a folder: it finds there all that was committed. */
  open(client: EmbeddedClient): void {
    this.client = client;
    this.clientOpened = false;
    if (!this.worker && this.data.folder !== undefined) this.ready = this.begin();
    this.ready.then(
      () => this.send('open'),
      error => client.lost(error),
    );
  }

  send(message: ToWorker): void {
    this.worker?.postMessage(message);
  }

  /** Ends the thread at once, whatever it is doing, as the end of the process would. The client gets the reason. */
  async stop(reason: Error): Promise<void> {
    const { worker } = this;
    this.end(worker, reason);
    await worker?.terminate();
  }

  /** Writes everything to the files and ends the thread. */
  async close(): Promise<void> {
    const { worker } = this;
    if (!worker) return;
    const ended = new Promise(resolve => worker.once('exit', resolve));
    this.send('close');
    await ended;
  }

  private begin(): Promise<void> {
    const worker = new Worker(new URL('./embedded-worker.ts', import.meta.url), { workerData: this.data });
    this.worker = worker;
    return new Promise((resolve, reject) => {
      worker.on('message', (message: FromWorker) =>
        message === 'ready' ? resolve() : this.receive(message),
      );
      const ended = (error: Error) => {
        this.end(worker, error);
        reject(error);
      };
      worker.on('error', ended);
      worker.on('exit', code => ended(new Error(`Connection terminated: embedded database, code ${code}`)));
    });
  }

  private end(worker: Worker | undefined, reason: Error): void {
    if (worker !== this.worker) return;
    this.worker = undefined;
    this.ready = Promise.reject(reason);
    this.ready.catch(() => {});
    this.client?.lost(reason);
  }

  private receive(message: FromWorker): void {
    if (message instanceof Uint8Array) {
      if (this.clientOpened) this.client?.receive(message);
    } else if (message === 'opened') {
      this.clientOpened = true;
      this.client?.opened();
    } else if (message === 'closed') {
      void this.worker?.terminate();
    } else if (typeof message === 'object') {
      void this.stop(new Error(`Connection terminated: ${message.failure}`));
    }
  }
}
