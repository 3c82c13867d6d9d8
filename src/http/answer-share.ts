// Limits the memory that the unread responses of one credential may take.

import { fault } from '../base/errors.ts';

/** Per credential, in bytes or characters. */
const heldMax = 134_217_728;
/** Smaller responses are not counted. */
const countedMin = 65_536;

export class AnswerShare {
  readonly #held = new Map<string, number>();

  /** @throws TOO_MANY_REQUESTS until the clients of the credential have read earlier responses */
  admit(lane: string): void {
    if (this.#held.size === 0 || (this.#held.get(lane) ?? 0) < heldMax) return;
    throw fault('TOO_MANY_REQUESTS', 'This credential has too many unread responses.', {
      hint: 'Read the responses to earlier requests first, or request less data in each.',
      headers: { 'retry-after': '5' },
    });
  }

  /** @returns a function to call when the response is written; undefined for small ones */
  hold(lane: string, size: number): (() => void) | undefined {
    if (size < countedMin) return undefined;
    this.#held.set(lane, (this.#held.get(lane) ?? 0) + size);
    return () => {
      const left = (this.#held.get(lane) ?? 0) - size;
      if (left > 0) this.#held.set(lane, left);
      else this.#held.delete(lane);
    };
  }
}
