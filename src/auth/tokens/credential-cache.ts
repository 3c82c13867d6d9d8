// A short-lived cache of credentials: a busy credential costs a few queries per second, and a revoked one stops working on
// every instance within the cache's lifetime.

export interface CredentialCache<Found> {
  /** Concurrent lookups of an id share one query. Only hits are cached. @returns the cached or looked-up value */
  find(id: string): Promise<Found | undefined>;
  forget(id: string): void;
  forgetWhere(matches: (found: Found) => boolean): void;
}

interface Remembered<Found> {
  readonly found: Promise<Found | undefined>;
  /** When the lookup started: later changes may not be visible in its result. */
  readonly startedAt: number;
  value?: Found;
}

const countMax = 10_000;

/** @param ms the lifetime of an entry */
export function createCredentialCache<Found>(
  ms: number,
  lookUp: (id: string) => Promise<Found | undefined>,
): CredentialCache<Found> {
  const remembered = new Map<string, Remembered<Found>>();

  function find(id: string): Promise<Found | undefined> {
    const known = remembered.get(id);
    const now = Date.now();
    // A clock set back must not extend the lifetime.
    if (known && now >= known.startedAt && now - known.startedAt < ms) return known.found;
    const entry: Remembered<Found> = { startedAt: now, found: lookUp(id) };
    const drop = () => remembered.get(id) === entry && remembered.delete(id);
    entry.found.then(value => {
      entry.value = value;
      if (value === undefined) drop();
    }, drop);
    // Deleting first moves the entry to the end, which keeps the Map in order of age.
    remembered.delete(id);
    if (remembered.size >= countMax) remembered.delete(remembered.keys().next().value!);
    remembered.set(id, entry);
    return entry.found;
  }

  function forgetWhere(matches: (found: Found) => boolean): void {
    // A pending lookup may have read the row before the change, so it is dropped too.
    for (const [id, { value }] of remembered)
      if (value === undefined || matches(value)) remembered.delete(id);
  }

  return { find, forget: id => void remembered.delete(id), forgetWhere };
}
