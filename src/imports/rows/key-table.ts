import { hash } from 'node:crypto';

/**
 * Remembers which keys were met and in which row, in 12 bytes a slot, so that two million rows take at most 50 MB.
 * Keys are compared by 64 bits of their hash: a collision among a million keys is less likely than 1 : 10⁷.
 */
export class KeyTable {
  #high: Uint32Array;
  #low: Uint32Array;
  /** Row numbers; 0 marks a free slot. */
  #rows: Uint32Array;
  #size = 0;

  constructor(slots = 4096) {
    this.#high = new Uint32Array(slots);
    this.#low = new Uint32Array(slots);
    this.#rows = new Uint32Array(slots);
  }

  /** @param row from 1 @returns the row that had the key before, or undefined when it is new */
  add(key: string, row: number): number | undefined {
    const digest = hash('sha1', key, 'buffer');
    return this.#put(digest.readUInt32LE(0), digest.readUInt32LE(4), row);
  }

  #put(high: number, low: number, row: number): number | undefined {
    const mask = this.#rows.length - 1;
    let slot = low & mask;
    for (; this.#rows[slot] !== 0; slot = (slot + 1) & mask) {
      if (this.#high[slot] === high && this.#low[slot] === low) return this.#rows[slot];
    }
    this.#high[slot] = high;
    this.#low[slot] = low;
    this.#rows[slot] = row;
    if (++this.#size > this.#rows.length * 0.7) this.#grow();
    return undefined;
  }

  #grow(): void {
    const high = this.#high;
    const low = this.#low;
    const rows = this.#rows;
    this.#high = new Uint32Array(rows.length * 2);
    this.#low = new Uint32Array(rows.length * 2);
    this.#rows = new Uint32Array(rows.length * 2);
    this.#size = 0;
    for (let slot = 0; slot < rows.length; slot++) {
      if (rows[slot] !== 0) this.#put(high[slot]!, low[slot]!, rows[slot]!);
    }
  }
}
