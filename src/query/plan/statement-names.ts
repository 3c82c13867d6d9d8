import { createHash } from 'node:crypto';
import { BoundedCache } from '../../base/memory/bounded-cache.ts';

const textsMax = 2_000;

/**
 * Names for prepared statements. A text gets one when it is run for the second time: what is run once is not worth
 * keeping in the database. Texts that are not run for long are forgotten.
 */
export class StatementNames {
  readonly #names = new BoundedCache<string>(textsMax);

  /** @returns the name to run a text under, undefined the first time */
  of(text: string): string | undefined {
    const known = this.#names.get(text);
    if (known !== undefined) return known === '' ? this.#name(text) : known;
    this.#names.set(text, '');
    return undefined;
  }

  #name(text: string): string {
    const name = nameOf(text);
    this.#names.set(text, name);
    return name;
  }
}

/** The same text has the same name in every process, so that a shared connection pool never mixes two up. */
const nameOf = (text: string): string => `p_${createHash('sha256').update(text).digest('hex').slice(0, 32)}`;
