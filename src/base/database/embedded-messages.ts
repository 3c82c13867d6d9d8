// What passes between the embedded database's worker thread and the thread that serves it.

export type ToWorker = Uint8Array | 'open' | 'close';
export type FromWorker = Uint8Array | 'ready' | 'opened' | 'closed' | { readonly failure: string };

export interface EmbeddedData {
  /** The folder of the data; undefined for a database in memory. */
  readonly folder?: string;
}
