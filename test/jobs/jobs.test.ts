import { setTimeout as sleep } from 'node:timers/promises';
import { Registry } from 'prom-client';
import { afterEach, beforeEach, describe, expect, inject, test, vi } from 'vitest';
import type { Database } from '../../src/base/database/database.ts';
import { openDatabase } from '../../src/base/database/open-database.ts';
import { createLog } from '../../src/base/log.ts';
import { installJobs, jobSchema, jobSchemaVersion } from '../../src/jobs/install-jobs.ts';
import type { Job, JobContext, JobDefinition } from '../../src/jobs/job.ts';
import { JobQueue } from '../../src/jobs/job-queue.ts';
import { openBoss } from '../../src/jobs/open-boss.ts';
import { openTestDatabase, type TestDatabase } from '../harness.ts';

const lines: string[] = [];
const log = createLog({ logLevel: 'info', logFormat: 'json' }, { write: line => void lines.push(line) });

let opened: TestDatabase;
let database: Database;
const queues: JobQueue[] = [];

beforeEach(async () => {
  lines.length = 0;
  opened = await openTestDatabase();
  database = opened.database;
});

afterEach(async () => {
  for (const queue of queues.splice(0)) await queue.stop();
  await opened.close();
});

function queueOver(where: Database = database, graceMs = 1_000): JobQueue {
  const queue = new JobQueue({ database: where, log, graceMs });
  queues.push(queue);
  return queue;
}

/** @returns a running queue with one kind of job */
async function started<Payload extends object>(
  run: (payload: Payload, context: JobContext) => Promise<void>,
  definition: Partial<JobDefinition> = {},
): Promise<Job<Payload> & { readonly queue: JobQueue }> {
  const queue = queueOver();
  const job = queue.define<Payload>({ name: 'test-job', ...definition, run });
  await queue.start();
  return { ...job, queue };
}

const until = <T>(check: () => T | Promise<T>) => vi.waitUntil(check, { timeout: 60_000, interval: 50 });

async function ended(job: Job<object>, id: string) {
  await until(async () => ['done', 'failed', 'cancelled'].includes((await job.state(id))?.state ?? ''));
  return (await job.state(id))!;
}

test('the tables are made once, and the constant is the version that pg-boss expects', async () => {
  const boss = await openBoss(database, log);
  expect(await boss.schemaVersion()).toBe(jobSchemaVersion);
  await boss.start();
  await boss.stop();
  const count = async () =>
    (await database.query(`select count(*) from pg_class where relnamespace = '${jobSchema}'::regnamespace`))
      .rows[0]![0];
  const before = await count();
  await installJobs(database);
  expect(await count()).toBe(before);
});

test('the tables of a database without them are made, even when two instances start at once', async () => {
  await database.query(`drop schema ${jobSchema} cascade`);
  await Promise.all([installJobs(database), installJobs(database)]);
  const done = Promise.withResolvers<void>();
  const job = await started(async () => done.resolve());
  await job.send({});
  await done.promise;
});

test('tables of a later release are refused', async () => {
  await database.query(`update ${jobSchema}.version set version = version + 1`);
  await expect(installJobs(database)).rejects.toMatchObject({ code: 'CONFLICT' });
});

test('jobs run with their payload, one after the other, without waiting for the next poll', async () => {
  const payloads: unknown[] = [];
  const job = await started(async payload => void payloads.push(payload));
  const sent = [1, 2, 3, 4, 5].map(number => ({ number, text: 'it\'s \\ "quoted"', nested: { list: [1] } }));
  const since = performance.now();
  for (const payload of sent) await job.send(payload);
  await until(() => payloads.length === sent.length);
  expect(payloads).toEqual(sent);
  expect(performance.now() - since).toBeLessThan(14_000);
});

test('a job that fails runs again, up to its limit, and its payload is not logged', async () => {
  const attempts: number[] = [];
  const job = await started<{ password: string }>(
    async (_payload, { attempt }) => {
      attempts.push(attempt);
      throw new Error('the disk is full');
    },
    { retry: { limit: 1, delaySeconds: 1 } },
  );
  const id = (await job.send({ password: 'hunter2' }))!;
  expect(await ended(job, id)).toMatchObject({ state: 'failed', attempts: 2 });
  expect(attempts).toEqual([1, 2]);
  const failures = lines.map(line => JSON.parse(line)).filter(({ jobId }) => jobId === id);
  expect(failures.map(({ msg, job, attempt }) => [msg, job, attempt])).toEqual([
    ['a job failed and runs again', 'test-job', 1],
    ['a job failed and does not run again', 'test-job', 2],
  ]);
  expect(lines.join()).toContain('the disk is full');
  expect(lines.join()).not.toContain('hunter2');
  const { rows } = await database.query(`select output from ${jobSchema}.job where id = $1`, [id]);
  expect(rows[0]![0]).not.toContain('the disk is full');
});

