// Brings the stored queues and schedules in line with the definitions.

import type { PgBoss, Queue } from 'pg-boss';
import type { Database } from '../base/database/database.ts';
import { jobSchema } from './install-jobs.ts';
import type { JobDefinition } from './job.ts';

/** After so long without a sign of life, a job is given to another instance. */
const heartbeatSeconds = 30;
const timeoutSecondsDefault = 15 * 60;
const weekSeconds = 7 * 86_400;

type Settings = Pick<
  Queue,
  'retryLimit' | 'retryDelay' | 'expireInSeconds' | 'heartbeatSeconds' | 'deleteAfterSeconds' | 'notify'
>;

/** To be called before jobs are taken. */
export async function prepareQueues(
  boss: PgBoss,
  definitions: readonly JobDefinition[],
  database: Database,
): Promise<void> {
  const isEmbedded = database.kind === 'embedded';
  const known = new Map((await boss.getQueues()).map(queue => [queue.name, queue]));
  for (const definition of definitions) {
    const { name } = definition;
    const settings = settingsOf(definition, isEmbedded);
    const queue = known.get(name);
    if (!queue) await boss.createQueue(name, { ...settings, policy: 'exclusive' });
    else if (differs(queue, settings)) await boss.updateQueue(name, settings);
  }
  await prepareSchedules(boss, definitions);
  if (isEmbedded) await requeueInterrupted(boss, database);
}

/** With one instance, whose jobs are queued again when it starts, there is nobody to show signs of life to. */
function settingsOf({ retry, schedule, timeoutSeconds }: JobDefinition, isEmbedded: boolean): Settings {
  const { limit, delaySeconds } = retry ?? { limit: schedule === undefined ? 2 : 0, delaySeconds: 5 };
  return {
    retryLimit: limit,
    retryDelay: delaySeconds,
    expireInSeconds: timeoutSeconds ?? timeoutSecondsDefault,
    deleteAfterSeconds: weekSeconds,
    notify: true,
    ...(!isEmbedded && { heartbeatSeconds }),
  };
}

const differs = (queue: Settings, settings: Settings): boolean =>
  Object.entries(settings).some(([name, value]) => queue[name as keyof Settings] !== value);

async function prepareSchedules(boss: PgBoss, definitions: readonly JobDefinition[]): Promise<void> {
  const present = new Map((await boss.getSchedules()).map(({ name, cron }) => [name, cron]));
  for (const { name, schedule } of definitions) {
    if (schedule !== undefined && present.get(name) !== schedule)
      await boss.schedule(name, schedule, null, { tz: 'UTC', missed: 'once' });
  }
  const scheduled = new Set(definitions.filter(({ schedule }) => schedule).map(({ name }) => name));
  for (const name of present.keys()) if (!scheduled.has(name)) await boss.unschedule(name);
}

/** No other process can run the jobs of the embedded database: those that seem to run were cut off with the last one. */
async function requeueInterrupted(boss: PgBoss, database: Database): Promise<void> {
  const { rows } = await database.query(
    `select name, json_agg(id) from ${jobSchema}.job where state = 'active' group by name`,
  );
  for (const [name, ids] of rows)
    await boss.fail(name!, JSON.parse(ids!) as string[], new Error('The process ended.'));
}
