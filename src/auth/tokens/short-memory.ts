// Remembers for a moment what was found, so that a busy credential costs a few queries a second, and one that died is dead
// everywhere within that moment.

export interface ShortMemory<Found> {
  /** @returns what was found a moment ago, or looks: once, however many ask at the same time. Only what is there is remembered. */
  find(id: string): Promise<Found | undefined>;
  forget(id: string): void;
  /** Forgets all of which this is true. */
  forgetWhere(isOver: (found: Found) => boolean): void;
}

interface Remembered<Found> {
  readonly found: Promise<Found | undefined>;
  /** When the look began: what changed later than this may be missing in it. */
  readonly askedAt: number;
  value?: Found;
}

const countMax = 10_000;

/** @param ms how long a moment is */
export function createShortMemory<Found>(
  ms: number,
  look: (id: string) => Promise<Found | undefined>,
): ShortMemory<Found> {
  const remembered = new Map<string, Remembered<Found>>();

  function find(id: string): Promise<Found | undefined> {
    const known = remembered.get(id);
    const now = Date.now();
    // A clock that was put back must not make the moment longer.
    if (known && now >= known.askedAt && now - known.askedAt < ms) return known.found;
    const entry: Remembered<Found> = { askedAt: now, found: look(id) };
    const drop = () => remembered.get(id) === entry && remembered.delete(id);
    entry.found.then(value => {
      entry.value = value;
      if (value === undefined) drop();
    }, drop);
    // Deleting first moves it to the end: the Map's order is that of age.
    remembered.delete(id);
    if (remembered.size >= countMax) remembered.delete(remembered.keys().next().value!);
    remembered.set(id, entry);
    return entry.found;
  }

  function forgetWhere(isOver: (found: Found) => boolean): void {
    // What is still being looked for may have been read before the end: it is forgotten too.
    for (const [id, { value }] of remembered) if (value === undefined || isOver(value)) remembered.delete(id);
  }

  return { find, forget: id => void remembered.delete(id), forgetWhere };
}
