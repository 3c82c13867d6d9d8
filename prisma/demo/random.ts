// A seeded random generator: the demo catalogue must be the same on every machine.

export interface Random {
  /** @returns a number from 0 up to 1 */
  next(): number;
  /** @returns a whole number, both ends included */
  whole(from: number, to: number): number;
  /** @returns whether an event of this probability happens */
  chance(probability: number): boolean;
  pick<T>(items: readonly T[]): T;
  /** @returns so many different items, in random order */
  some<T>(items: readonly T[], count: number): T[];
}

/** @returns a generator that gives the same numbers for the same seed (mulberry32) */
export function createRandom(seed: number): Random {
  let state = seed;
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const whole = (from: number, to: number): number => from + Math.floor(next() * (to - from + 1));
  const pick = <T>(items: readonly T[]): T => items[whole(0, items.length - 1)]!;
  return { next, whole, chance: probability => next() < probability, pick, some };

  function some<T>(items: readonly T[], count: number): T[] {
    const left = [...items];
    const taken = Math.min(count, left.length);
    return Array.from({ length: taken }, () => left.splice(whole(0, left.length - 1), 1)[0]!);
  }
}
