// How much of the memory the answers of one credential may take while its clients have not read them yet.

import { fault } from '../base/errors.ts';

/** Of one credential, in bytes or characters. */
const heldMax = 134_217_728;
/** Smaller answers are not worth counting. */
const countedMin = 65_536;

export class AnswerShare {
  readonly #held = new Map<string, number>();

  /** @throws TOO_MANY_REQUESTS while the clients of a credential have to read what they asked for first */
  admit(lane: string): void {
    if (this.#held.size === 0 || (this.#held.get(lane) ?? 0) < heldMax) return;
    throw fault('TOO_MANY_REQUESTS', 'This credential has too many answers that were not read yet.', {
      hint: 'Read the answers to earlier requests first, or ask for less in each.',
      headers: { 'retry-after': '5' },
    });
  }

  /** @returns what to call when the answer is written; undefined for small ones */
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
