// How a key is stored: only its hash, sealed for its owner and row. Neither the database nor the database together with the
// pepper contains a usable key.

import type { Safestore } from '../../safestore/safestore.ts';
import { type ApiKey, hashApiKey, lastFourOf } from './api-key.ts';

export interface KeyDraft {
  readonly userId: string;
  readonly name: string;
  readonly scopes: readonly string[];
  /** undefined: never. */
  readonly expiresAt?: Date;
}

/** @returns the row to store for a key */
export async function toRow(safestore: Safestore, { id, key }: ApiKey, draft: KeyDraft) {
  const sealed = await safestore.seal(keyPlace(draft.userId, id), hashApiKey(key));
  return {
    id,
    userId: draft.userId,
    name: draft.name,
    scopes: [...draft.scopes],
    expiresAt: draft.expiresAt ?? null,
    madeBy: 'server',
    lastFour: lastFourOf(key),
    sealed: Uint8Array.from(sealed),
  };
}

/** Where the sealed hash of a key is stored. */
export const keyPlace = (owner: string, id: string) => ({
  owner,
  table: 'portolan_api_key',
  column: 'sealed',
  row: id,
});
