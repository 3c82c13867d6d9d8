// Remembers for half a second what a key was found to be, so that a busy key costs two queries a second and a revoked
// one dies everywhere within a second.

import { hash } from 'node:crypto';
import type { ApiKey } from './api-key.ts';
import type { VerifiedKey, VerifyKey } from './verify.ts';

const rememberedMs = 500;
const keysMax = 10_000;

export interface KeyCache {
  /** @returns what was found less than half a second ago, or undefined: then `verify` has to find it */
  recall(key: string): Promise<VerifiedKey | undefined> | undefined;
  /** Verifies a key once, however many requests ask at the same time. Only right keys are remembered. */
  verify(presented: ApiKey): Promise<VerifiedKey | undefined>;
  /** Forgets a key by its id. */
  forget(id: string): void;
  /** Forgets the keys of a person. */
  forgetOf(userId: string): void;
}

interface Remembered {
  readonly id: string;
  readonly found: Promise<VerifiedKey | undefined>;
  /** When the read behind it began: what was revoked later than this may be missing in it. */
  readonly askedAt: number;
  /** Whose it is, once it is found. */
  userId?: string;
}

export function createKeyCache(verify: VerifyKey): KeyCache {
  // By SHA-256 of the key: a memory dump of the cache yields no key.
  const remembered = new Map<string, Remembered>();

  function recall(key: string): Promise<VerifiedKey | undefined> | undefined {
    const known = remembered.get(digestOf(key));
    return known && performance.now() - known.askedAt < rememberedMs ? known.found : undefined;
  }

  function remember({ id, key }: ApiKey): Promise<VerifiedKey | undefined> {
    const digest = digestOf(key);
    const entry: Remembered = { id, askedAt: performance.now(), found: verify({ id, key }) };
    const drop = () => remembered.get(digest) === entry && remembered.delete(digest);
    // Wrong keys hold a place only while they are looked up.
    entry.found.then(right => {
      entry.userId = right?.principal.userId;
      if (!right) drop();
    }, drop);
    // Deleting first moves it to the end: the Map's order is that of age.
    remembered.delete(digest);
    if (remembered.size >= keysMax) remembered.delete(remembered.keys().next().value!);
    remembered.set(digest, entry);
    return entry.found;
  }

  function forget(id: string): void {
    for (const [digest, entry] of remembered) if (entry.id === id) remembered.delete(digest);
  }

  function forgetOf(userId: string): void {
    // What is still being looked for may have been read before the change: it is forgotten too.
    for (const [digest, entry] of remembered)
      if (entry.userId === undefined || entry.userId === userId) remembered.delete(digest);
  }

  return { recall, verify: remember, forget, forgetOf };
}

const digestOf = (key: string): string => hash('sha256', key, 'base64');
