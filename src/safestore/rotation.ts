// Moves everything that is sealed to the newest pepper and the owners' newest keys, while the server serves: each value
// opens before and after. It begins again wherever it was stopped, as what is done says so itself.

import type { Database } from '../base/database/database.ts';
import { fault } from '../base/errors.ts';
import type { Logger } from '../base/log.ts';
import { newestPepper, type Peppers } from './peppers.ts';
import type { Place, Safestore } from './safestore.ts';
import { SealFault } from './seal-fault.ts';
import { type SealedColumn, sealedColumns } from './sealed-columns.ts';
import {
  countPasswords,
  countSealed,
  dropUnusedKeys,
  keyOwners,
  type PasswordCount,
  replaceSealed,
  type SealedCount,
  type SealedRow,
  staleRows,
} from './sealed-rows.ts';
import type { StoredUserKeys } from './user-keys.ts';

interface RotationStatus {
  /** The version of the pepper that seals now. */
  readonly newestPepper: number;
  /** Versions of older peppers that are configured, and with which nothing is sealed or hashed any more. */
  readonly unusedPeppers: readonly number[];
  /** Values that are still to be moved. */
  readonly remaining: number;
  readonly sealed: readonly SealedCount[];
  readonly passwords: readonly PasswordCount[];
}

/** What a run did. */
interface RotationResult {
  /** Values that were moved. */
  readonly moved: number;
  /** Those that could not be opened: a pepper is missing, a key was shredded, or they were altered. */
  readonly broken: number;
  /** New keys of owners. */
  readonly userKeysMade: number;
  /** Older keys of owners that sealed nothing any more, and were deleted. */
  readonly userKeysDropped: number;
  /** Where to go on, where the time was over; null: everything was looked at. */
  readonly next: string | null;
}

interface RotationOptions {
  /** Whether every owner gets a new key first. */
  readonly userKeys?: boolean;
  /** `next` of a run whose time was over. */
  readonly from?: string;
  /** After so long it stops; without it, never. */
  readonly timeMs?: number;
}

export interface SealRotation {
  status(): Promise<RotationStatus>;
  /** Several at once, on any instances, do no harm: each value is moved once. @throws INVALID_VALUE for what `from` cannot be */
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
    const passwords = await countPasswords(database);
    const used = new Set([...sealed, ...passwords].map(one => one.pepper));
    return {
      newestPepper: newest,
      unusedPeppers: peppers.map(one => one.version).filter(one => one !== newest && !used.has(one)),
      remaining: sealed.reduce((sum, one) => sum + one.stale, 0),
      ...{ sealed, passwords },
    };
  }

  async function run({ userKeys: withKeys, from, timeMs }: RotationOptions = {}): Promise<RotationResult> {
    const until = performance.now() + (timeMs ?? Number.POSITIVE_INFINITY);
    const start = readPlace(from);
    const owners = withKeys ? await keyOwners(database) : [];
    await userKeys.rotateMany(owners);
    const counts = { moved: 0, broken: 0 };
    const told = { userKeysMade: owners.length, userKeysDropped: 0 };
    for (const column of sealedColumns.slice(start.column)) {
      const stopped = await moveColumn(
        column,
        column === sealedColumns[start.column] ? start.row : '',
        counts,
        until,
      );
      if (stopped !== undefined) return { ...counts, ...told, next: `${column.table}/${stopped}` };
    }
    return { ...counts, ...told, userKeysDropped: await dropUnusedKeys(database), next: null };
  }

  /** @returns the row at which the time was over */
  async function moveColumn(
    column: SealedColumn,
    start: string,
    counts: Record<'moved' | 'broken', number>,
    until: number,
  ): Promise<string | undefined> {
    for (let after = start; ; ) {
      const rows = await staleRows(database, column, { newestPepper: newest, after, take: batchRows });
      for (const row of rows) {
        const outcome = await move(column, row);
        if (outcome) counts[outcome]++;
        if (performance.now() >= until) return row.row;
      }
      if (rows.length < batchRows) return undefined;
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

function readPlace(from: string | undefined): { column: number; row: string } {
  if (from === undefined) return { column: 0, row: '' };
  const slash = from.indexOf('/');
  const row = from.slice(slash + 1);
  const column = sealedColumns.findIndex(
    ({ table, keyForm }) => table === from.slice(0, slash) && keyForm.test(row),
  );
  if (column >= 0) return { column, row };
  throw fault('INVALID_VALUE', '"from" is not where a rotation stopped.', { target: 'from' });
}
