// Records when and from where each key or grant was last used, and writes it in the background, at most once a minute.

import type { Database } from '../../base/database/database.ts';
import type { Logger } from '../../base/log.ts';
import { storeLastUse, type Use, type UsedTable } from '../../platform/tables/last-used.ts';

export interface KeyUsage {
  note(id: string, address: string): void;
  /** Writes what is pending. */
  close(): Promise<void>;
}

const writeEveryMs = 60_000;
/** A first use is written soon, together with uses shortly after it. */
const writeSoonMs = 1_000;

/** For the log. */
const names: Readonly<Record<UsedTable, string>> = { api_key: 'API keys', app_grant: 'grants' };

export function createKeyUsage(database: Database, log: Logger, table: UsedTable = 'api_key'): KeyUsage {
  let noted = new Map<string, Use>();
  let timer: NodeJS.Timeout | undefined;
  let writing: Promise<void> = Promise.resolve();
  let writtenAt = Number.NEGATIVE_INFINITY;

  function note(id: string, address: string): void {
    const at = Date.now();
    noted.set(id, { at, address });
    timer ??= setTimeout(write, Math.max(writeSoonMs, writtenAt + writeEveryMs - at)).unref();
  }

  function write(): void {
    timer = undefined;
    writtenAt = Date.now();
    const uses = noted;
    noted = new Map();
    writing = storeLastUse(database, table, uses).catch(error => {
      log.warn({ err: error, keys: uses.size }, `the last use of ${names[table]} could not be stored`);
    });
  }

  async function close(): Promise<void> {
    clearTimeout(timer);
    await writing;
    if (noted.size > 0) write();
    await writing;
  }

  return { note, close };
}
