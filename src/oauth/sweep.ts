// Deletes from time to time what has expired.

import type { Logger } from '../base/log.ts';

export interface Sweep {
  close(): Promise<void>;
}

const everyMs = 3_600_000;

export function startSweep(clear: () => Promise<void>, log: Logger): Sweep {
  let sweeping: Promise<void> = Promise.resolve();
  const timer = setInterval(() => {
    sweeping = clear().catch(error => log.warn({ err: error }, 'what has expired could not be deleted'));
  }, everyMs);
  timer.unref();
  return {
    async close() {
      clearInterval(timer);
      await sweeping;
    },
  };
}
