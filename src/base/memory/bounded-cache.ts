// A cache that keeps what is in use, within a number of entries and a total size.

interface Entry<Value> {
  readonly value: Value;
  readonly size: number;
  /** Whether it was asked for since it was last looked at for removal. */
  used: boolean;
}

/** A power of two. */
const seenMax = 8_192;

/**
 * What was asked for gets a second chance before it goes. That is nearly as good as the exact order of use, and a hit
 * keeps the string that is there already: one that outlives its request makes every garbage collection longer.
 */
export class BoundedCache<Value> {
  readonly #countMax: number;
  readonly #sizeMax: number;
  readonly #entries = new Map<string, Entry<Value>>();
  #seen: Int32Array | undefined;
  #size = 0;

  /** @param sizeMax maximum sum of the sizes passed to `set`, in characters */
  constructor(countMax: number, sizeMax = Number.POSITIVE_INFINITY) {
    this.#countMax = countMax;
    this.#sizeMax = sizeMax;
  }

  get count(): number {
    return this.#entries.size;
  }

  get(key: string): Value | undefined {
    const entry = this.#entries.get(key);
    if (!entry) return undefined;
    entry.used = true;
    return entry.value;
  }

  /** An entry larger than a sixteenth of the whole is not kept: it would push out too many others. */
  set(key: string, value: Value, size = key.length): void {
    if (size > this.#sizeMax / 16) return;
    this.#remove(key);
    this.#entries.set(key, { value, size, used: false });
    this.#size += size;
    while (this.#entries.size > this.#countMax || this.#size > this.#sizeMax) this.#removeOldest();
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

  #removeOldest(): void {
    for (const [key, entry] of this.#entries) {
      this.#entries.delete(key);
      if (!entry.used) {
        this.#size -= entry.size;
        return;
      }
      entry.used = false;
      this.#entries.set(key, entry);
    }
  }

  #remove(key: string): void {
    const entry = this.#entries.get(key);
    if (!entry) return;
    this.#entries.delete(key);
    this.#size -= entry.size;
  }
}

/** FNV-1a: two keys that share it by chance are kept a little earlier than they should be, and nothing else. */
function hashOf(key: string): number {
  let hash = -2_128_831_035;
  for (let index = 0; index < key.length; index++) hash = Math.imul(hash ^ key.charCodeAt(index), 16_777_619);
  return hash;
}
