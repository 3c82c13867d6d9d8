// Load shedding: when the event loop is far behind, requests are refused early, before the process runs out of memory and
// every answer comes too late. One long pause, such as a garbage collection, does not count.

import { fault } from '../../base/errors.ts';

export interface Overload {
  /** @throws UNAVAILABLE while the server is overloaded */
  admit(): void;
  /** How far the event loop is behind, in milliseconds. */
  delayMs(): number;
  close(): void;
}

const tickMs = 250;
/** So many measurements in a row must be above the limit. */
const ticksMin = 2;

/** @param delayMaxMs how far the event loop may be behind; 0: any time @param clock in milliseconds */
export function watchOverload(delayMaxMs: number, clock = () => performance.now()): Overload {
  let expected = clock() + tickMs;
  let delay = 0;
  let late = 0;
  const timer = setInterval(() => {
    const now = clock();
    delay = Math.max(0, now - expected);
    late = delayMaxMs > 0 && delay > delayMaxMs ? late + 1 : 0;
    expected = now + tickMs;
  }, tickMs).unref();
  return {
    admit() {
      if (late < ticksMin) return;
      throw fault('UNAVAILABLE', 'The server is overloaded.', {
        hint: 'Try again in a few seconds.',
        headers: { 'retry-after': String(1 + Math.floor(Math.random() * 5)) },
      });
    },
    delayMs: () => delay,
    close: () => clearInterval(timer),
  };
}
