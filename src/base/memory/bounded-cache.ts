// A cache that keeps what was used last, within a number of entries and a total size.

import { LRUCache } from 'lru-cache';

/** A power of two. */
const seenMax = 8_192;

export class BoundedCache<Value extends NonNullable<unknown>> {
  readonly #entries: LRUCache<string, Value>;
  readonly #isSized: boolean;
  #seen: Int32Array | undefined;

  /**
   * @param sizeMax maximum sum of the sizes passed to `set`, in characters. An entry larger than a sixteenth of it is not
   *   kept: it would push out too many others
   */
  constructor(countMax: number, sizeMax?: number) {
    this.#isSized = sizeMax !== undefined;
    this.#entries = new LRUCache({
      max: countMax,
      ...(sizeMax !== undefined && { maxSize: sizeMax, maxEntrySize: Math.floor(sizeMax / 16) }),
    });
  }

  get count(): number {
    return this.#entries.size;
  }

  get(key: string): Value | undefined {
    return this.#entries.get(key);
  }

  set(key: string, value: Value, size = key.length): void {
    if (this.#isSized) this.#entries.set(key, value, { size: Math.max(1, size) });
    else this.#entries.set(key, value);
  }

  /**
   * As `set`, but only when the key comes for the second time. What comes once is most of it where every request is
   * another, and costs more to keep than to make: it is collected when it has grown old.
   */
  setRepeated(key: string, value: Value, size = key.length): void {
    this.#seen ??= new Int32Array(seenMax);
    const hash = hashOf(key);
    const place = hash & (seenMax - 1);
    if (this.#seen[place] === hash) this.set(key, value, size);
    else this.#seen[place] = hash;
  }

  /** @returns what is kept under the key, else what `make` gives, which is kept then */
  getOrMake(key: string, make: () => Value): Value {
    const kept = this.get(key);
    if (kept !== undefined) return kept;
    const made = make();
    this.set(key, made);
    return made;
  }

  /** As `getOrMake`, but what is made is kept when it is made for the second time. */
  getOrMakeRepeated(key: string, make: () => Value): Value {
    const kept = this.get(key);
    if (kept !== undefined) return kept;
    const made = make();
    this.setRepeated(key, made);
    return made;
  }
}

/** FNV-1a: two keys that share it by chance are kept a little earlier than they should be, and nothing else. */
function hashOf(key: string): number {
  let hash = -2_128_831_035;
  for (let index = 0; index < key.length; index++) hash = Math.imul(hash ^ key.charCodeAt(index), 16_777_619);
  return hash;
}
