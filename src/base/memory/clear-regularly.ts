// Deletes expired data once an hour, in small batches.

import type { Logger } from '../log.ts';

const firstMs = 60_000;
const everyMs = 3_600_000;
/** Batches leave room for others between them. */
const pauseMs = 100;

export interface Clearing {
  close(): Promise<void>;
}

export interface ClearingParts {
  /** What is cleared, for the log: `the audit log`. */
  readonly what: string;
  /** @returns whether there may be more */
  readonly clear: () => Promise<boolean>;
  readonly log: Logger;
}

/** On every instance: where two meet, each clears what the other has not. */
export function clearRegularly({ what, clear, log }: ClearingParts): Clearing {
  let running: Promise<void> = Promise.resolve();
  let timer: NodeJS.Timeout | undefined;
  let closed = false;
  const schedule = (ms: number) => {
    if (!closed) timer = setTimeout(run, ms).unref();
  };
  const run = () => {
    running = clear().then(
      more => schedule(more ? pauseMs : everyMs),
      error => {
        log.warn({ error }, `${what} could not be cleared`);
        schedule(everyMs);
      },
    );
  };
  schedule(firstMs);
  return {
    close() {
      closed = true;
      clearTimeout(timer);
      return running;
    },
  };
}
