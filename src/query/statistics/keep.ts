// Reloads table statistics once a minute. PostgreSQL's autovacuum keeps them up to date; the embedded database has no
// autovacuum, so tables with many changes are analyzed here.

import type { Database } from '../../base/database/database.ts';
import type { Logger } from '../../base/log.ts';
import type { Catalog } from '../../catalog/catalog.ts';
import { identifier } from '../sql/text.ts';
import { loadStatistics, type StatisticsSources, statisticsSources } from './load.ts';
import type { KeptStatistics } from './statistics.ts';

const everyMs = 60_000;

export interface StatisticsDeps {
  readonly database: Database;
  readonly catalog: Catalog;
  readonly statistics: KeptStatistics;
  readonly log: Logger;
}

export interface StatisticsKeeper {
  /** Analyzes tables with many changes, and loads the statistics of all. Errors are logged. */
  refresh(): Promise<void>;
  close(): Promise<void>;
}

/** Starts reloading the statistics, the first time after a minute unless `refresh` is called. */
export function keepStatistics({ database, catalog, statistics, log }: StatisticsDeps): StatisticsKeeper {
  const sources = statisticsSources(catalog);
  let running: Promise<void> = Promise.resolve();
  let timer: NodeJS.Timeout | undefined;
  const warn = (message: string) => (error: unknown) => log.warn({ error }, message);
  const reload = async () => {
    await analyzeStale(database, sources).catch(warn('tables could not be analyzed'));
    await loadStatistics(database, sources).then(
      tables => statistics.replace(tables),
      warn('statistics of tables could not be read'),
    );
  };
  const refresh = () => (running = running.then(reload));
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

/** Never analyzed, or a fifth of the rows changed since: twice autovacuum's threshold, so that autovacuum comes first where it runs. */
const staleSql = `SELECT w.name FROM unnest($1::text[]) AS w(name)
JOIN pg_class c ON c.oid = to_regclass(w.name)
LEFT JOIN pg_stat_all_tables s ON s.relid = c.oid
WHERE pg_relation_size(c.oid) > 0
  AND (c.reltuples < 0 OR c.relpages = 0 OR coalesce(s.n_mod_since_analyze, 0) > 500 + c.reltuples * 0.2)`;

async function analyzeStale(database: Database, { tables }: StatisticsSources): Promise<void> {
  const { rows } = await database.query(staleSql, [tables.map(identifier)]);
  for (const [table] of rows) await database.query(`ANALYZE (SKIP_LOCKED) ${table}`);
}
