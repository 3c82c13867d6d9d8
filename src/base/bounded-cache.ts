// A cache that keeps what was used last, within a number of entries and a total size.

export class BoundedCache<Value> {
  readonly #countMax: number;
  readonly #sizeMax: number;
  readonly #entries = new Map<string, { readonly value: Value; readonly size: number }>();
  #size = 0;

  /** @param sizeMax sum of what `set` is told, in characters */
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
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    return entry.value;
  }

  /** An entry larger than a sixteenth of the whole is not kept: it would push out too many others. */
  set(key: string, value: Value, size = key.length): void {
    if (size > this.#sizeMax / 16) return;
    this.#remove(key);
    this.#entries.set(key, { value, size });
    this.#size += size;
    for (const oldest of this.#entries.keys()) {
      if (this.#entries.size <= this.#countMax && this.#size <= this.#sizeMax) break;
      this.#remove(oldest);
    }
  }

  /** @returns what is kept under the key, else what `make` gives, which is kept then */
  getOrMake(key: string, make: () => Value): Value {
    const kept = this.get(key);
    if (kept !== undefined) return kept;
    const made = make();
    this.set(key, made);
    return made;
  }

  #remove(key: string): void {
    const entry = this.#entries.get(key);
    if (!entry) return;
    this.#entries.delete(key);
    this.#size -= entry.size;
  }
}
