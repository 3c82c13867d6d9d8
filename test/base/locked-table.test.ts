import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { inLane } from '../../src/base/lane.ts';
import { openTestDatabase, type TestDatabase } from '../test-database.ts';

describe.runIf(inject('templates').kind === 'postgresql')('while a table is locked', () => {
  let opened: TestDatabase;
  let locker: pg.Client;
  beforeAll(async () => {
    opened = await openTestDatabase({ databasePoolMax: 8, lockTimeoutMs: 60_000 });
    locker = new pg.Client(opened.env.DATABASE_URL);
    await locker.connect();
  });
  afterAll(async () => {
    await locker?.end();
    await opened?.close();
  });

  const read = (lane: string, table: string) =>
    inLane(lane, () => opened.database.query(`select count(*) from "${table}"`));
  const lanes = Array.from({ length: 12 }, (_, index) => `key:${index}`);

  test('requests for other tables are all served, and most that would wait are refused early', async () => {
    await locker.query('begin; lock table "Product" in access exclusive mode');
    const blocked = lanes.flatMap(lane => [1, 2, 3].map(() => read(lane, 'Product')));
    let open = blocked.length;
    const told = blocked.map(one =>
      one
        .then(() => 'served')
        .catch(error => error)
        .finally(() => open--),
    );
    const others = await Promise.all(lanes.flatMap(lane => [1, 2, 3].map(() => read(lane, 'Supplier'))));
    expect(others.length).toBe(36);
    // It is known by now: nobody has to find out again.
    const refusal = await read('key:new', 'Product').catch(error => error);
    expect(refusal).toMatchObject({
      code: 'UNAVAILABLE',
      message: expect.stringContaining('Product is locked'),
      headers: { 'retry-after': '5' },
    });
    // A quarter of eight connections may go on waiting.
    while (open > 2) await sleep(10);
    await locker.query('rollback');
    const outcomes = await Promise.all(told);
    expect(outcomes.filter(one => one === 'served').length).toBeLessThanOrEqual(2);
    for (const one of outcomes.filter(one => one !== 'served')) expect(one).toMatchObject({ status: 503 });
  });

  test('it is served again as soon as it is free', async () => {
    for (;;) {
      const outcome = await read('key:0', 'Product').catch(error => error);
      if (!(outcome instanceof Error)) return expect(outcome.rows).toEqual([['0']]);
      expect(outcome).toMatchObject({ status: 503 });
    }
  });

  test('those who wait for rows do not hold all connections either', async () => {
    await locker.query('create table counter (id int); insert into counter values (1)');
    await locker.query('begin; update counter set id = 2');
    const write = (lane: string) =>
      inLane(lane, () => opened.database.query('update counter set id = id + 1').catch(error => error));
    const writes = lanes.map(write);
    const others = await Promise.all(lanes.map(lane => read(lane, 'Supplier')));
    expect(others.length).toBe(12);
    await locker.query('rollback');
    const outcomes = await Promise.all(writes);
    for (const one of outcomes.filter(one => one instanceof Error))
      expect(one).toMatchObject({ status: 503 });
  });
});

describe.runIf(inject('templates').kind === 'postgresql')('a lock that lasts', () => {
  test('is not waited for longer than LOCK_TIMEOUT_MS, but for what says otherwise', async () => {
    await using opened = await openTestDatabase({ lockTimeoutMs: 200 });
    const locker = new pg.Client(opened.env.DATABASE_URL);
    await locker.connect();
    await locker.query('begin; lock table "Product" in access exclusive mode');
    const read = 'select count(*) from "Product"';
    await expect(opened.database.query(read)).rejects.toMatchObject({
      code: 'UNAVAILABLE',
      message: 'Another transaction has locked what this request needs.',
      headers: { 'retry-after': '5' },
    });
    const patient = opened.database.transaction(session => session.query(read), { statementTimeoutMs: 0 });
    await expect(opened.database.query(read)).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    await locker.query('rollback');
    expect((await patient).rows).toEqual([['0']]);
    await locker.end();
  });
});
