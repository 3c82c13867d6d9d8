import { expect, inject, test } from 'vitest';
import { inLane } from '../../src/base/lane.ts';
import { openTestDatabase } from '../test-database.ts';

test('a credential that fills the queue does not keep another from being served', async () => {
  await using opened = await openTestDatabase({ databasePoolMax: 8 });
  const { database } = opened;
  const hostileCount = 40;
  let hostileDone = 0;
  const hostile = Array.from({ length: hostileCount }, () =>
    inLane('key:hostile', () => database.query('select pg_sleep(0.1)')).finally(() => hostileDone++),
  );
  // Transactions wait in the same line.
  for (let i = 0; i < 5; i++) {
    await inLane('key:other', () => database.query('select 1'));
    await inLane('key:other', () => database.transaction(session => session.query('select 1')));
  }
  // On the one connection of the embedded database they take turns.
  expect(hostileDone).toBeLessThan(hostileCount);
  await Promise.all(hostile);
});

test.runIf(inject('templates').kind === 'embedded')(
  'a statement that keeps others waiting for long is ended, and its credential has to wait',
  async () => {
    await using opened = await openTestDatabase({ statementTimeoutMs: 600_000 });
    const { database } = opened;
    const slow = inLane('key:slow', () =>
      database.query('select count(*) from generate_series(1, 100000000000)').catch(error => error),
    );
    const other = inLane('key:other', () => database.query('select 1'));
    expect((await other).rows).toEqual([['1']]);
    expect(await slow).toMatchObject({ code: 'TIMEOUT' });
    await expect(inLane('key:slow', () => database.query('select 1'))).rejects.toMatchObject({
      code: 'TOO_MANY_REQUESTS',
      headers: { 'retry-after': expect.stringMatching(/^\d+$/) },
    });
  },
);
