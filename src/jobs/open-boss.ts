import type { PgBoss } from 'pg-boss';
import type { Database } from '../base/database/database.ts';
import type { Logger } from '../base/log.ts';
import { jobSchema } from './install-jobs.ts';
import { queueDatabase } from './queue-database.ts';

/** How often schedules are looked at, in seconds. */
const scheduleSeconds = 45;
/** How often jobs are looked for that took too long, or whose process ended. The embedded database has one process. */
const superviseSeconds = { postgresql: 20, embedded: 300 };
/** How often the jobs are sent that are due. */
const sendSeconds = { postgresql: 15, embedded: 45 };
const daySeconds = 86_400;

/** @returns pg-boss over our database, to be started. It is loaded only now, as it takes time and memory */
export async function openBoss(database: Database, log: Logger): Promise<PgBoss> {
  const { PgBoss } = await import('pg-boss');
  const isEmbedded = database.kind === 'embedded';
  const boss = new PgBoss({
    db: queueDatabase(database),
    schema: jobSchema,
    // `installJobs` does it.
    migrate: false,
    backend: isEmbedded ? 'pglite' : 'postgres',
    useListenNotify: true,
    registerInstance: false,
    monitorVacuum: false,
    reindex: !isEmbedded,
    openTelemetry: { enabled: false },
    superviseIntervalSeconds: superviseSeconds[database.kind],
    monitorIntervalSeconds: superviseSeconds[database.kind],
    cronMonitorIntervalSeconds: scheduleSeconds,
    cronWorkerIntervalSeconds: sendSeconds[database.kind],
    queueCacheIntervalSeconds: 3600,
    // Jobs that depend on others are not used.
    flowIntervalSeconds: daySeconds,
  });
  boss.on('error', error => log.warn({ error }, 'the queue of background jobs met an error'));
  // Its data may hold statements with the payloads of jobs.
  boss.on('warning', ({ message }) => log.warn(message));
  return boss;
}