test('a job that is sent in a transaction exists only when it commits', async () => {
  const ran: string[] = [];
  const job = await started<{ name: string }>(async ({ name }) => void ran.push(name));
  await expect(
    database.transaction(async session => {
      await job.send({ name: 'rolled back' }, { session });
      throw new Error('no');
    }),
  ).rejects.toThrow('no');
  await database.transaction(async session => {
    await job.send({ name: 'committed' }, { session });
  });
  await until(() => ran.length > 0);
  const { rows } = await database.query(`select count(*) from ${jobSchema}.job where name = 'test-job'`);
  expect([ran, rows[0]![0]]).toEqual([['committed'], '1']);
});

test('with a singleton key there is one job at a time', async () => {
  const release = Promise.withResolvers<void>();
  const job = await started(() => release.promise, { concurrency: 3 });
  const first = await job.send({}, { singletonKey: 'one' });
  expect(first).toBeTypeOf('string');
  expect(await job.send({}, { singletonKey: 'one' })).toBeUndefined();
  expect(await job.send({}, { singletonKey: 'two' })).toBeTypeOf('string');
  expect(await job.send({})).toBeTypeOf('string');
  await until(async () => (await job.state(first!))?.state === 'running');
  expect(await job.send({}, { singletonKey: 'one' })).toBeUndefined();
  release.resolve();
  await ended(job, first!);
  expect(await job.send({}, { singletonKey: 'one' })).toBeTypeOf('string');
});

test('a job waits until its time', async () => {
  const ran: number[] = [];
  const job = await started(async () => void ran.push(Date.now()));
  const at = Date.now() + 1_500;
  await job.send({}, { startAfter: new Date(at) });
  await until(() => ran.length > 0);
  expect(ran[0]! - at).toBeGreaterThanOrEqual(0);
  expect(ran[0]! - at).toBeLessThan(14_000);
});

test('a waiting job that is cancelled never runs', async () => {
  let runs = 0;
  const job = await started(async () => void runs++);
  const id = (await job.send({}, { startAfter: new Date(Date.now() + 1_000) }))!;
  await job.cancel(id);
  expect(await job.state(id)).toMatchObject({ state: 'cancelled' });
  await sleep(1_500);
  expect(runs).toBe(0);
  expect(await job.state('00000000-0000-0000-0000-000000000000')).toBeUndefined();
});

test('a running job that is cancelled is aborted, and does not run again', async () => {
  let runs = 0;
  const begun = Promise.withResolvers<void>();
  const aborted = Promise.withResolvers<void>();
  const job = await started(async (_payload, { signal }) => {
    runs++;
    signal.addEventListener('abort', () => aborted.resolve());
    begun.resolve();
    await sleep(120_000, undefined, { signal });
  });
  const id = (await job.send({}))!;
  await begun.promise;
  await job.cancel(id);
  await aborted.promise;
  await sleep(500);
  expect([runs, (await job.state(id))?.state]).toEqual([1, 'cancelled']);
});

test('a job that takes longer than it may is aborted and fails', async () => {
  const job = await started(
    (_payload, { signal }) =>
      new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
    { timeoutSeconds: 1, retry: { limit: 0, delaySeconds: 0 } },
  );
  const id = (await job.send({}))!;
  expect(await ended(job, id)).toMatchObject({ state: 'failed' });
});

test('stopping waits for the running job', async () => {
  let finished = false;
  const begun = Promise.withResolvers<void>();
  const job = await started(async () => {
    begun.resolve();
    await sleep(500);
    finished = true;
  });
  await job.send({});
  await begun.promise;
  await job.queue.stop();
  expect(finished).toBe(true);
  await expect(job.send({})).rejects.toMatchObject({ code: 'UNAVAILABLE' });
});

