// When and from where API keys and grants were last used.

import type { Session } from '../../base/database/database.ts';

/** Tables with columns for the last use. */
export type UsedTable = 'api_key' | 'app_grant';

export interface Use {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly address: string;
}

// Instances write independently; the latest use wins.
const storeText = (table: UsedTable) => `
UPDATE "portolan"."${table}" k SET "lastUsedAt" = u."at", "lastUsedIp" = u."address"
FROM unnest($1::text[], $2::timestamptz[], $3::text[]) AS u("id", "at", "address")
WHERE k."id" = u."id" AND (k."lastUsedAt" IS NULL OR k."lastUsedAt" < u."at")`;

/** @param uses by id */
export async function storeLastUse(
  session: Session,
  table: UsedTable,
  uses: ReadonlyMap<string, Use>,
): Promise<void> {
  const ids = [...uses.keys()];
  const times = [...uses.values()].map(use => new Date(use.at).toISOString());
  const addresses = [...uses.values()].map(use => use.address);
  await session.query(storeText(table), [ids, times, addresses], { name: `auth_store_usage_${table}` });
}
