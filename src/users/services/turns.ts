// Limits how many tasks run at once per key; further ones wait for their turn.

/** Runs `work` when its turn comes among tasks with the same key. @returns the result of `work` */
export type InTurn = <Done>(key: string, work: () => Promise<Done>) => Promise<Done>;

interface Line {
  running: number;
  readonly waiting: (() => void)[];
}

/** @param atOnce how many tasks with the same key run at the same time */
export function createTurns(atOnce: number): InTurn {
  const lines = new Map<string, Line>();

  function enter(key: string): Promise<void> | undefined {
    const line = lines.get(key) ?? { running: 0, waiting: [] };
    lines.set(key, line);
    if (line.running < atOnce) {
      line.running++;
      return undefined;
    }
    return new Promise(resolve => line.waiting.push(resolve));
  }

  function leave(key: string): void {
    const line = lines.get(key)!;
    const next = line.waiting.shift();
    // The next task takes over the slot, so `running` stays the same.
    if (next) next();
    else if (--line.running === 0) lines.delete(key);
  }

  return async (key, work) => {
    await enter(key);
    try {
      return await work();
    } finally {
      leave(key);
    }
  };
}
