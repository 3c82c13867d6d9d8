// How an app's secret is stored: as a hash, or, of a plugin, to which it is injected at each start, itself. Both are
// sealed to the app's owner and to the row.

import { randomUUID, timingSafeEqual } from 'node:crypto';
import type { Logger } from '../../base/log.ts';
import type { Place, Safestore } from '../../safestore/safestore.ts';
import { SealFault } from '../../safestore/seal-fault.ts';
import { hashAppSecret, makeAppSecret } from './client-id.ts';

export interface StoredSecret {
  readonly id: string;
  readonly ownerId: string;
  readonly sealed: Uint8Array;
  readonly recoverable: boolean;
}

export interface SecretDraft {
  readonly appId: string;
  readonly ownerId: string;
  readonly recoverable: boolean;
}

/** @returns a new secret, and the row to store for it */
export async function makeStoredSecret(safestore: Safestore, { appId, ownerId, recoverable }: SecretDraft) {
  const [id, secret] = [randomUUID(), makeAppSecret()];
  const kept = recoverable ? secret : hashAppSecret(secret);
  const sealed = Uint8Array.from(await safestore.seal(secretPlace(ownerId, id), kept));
  return { secret, row: { id, appId, lastFour: secret.slice(-4), sealed, recoverable } };
}

/** Where a sealed secret lies. */
export const secretPlace = (owner: string, id: string): Place => ({
  owner,
  table: 'portolan_app_secret',
  column: 'sealed',
  row: id,
});

/** Whether this is the secret. A secret that cannot be opened is useless, and the operator must know. */
export async function fitsSecret(
  safestore: Safestore,
  stored: StoredSecret,
  presented: string,
  log: Logger,
): Promise<boolean> {
  try {
    const opened = await safestore.open(secretPlace(stored.ownerId, stored.id), Buffer.from(stored.sealed));
    const kept = stored.recoverable ? hashAppSecret(opened.toString()) : opened;
    return timingSafeEqual(kept, hashAppSecret(presented));
  } catch (error) {
    if (!(error instanceof SealFault)) throw error;
    log.error({ secretId: stored.id, err: error }, 'a stored secret of an app does not open');
    return false;
  }
}
