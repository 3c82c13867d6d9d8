import { once } from 'node:events';
import pg from 'pg';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import type { Database } from '../../src/base/database/database.ts';
import { openPostgresql } from '../../src/base/database/postgresql.ts';
import { openTestDatabase, type TestDatabase } from '../test-database.ts';
import { type FreezingProxy, startFreezingProxy } from './freezing-proxy.ts';

describe.runIf(inject('templates').kind === 'postgresql')('behind a network that freezes', () => {
  let opened: TestDatabase;
  let proxy: FreezingProxy;
  beforeAll(async () => {
    opened = await openTestDatabase();
    proxy = await startFreezingProxy(opened.env.DATABASE_URL!);
  });
  afterAll(async () => {
    await proxy?.close();
    await opened?.close();
  });

  const open = (statementTimeoutMs: number) =>
    openPostgresql(
      { databaseUrl: proxy.url, databasePoolMax: 3, statementTimeoutMs },
      pino({ level: 'silent' }),
    );

  test('every statement is answered, in transactions and without a limit of time too', async () => {
    const database = await open(0);
    const abort = new AbortController();
    const slow = database.query('select pg_sleep(600)', [], { signal: abort.signal });
    await Promise.all([1, 2].map(() => database.query('select 1')));
    const begun = Promise.withResolvers<void>();
    const frozen = Promise.withResolvers<void>();
    const transaction = database.transaction(
      async session => {
        await session.query('select 1');
        begun.resolve();
        await frozen.promise;
        await session.query('select 2');
      },
      { statementTimeoutMs: 0 },
    );
    await begun.promise;
    proxy.freeze();
    frozen.resolve();
    // It can be cancelled no more.
    abort.abort();
    const statements = [transaction, slow, database.query('select 3')];
    for (const outcome of await Promise.allSettled(statements))
      expect(outcome).toMatchObject({
        reason: {
          code: 'UNAVAILABLE',
          message: 'The database does not answer.',
          headers: { 'retry-after': '5' },
        },
      });
    proxy.thaw();
    await answersAgain(database);
    await database.close();
  });

  test('a statement has a limit of its own, though the server answers others', async () => {
    const client = new pg.Client(opened.env.DATABASE_URL);
    await client.connect();
    await client.query('create table held (id int)');
    await client.query('begin; lock table held');
    const database = await open(300);
    // A server that does not keep its own limit is like one whose answer is lost.
    const late = database.transaction(async session => {
      await session.query('set local statement_timeout = 0');
      await session.query('select * from held');
    });
    await expect(late).rejects.toMatchObject({ message: 'The database did not answer in time.' });
    await database.close();
    client.end();
    await once(client, 'end');
  });
});

async function answersAgain(database: Database): Promise<void> {
  for (;;) {
    const answer = await database.query('select 1').catch(error => error);
    if (!(answer instanceof Error)) return;
    expect(answer).toMatchObject({ code: 'UNAVAILABLE' });
  }
}
