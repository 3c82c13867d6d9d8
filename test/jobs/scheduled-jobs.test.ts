import { pino } from 'pino';
import { expect, test, vi } from 'vitest';
import { openBoss } from '../../src/jobs/open-boss.ts';
import { serverForFile } from '../harness.ts';

const server = serverForFile({ jobs: true });

test('everything that expires is deleted on a schedule', async () => {
  const { rows } = await server.database.query('select name, cron from portolan_jobs.schedule');
  expect(Object.fromEntries(rows)).toEqual({
    'clear-audit-log': '22 * * * *',
    'clear-change-log': '27 * * * *',
    'clear-imports': '37 * * * *',
    'clear-idempotent-answers': '*/15 * * * *',
    'clear-oauth': '7 * * * *',
    'clear-sessions': '12 * * * *',
    'clear-sign-in-links': '17 * * * *',
    'clear-usage': '32 * * * *',
  });
});

test('a scheduled job deletes what has expired, in batches, and leaves the rest', async () => {
  await server.database.query(
    `insert into portolan.idempotent_answer ("owner", "key", "fingerprint", "status", "headers", "body", "createdAt")
    select 'key:test', 'k' || n, 'f', 200, '{}', '', now() - make_interval(hours => case when n = 1 then 1 else 25 end)
    from generate_series(1, 5002) n`,
  );
  // As the schedule does at its time.
  const boss = await openBoss(server.database, pino({ level: 'silent' }));
  await boss.start();
  await boss.send('clear-idempotent-answers', null);
  await boss.stop();
  const left = async () =>
    (await server.database.query('select key from portolan.idempotent_answer')).rows.map(([key]) => key);
  await vi.waitUntil(async () => (await left()).length === 1, { timeout: 60_000, interval: 50 });
  expect(await left()).toEqual(['k1']);
});
