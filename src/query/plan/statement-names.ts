import { createHash } from 'node:crypto';
import { BoundedCache } from '../../base/memory/bounded-cache.ts';

const textsMax = 2_000;

/**
 * Names for prepared statements. A text gets a name when it runs for the second time: a statement that runs once is not
 * worth caching in the database. The least recently used names are dropped.
 */
export class StatementNames {
  readonly #names = new BoundedCache<string>(textsMax);

  /** @returns the name under which to run a text; undefined the first time */
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

/** The same text has the same name in every process, so that a shared connection pool never confuses two. */
const nameOf = (text: string): string => `p_${createHash('sha256').update(text).digest('hex').slice(0, 32)}`;
