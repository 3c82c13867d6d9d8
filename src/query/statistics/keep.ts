// Statistics are read again once a minute. PostgreSQL's autovacuum sees to what they say; on the embedded database nothing
// does, so tables of which much has changed are looked at from here.

import type { Database } from '../../base/database/database.ts';
import type { Logger } from '../../base/log.ts';
import type { Catalog } from '../../catalog/catalog.ts';
import { identifier } from '../sql/text.ts';
import { loadStatistics, type Wanted, wantedOf } from './load.ts';
import type { KeptStatistics } from './statistics.ts';

const everyMs = 60_000;

export interface StatisticsParts {
  readonly database: Database;
  readonly catalog: Catalog;
  readonly statistics: KeptStatistics;
  readonly log: Logger;
}

export interface StatisticsKeeper {
  /** Looks at tables of which much has changed, and reads what is known of all. What fails is logged. */
  refresh(): Promise<void>;
  close(): Promise<void>;
}

/** @returns what reads them from now on; the first time within a minute, unless `refresh` is called */
export function keepStatistics({ database, catalog, statistics, log }: StatisticsParts): StatisticsKeeper {
  const wanted = wantedOf(catalog);
  let running: Promise<void> = Promise.resolve();
  let timer: NodeJS.Timeout | undefined;
  const warn = (what: string) => (error: unknown) => log.warn({ error }, what);
  const look = async () => {
    await analyzeStale(database, wanted).catch(warn('tables could not be analyzed'));
    await loadStatistics(database, wanted).then(
      tables => statistics.replace(tables),
      warn('statistics of tables could not be read'),
    );
  };
  const refresh = () => (running = running.then(look));
  const schedule = () => {
    timer = setTimeout(() => void refresh().then(schedule), everyMs).unref();
  };
  schedule();
  return {
    refresh,
    async close() {
      clearTimeout(timer);
      await running;
      clearTimeout(timer);
    },
  };
}

/** Never looked at, or a fifth of its rows changed since: twice what makes autovacuum look, which is then left to it. */
const staleSql = `SELECT w.name FROM unnest($1::text[]) AS w(name)
JOIN pg_class c ON c.oid = to_regclass(w.name)
LEFT JOIN pg_stat_all_tables s ON s.relid = c.oid
WHERE pg_relation_size(c.oid) > 0
  AND (c.reltuples < 0 OR c.relpages = 0 OR coalesce(s.n_mod_since_analyze, 0) > 500 + c.reltuples * 0.2)`;

async function analyzeStale(database: Database, { tables }: Wanted): Promise<void> {
  const { rows } = await database.query(staleSql, [tables.map(identifier)]);
  for (const [table] of rows) await database.query(`ANALYZE (SKIP_LOCKED) ${table}`);
}
