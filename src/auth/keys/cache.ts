// Caches verified keys for half a second, so that a busy key costs two queries per second and a revoked key stops working
// on every instance within a second.

import { hash } from 'node:crypto';
import type { ApiKey } from './api-key.ts';
import type { VerifiedKey, VerifyKey } from './verify.ts';

const rememberedMs = 500;
const keysMax = 10_000;

export interface KeyCache {
  /** @returns the cached result, or undefined: then call `verify` */
  recall(key: string): Promise<VerifiedKey | undefined> | undefined;
  /** Verifies a key once for all concurrent requests. Only valid keys are cached. */
  verify(presented: ApiKey): Promise<VerifiedKey | undefined>;
  /** Drops a key by its id. */
  forget(id: string): void;
  /** Drops the keys of a user. */
  forgetOf(userId: string): void;
}

interface Remembered {
  readonly id: string;
  readonly found: Promise<VerifiedKey | undefined>;
  /** When its query started: later revocations may not be visible in the result. */
  readonly startedAt: number;
  /** The owner, once the key is found. */
  userId?: string;
}

export function createKeyCache(verify: VerifyKey): KeyCache {
  // Keyed by SHA-256 of the key, so that a memory dump of the cache contains no key.
  const remembered = new Map<string, Remembered>();

  function recall(key: string): Promise<VerifiedKey | undefined> | undefined {
    const known = remembered.get(digestOf(key));
    return known && performance.now() - known.startedAt < rememberedMs ? known.found : undefined;
  }

  function remember({ id, key }: ApiKey): Promise<VerifiedKey | undefined> {
    const digest = digestOf(key);
    const entry: Remembered = { id, startedAt: performance.now(), found: verify({ id, key }) };
    const drop = () => remembered.get(digest) === entry && remembered.delete(digest);
    // An invalid key takes up an entry only while it is looked up.
    entry.found.then(valid => {
      entry.userId = valid?.principal.userId;
      if (!valid) drop();
    }, drop);
    // Deleting first moves the entry to the end, which keeps the Map in order of age.
    remembered.delete(digest);
    if (remembered.size >= keysMax) remembered.delete(remembered.keys().next().value!);
    remembered.set(digest, entry);
    return entry.found;
  }

  function forget(id: string): void {
    for (const [digest, entry] of remembered) if (entry.id === id) remembered.delete(digest);
  }

  function forgetOf(userId: string): void {
    // A pending lookup may have read the row before the change, so it is dropped too.
    for (const [digest, entry] of remembered)
      if (entry.userId === undefined || entry.userId === userId) remembered.delete(digest);
  }

  return { recall, verify: remember, forget, forgetOf };
}

const digestOf = (key: string): string => hash('sha256', key, 'base64');
