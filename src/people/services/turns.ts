// Some work is done a few times at once for each that asks for it: whoever comes meanwhile waits for a turn.

/** @returns what work returns, once it had its turn among what has the same key */
export type InTurn = <Done>(key: string, work: () => Promise<Done>) => Promise<Done>;

interface Line {
  running: number;
  readonly waiting: (() => void)[];
}

/** @param atOnce how many of one key run at the same time */
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
    // Who is next takes the place over.
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
