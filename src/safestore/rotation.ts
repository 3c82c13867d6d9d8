// Moves everything that is sealed to the newest pepper and the owners' newest keys, while the server serves: each value
// opens before and after. It begins again wherever it was stopped, as what is done says so itself.

import type { Database } from '../base/database.ts';
import type { Logger } from '../base/log.ts';
import { newestPepper, type Peppers } from './peppers.ts';
import type { Place, Safestore } from './safestore.ts';
import { SealFault } from './seal-fault.ts';
import { type SealedColumn, sealedColumns } from './sealed-columns.ts';
import {
  countSealed,
  dropUnusedKeys,
  keyOwners,
  replaceSealed,
  type SealedCount,
  type SealedRow,
  staleRows,
} from './sealed-rows.ts';
import type { StoredUserKeys } from './user-keys.ts';

export interface RotationStatus {
  /** The version of the pepper that seals now. */
  readonly newestPepper: number;
  /** Versions of older peppers that are configured and seal nothing any more. */
  readonly unusedPeppers: readonly number[];
  /** Values that are still to be moved. */
  readonly remaining: number;
  readonly sealed: readonly SealedCount[];
}

export interface RotationProgress {
  /** Moved so far. */
  readonly moved: number;
  /** Those that could not be opened: a pepper is missing, a key was shredded, or they were altered. */
  readonly broken: number;
}

export interface RotationResult extends RotationProgress {
  /** New keys of owners. */
  readonly userKeysMade: number;
  /** Older keys of owners that sealed nothing any more, and were deleted. */
  readonly userKeysDropped: number;
}

export interface RotationOptions {
  /** Whether every owner gets a new key first. */
  readonly userKeys?: boolean;
  readonly onProgress?: (progress: RotationProgress) => void;
}

export interface SealRotation {
  status(): Promise<RotationStatus>;
  /** Several at once, on any instances, do no harm: each value is moved once. */
  run(options?: RotationOptions): Promise<RotationResult>;
}

export interface SealRotationParts {
  readonly database: Database;
  readonly safestore: Safestore;
  readonly userKeys: StoredUserKeys;
  readonly peppers: Peppers;
  readonly log: Logger;
}

const batchRows = 200;

export function createSealRotation(parts: SealRotationParts): SealRotation {
  const { database, safestore, userKeys, peppers, log } = parts;
  const newest = newestPepper(peppers).version;

  async function status(): Promise<RotationStatus> {
    const sealed = await countSealed(database, newest);
    const used = new Set(sealed.map(one => one.pepper));
    return {
      newestPepper: newest,
      unusedPeppers: peppers.map(one => one.version).filter(one => one !== newest && !used.has(one)),
      remaining: sealed.reduce((sum, one) => sum + one.stale, 0),
      sealed,
    };
  }

  async function run({ userKeys: withKeys, onProgress }: RotationOptions = {}): Promise<RotationResult> {
    const owners = withKeys ? await keyOwners(database) : [];
    for (const owner of owners) await userKeys.rotate(owner);
    let progress: RotationProgress = { moved: 0, broken: 0 };
    for (const column of sealedColumns)
      for await (const outcome of moveColumn(column)) {
        progress = { ...progress, [outcome]: progress[outcome] + 1 };
        onProgress?.(progress);
      }
    return { ...progress, userKeysMade: owners.length, userKeysDropped: await dropUnusedKeys(database) };
  }

  async function* moveColumn(column: SealedColumn): AsyncIterable<'moved' | 'broken'> {
    let after = '';
    for (;;) {
      const rows = await staleRows(database, column, { newestPepper: newest, after, take: batchRows });
      for (const row of rows) {
        const outcome = await move(column, row);
        if (outcome) yield outcome;
      }
      if (rows.length < batchRows) return;
      after = rows.at(-1)!.row;
    }
  }

  /** @returns undefined where another instance was faster */
  async function move(column: SealedColumn, row: SealedRow): Promise<'moved' | 'broken' | undefined> {
    const place: Place = { owner: row.owner, table: column.table, column: column.column, row: row.row };
    try {
      const fresh = await safestore.rewrap(place, row.sealed);
      return (await replaceSealed(database, column, row, fresh)) ? 'moved' : undefined;
    } catch (error) {
      if (!(error instanceof SealFault)) throw error;
      log.error({ table: column.table, row: row.row, err: error }, 'a sealed value does not open');
      return 'broken';
    }
  }

  return { status, run };
}