test.each([
  ['that resumes is aborted at once', { resumes: true }, 1_000],
  ['that takes too long to stop is aborted', {}, 15_000],
])('a job %s when the server stops, and runs again after the next start', async (_name, more, withinMs) => {
  const retry = { limit: 3, delaySeconds: 0 };
  const begun = Promise.withResolvers<void>();
  const job = await started(
    async (_payload, { signal }) => {
      begun.resolve();
      await sleep(120_000, undefined, { signal });
    },
    { ...more, retry },
  );
  const id = (await job.send({ number: 7 }))!;
  await begun.promise;
  const since = performance.now();
  await job.queue.stop();
  expect(performance.now() - since).toBeLessThan(withinMs + 5_000);
  const again: unknown[] = [];
  const next = await started(async (payload, { attempt }) => void again.push([payload, attempt]), { retry });
  await ended(next, id);
  expect(again).toEqual([[{ number: 7 }, 2]]);
});

test('a schedule follows its definition, and a time that passed is made up for', async () => {
  const schedules = async () => (await database.query(`select name, cron from ${jobSchema}.schedule`)).rows;
  const first = await started(async () => {}, { schedule: '0 3 * * *' });
  expect(await schedules()).toEqual([['test-job', '0 3 * * *']]);
  await first.queue.stop();
  // As if the last instance had stopped two days ago.
  await database.query(`update ${jobSchema}.version set cron_on = now() - interval '2 days'`);
  await database.query(`update ${jobSchema}.schedule set created_on = now() - interval '3 days'`);
  const ran = Promise.withResolvers<void>();
  const second = await started(async () => ran.resolve(), { schedule: '0 4 * * *' });
  expect(await schedules()).toEqual([['test-job', '0 4 * * *']]);
  await ran.promise;
  await second.queue.stop();
  await started(async () => {});
  expect(await schedules()).toEqual([]);
}, 120_000);

test('the metrics count jobs by kind', async () => {
  const job = await started(async (payload: { fails?: boolean }) => {
    if (payload.fails) throw new Error('no');
  });
  const registry = new Registry();
  job.queue.metrics.register(registry);
  await ended(job, (await job.send({}))!);
  await job.send({ fails: true });
  await until(async () => (await registry.metrics()).includes('outcome="failed"'));
  const text = await registry.metrics();
  expect(text).toContain('portolan_job_runs_total{job="test-job",outcome="done"} 1');
  expect(text).toContain('portolan_jobs_running{job="test-job"} 0');
  expect(text).toContain('portolan_jobs_queued{job="test-job"}');
  expect(text).toContain('portolan_job_duration_seconds_count{job="test-job"} 2');
});

test('nothing can be sent before the start, and a failed start is reported and retried', async () => {
  const queue = queueOver();
  const job = queue.define({ name: 'test-job', run: async () => {} });
  expect(() => queue.define({ name: 'test-job', run: async () => {} })).toThrow('defined twice');
  await expect(job.send({})).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  await database.query(`alter schema ${jobSchema} rename to elsewhere`);
  await queue.start();
  expect(queue.problem()).toBe('background jobs do not run: see the log');
  await database.query(`alter schema elsewhere rename to ${jobSchema}`);
  await queue.start();
  expect(queue.problem()).toBeUndefined();
  expect(await job.send({})).toBeTypeOf('string');
});

describe.runIf(inject('templates').kind === 'postgresql')('with several instances', () => {
  async function secondInstance(): Promise<Database> {
    const options = { databasePoolMax: 2, statementTimeoutMs: 0, dataDir: '/nonexistent' };
    return openDatabase({ ...options, databaseUrl: opened.env.DATABASE_URL! }, log);
  }

  test('the instances share the jobs, and each runs once', async () => {
    await using other = await closing(secondInstance());
    const runs: [string, number][] = [];
    const run =
      (name: string) =>
      async ({ number }: { number: number }) => {
        runs.push([name, number]);
        await sleep(20);
      };
    const [a, b] = [queueOver(), queueOver(other.database)];
    const job = a.define({ name: 'test-job', run: run('a') });
    b.define({ name: 'test-job', run: run('b') });
    await Promise.all([a.start(), b.start()]);
    const numbers = Array.from({ length: 40 }, (_, index) => index);
    await Promise.all(numbers.map(number => job.send({ number })));
    await until(() => runs.length >= numbers.length);
    expect(runs.map(([, number]) => number).sort((x, y) => x - y)).toEqual(numbers);
    expect(new Set(runs.map(([name]) => name))).toEqual(new Set(['a', 'b']));
    await b.stop();
  });
});

const closing = async (opening: Promise<Database>) => {
  const database = await opening;
  return { database, [Symbol.asyncDispose]: () => database.close() };
};
