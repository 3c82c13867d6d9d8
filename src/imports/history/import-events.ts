// The progress of an import as server-sent events: `progress` while it changes, `end` when it has ended.

import { setTimeout as sleep } from 'node:timers/promises';
import type { Answer } from '../../http/message/message.ts';
import type { ImportView } from './import-view.ts';

const lookMs = 1_000;
/** Proxies close idle connections, most of them after a minute. */
const quietLooksMax = 10;

const headers = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-store',
  // Without it, nginx buffers the events.
  'x-accel-buffering': 'no',
};

export interface Watched {
  /** @returns undefined when the import is gone, or the caller may no longer know of it */
  readonly look: () => Promise<ImportView | undefined>;
  /** Aborted when the client disconnects or the server stops. */
  readonly signal: AbortSignal;
}

/** @returns a response that ends with the import */
export const importEvents = (watched: Watched): Answer => {
  const events = eventsOf(watched);
  const encoder = new TextEncoder();
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { done, value } = await events.next();
      if (done) controller.close();
      else controller.enqueue(encoder.encode(value));
    },
    async cancel() {
      await events.return(undefined);
    },
  });
  return { status: 200, headers, body };
};

async function* eventsOf({ look, signal }: Watched): AsyncGenerator<string> {
  let shown = '';
  let quiet = 0;
  while (!signal.aborted) {
    const view = await look();
    if (!view) return;
    if (view.endedAt) return yield eventOf('end', view);
    const { estimatedEnd: _, rowsPerSecond: __, ...state } = view;
    const text = JSON.stringify(state);
    if (text !== shown) yield eventOf('progress', view);
    else if (++quiet % quietLooksMax === 0) yield ':\n\n';
    shown = text;
    await sleep(lookMs, undefined, { signal }).catch(() => {});
  }
}

const eventOf = (name: string, data: ImportView): string =>
  `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
