// Records when and from where each key or grant was last used, and writes it in the background, at most once a minute.

import type { Database } from '../../base/database/database.ts';
import type { Logger } from '../../base/log.ts';

export interface KeyUsage {
  note(id: string, address: string): void;
  /** Writes what is pending. */
  close(): Promise<void>;
}

const writeEveryMs = 60_000;
/** A first use is written soon, together with uses shortly after it. */
const writeSoonMs = 1_000;

interface Use {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly address: string;
}

/** Tables with columns for the last use, and their names for the log. */
const names = { api_key: 'API keys', app_grant: 'grants' };
export type UsedTable = keyof typeof names;

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
    writing = store(database, table, uses).catch(error => {
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

// Instances write independently; the latest use wins.
const storeText = (table: UsedTable) => `
UPDATE "portolan"."${table}" k SET "lastUsedAt" = u."at", "lastUsedIp" = u."address"
FROM unnest($1::text[], $2::timestamptz[], $3::text[]) AS u("id", "at", "address")
WHERE k."id" = u."id" AND (k."lastUsedAt" IS NULL OR k."lastUsedAt" < u."at")`;

async function store(database: Database, table: UsedTable, uses: ReadonlyMap<string, Use>): Promise<void> {
  const ids = [...uses.keys()];
  const times = [...uses.values()].map(use => new Date(use.at).toISOString());
  const addresses = [...uses.values()].map(use => use.address);
  await database.query(storeText(table), [ids, times, addresses], { name: `auth_store_usage_${table}` });
}
