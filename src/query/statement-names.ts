import { createHash } from 'node:crypto';

const textsMax = 2000;

/**
 * Names for prepared statements. A text gets one when it is run for the second time: what is run once is not worth
 * keeping in the database. The least recently run texts are forgotten.
 */
export class StatementNames {
  readonly #names = new Map<string, string | undefined>();

  /** @returns the name to run a text under, undefined the first time */
  of(text: string): string | undefined {
    const known = this.#names.has(text);
    const name = known ? (this.#names.get(text) ?? nameOf(text)) : undefined;
    this.#names.delete(text);
    this.#names.set(text, name);
    if (this.#names.size > textsMax) this.#names.delete(this.#names.keys().next().value!);
    return name;
  }
}

/** The same text has the same name in every process, so that a shared connection pool never mixes two up. */
const nameOf = (text: string): string => `p_${createHash('sha256').update(text).digest('hex').slice(0, 32)}`;
