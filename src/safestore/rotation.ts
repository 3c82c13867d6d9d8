// Reseals every sealed value with the newest pepper and its owner's newest key, while the server is running: a value can
// be opened before and after. A stopped rotation can be resumed anywhere, because each value records its versions.

import type { Database } from '../base/database/database.ts';
import { fault } from '../base/errors.ts';
import type { Logger } from '../base/log.ts';
import { keyOwners } from '../platform/tables/user-keys.ts';
import { countPasswords, type PasswordCount } from '../platform/tables/users.ts';
import { newestPepper, type Peppers } from './peppers.ts';
import type { Place, Safestore } from './safestore.ts';
import { SealFault } from './seal-fault.ts';
import { type SealedColumn, sealedColumns } from './sealed-columns.ts';
import {
  countSealed,
  dropUnusedKeys,
  replaceSealed,
  type SealedCount,
  type SealedRow,
  staleRows,
} from './sealed-rows.ts';
import type { StoredUserKeys } from './user-keys.ts';

interface RotationStatus {
  /** The version of the current pepper. */
  readonly newestPepper: number;
  /** Versions of configured older peppers with which nothing is sealed or hashed any more. */
  readonly unusedPeppers: readonly number[];
  /** The number of values still to be resealed. */
  readonly remaining: number;
  readonly sealed: readonly SealedCount[];
  readonly passwords: readonly PasswordCount[];
}

interface RotationResult {
  /** Values resealed. */
  readonly moved: number;
  /** Values that could not be opened: a pepper is missing, a key was shredded, or the value was altered. */
  readonly broken: number;
  /** New owner keys. */
  readonly userKeysMade: number;
  /** Older owner keys that were deleted because they sealed nothing any more. */
  readonly userKeysDropped: number;
  /** Where to continue when the time ran out; null: every value was checked. */
  readonly next: string | null;
}

interface RotationOptions {
  /** Whether to create a new key for every owner first. */
  readonly userKeys?: boolean;
  /** `next` of a run whose time ran out. */
  readonly from?: string;
  /** Stop after this time; undefined: no limit. */
  readonly timeMs?: number;
}

export interface SealRotation {
  status(): Promise<RotationStatus>;
  /** Safe to run several times at once, on any instance: each value is resealed once. @throws INVALID_VALUE for an invalid `from` */
  run(options?: RotationOptions): Promise<RotationResult>;
}

export interface SealRotationDeps {
  readonly database: Database;
  readonly safestore: Safestore;
  readonly userKeys: StoredUserKeys;
  readonly peppers: Peppers;
  readonly log: Logger;
}

const batchRows = 200;

export const createSealRotation = (deps: SealRotationDeps): SealRotation => new SealRotationService(deps);

class SealRotationService implements SealRotation {
  readonly #deps: SealRotationDeps;
  readonly #newest;

  constructor(deps: SealRotationDeps) {
    this.#deps = deps;
    this.#newest = newestPepper(deps.peppers).version;
  }

  async status(): Promise<RotationStatus> {
    const { database, peppers } = this.#deps;
    const sealed = await countSealed(database, this.#newest);
    const passwords = await countPasswords(database);
    const used = new Set([...sealed, ...passwords].map(({ pepper }) => pepper));
    const versions = peppers.map(({ version }) => version);
    return {
      newestPepper: this.#newest,
      unusedPeppers: versions.filter(version => version !== this.#newest && !used.has(version)),
      remaining: sealed.reduce((sum, { stale }) => sum + stale, 0),
      sealed,
      passwords,
    };
  }

  async run({ userKeys: withKeys, from, timeMs }: RotationOptions = {}): Promise<RotationResult> {
    const { database, userKeys } = this.#deps;
    const until = performance.now() + (timeMs ?? Number.POSITIVE_INFINITY);
    const start = readPlace(from);
    const owners = withKeys ? await keyOwners(database) : [];
    await userKeys.rotateMany(owners);
    const counts = { moved: 0, broken: 0 };
    const keyCounts = { userKeysMade: owners.length, userKeysDropped: 0 };
    for (const column of sealedColumns.slice(start.column)) {
      const stopped = await this.#moveColumn(
        column,
        column === sealedColumns[start.column] ? start.row : '',
        counts,
        until,
      );
      if (stopped !== undefined) return { ...counts, ...keyCounts, next: `${column.table}/${stopped}` };
    }
    return { ...counts, ...keyCounts, userKeysDropped: await dropUnusedKeys(database), next: null };
  }

  /** @returns the row at which the time ran out */
  async #moveColumn(
    column: SealedColumn,
    start: string,
    counts: Record<'moved' | 'broken', number>,
    until: number,
  ): Promise<string | undefined> {
    for (let after = start; ; ) {
      const rows = await staleRows(this.#deps.database, column, {
        newestPepper: this.#newest,
        after,
        take: batchRows,
      });
      for (const row of rows) {
        const outcome = await this.#move(column, row);
        if (outcome) counts[outcome]++;
        if (performance.now() >= until) return row.row;
      }
      if (rows.length < batchRows) return undefined;
      after = rows.at(-1)!.row;
    }
  }

  /** @returns undefined when another instance resealed it first */
  async #move(column: SealedColumn, row: SealedRow): Promise<'moved' | 'broken' | undefined> {
    const { safestore, database, log } = this.#deps;
    const place: Place = { owner: row.owner, table: column.table, column: column.column, row: row.row };
    try {
      const fresh = await safestore.rewrap(place, row.sealed);
      return (await replaceSealed(database, column, row, fresh)) ? 'moved' : undefined;
    } catch (error) {
      if (!(error instanceof SealFault)) throw error;
      log.error({ table: column.table, row: row.row, err: error }, 'a sealed value cannot be opened');
      return 'broken';
    }
  }
}

function readPlace(from: string | undefined): { column: number; row: string } {
  if (from === undefined) return { column: 0, row: '' };
  const slash = from.indexOf('/');
  const row = from.slice(slash + 1);
  const column = sealedColumns.findIndex(
    ({ table, keyForm }) => table === from.slice(0, slash) && keyForm.test(row),
  );
  if (column >= 0) return { column, row };
  throw fault('INVALID_VALUE', '"from" is not a position where a rotation stopped.', { target: 'from' });
}
