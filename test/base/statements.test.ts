import { describe, expect, inject, test } from 'vitest';
import { openTestDatabase } from '../test-database.ts';

test('a failed statement leaves its connection usable', async () => {
  await using opened = await openTestDatabase({ databasePoolMax: 1 });
  const { database } = opened;
  const pid = () => database.query('select pg_backend_pid()');
  const before = await pid();
  await expect(database.query('select 1/0')).rejects.toMatchObject({ code: '22012' });
  await expect(database.query('select $1::int', ['x'])).rejects.toMatchObject({ code: '22P02' });
  await expect(database.query('selec 1', [], { name: 'wrong' })).rejects.toMatchObject({ code: '42601' });
  expect(await pid()).toEqual(before);
});

test('one name stands for one text', async () => {
  await using opened = await openTestDatabase({ databasePoolMax: 1 });
  await opened.database.query('select 1', [], { name: 'one' });
  await expect(opened.database.query('select 2', [], { name: 'one' })).rejects.toThrow('another text');
  expect((await opened.database.query('select 1', [], { name: 'one' })).rows).toEqual([['1']]);
});

test('prepared statements survive a change of their tables', async () => {
  await using opened = await openTestDatabase({ databasePoolMax: 3 });
  const { database } = opened;
  await database.query('create table moving as select 1 as id');
  const read = () => database.query('select id from moving', [], { name: 'moving' });
  await Promise.all([read(), read(), read()]);
  await database.query('alter table moving alter id type text using id || $$!$$');
  expect((await Promise.all([read(), read(), read()])).map(({ rows }) => rows[0]![0])).toEqual([
    '1!',
    '1!',
    '1!',
  ]);
});

test('a connection forgets its prepared statements before they are too many', async () => {
  await using opened = await openTestDatabase({ databasePoolMax: 1 });
  const counts: number[] = [];
  for (let i = 0; i < 1101; i++) {
    await opened.database.query(`select ${i}`, [], { name: `s${i}` });
    if (i % 100 > 0) continue;
    const { rows } = await opened.database.query('select count(*) from pg_prepared_statements');
    counts.push(Number(rows[0]![0]));
  }
  expect(Math.max(...counts)).toBeGreaterThan(300);
  expect(Math.max(...counts)).toBeLessThanOrEqual(501);
  expect(counts.at(-1)).toBeLessThan(200);
});

test('a statement that takes too long is ended, and the next one runs', async () => {
  await using opened = await openTestDatabase({ statementTimeoutMs: 300 });
  const { database } = opened;
  await database.query('create table kept as select 1 as id');
  const slow = database.query('select count(*) from generate_series(1, 1000000000)');
  await expect(slow).rejects.toMatchObject({ code: 'TIMEOUT', status: 504, hint: expect.any(String) });
  expect((await database.query('select id from kept')).rows).toEqual([['1']]);
});

test('a transaction may set a time limit of its own', async () => {
  await using opened = await openTestDatabase({ statementTimeoutMs: 200 });
  const { database } = opened;
  const sleep = () =>
    database.transaction(session => session.query('select pg_sleep(1)'), { statementTimeoutMs: 0 });
  expect((await sleep()).rowCount).toBe(1);
  await expect(database.transaction(session => session.query('select pg_sleep(600)'))).rejects.toMatchObject({
    code: 'TIMEOUT',
  });
  expect((await database.query('select 1')).rows).toEqual([['1']]);
});

test('what was aborted before it began is not sent', async () => {
  await using opened = await openTestDatabase();
  const { database } = opened;
  await database.query('create table touched (id int)');
  const insert = database.query('insert into touched values (1)', [], { signal: AbortSignal.abort() });
  await expect(insert).rejects.toMatchObject({ name: 'AbortError' });
  expect((await database.query('select count(*) from touched')).rows).toEqual([['0']]);
});

test('closing waits for what runs', async () => {
  const opened = await openTestDatabase();
  const slow = opened.database.query('select pg_sleep(0.5)');
  await Promise.all([slow, opened.close()]);
});

describe.runIf(inject('templates').kind === 'postgresql')('on PostgreSQL', () => {
  const running = `select count(*) from pg_stat_activity where query like 'select pg_sleep(600)%' and state = 'active'
    and datname = current_database()`;

  test('an aborted statement really ends', async () => {
    await using opened = await openTestDatabase();
    const { database } = opened;
    const count = async () => Number((await database.query(running)).rows[0]![0]);
    const caller = new AbortController();
    const slow = database.query('select pg_sleep(600)', [], { signal: caller.signal });
    while ((await count()) !== 1) {}
    caller.abort();
    await expect(slow).rejects.toMatchObject({ name: 'AbortError' });
    expect(await count()).toBe(0);
  });

  test('it ends also when it holds the last connection, and inside a transaction', async () => {
    await using opened = await openTestDatabase({ databasePoolMax: 1 });
    const { database } = opened;
    const query = database.query('select pg_sleep(600)', [], { signal: AbortSignal.timeout(100) });
    await expect(query).rejects.toMatchObject({ name: 'TimeoutError' });
    const transaction = database.transaction(session =>
      session.query('select pg_sleep(600)', [], { signal: AbortSignal.timeout(100) }),
    );
    await expect(transaction).rejects.toMatchObject({ name: 'TimeoutError' });
    expect((await database.query('select 1')).rows).toEqual([['1']]);
  });

  test('an abort never hits a later statement of the connection', async () => {
    await using opened = await openTestDatabase({ databasePoolMax: 2 });
    const { database } = opened;
    const outcomes = { aborted: 0, finished: 0 };
    const aborted = async (i: number) => {
      const caller = new AbortController();
      setTimeout(() => caller.abort(), 10);
      // Cancellations arrive from 10 to 70 ms or so: some before the statement's end, some after it.
      const sleepMs = 30 + ((i * 7) % 60);
      try {
        await database.query(`select pg_sleep(${sleepMs / 1000})`, [], { signal: caller.signal });
        outcomes.finished += 1;
      } catch (error) {
        expect(error).toMatchObject({ name: 'AbortError' });
        outcomes.aborted += 1;
      }
      await database.query('select pg_sleep(0.001)');
    };
    for (let i = 0; i < 100; i += 2) await Promise.all([aborted(i), aborted(i + 1)]);
    expect(outcomes.aborted).toBeGreaterThan(0);
    expect(outcomes.aborted + outcomes.finished).toBe(100);
  });

  test('a lost connection is said to be one, and replaced', async () => {
    await using opened = await openTestDatabase({ databasePoolMax: 2 });
    const { database } = opened;
    const end = `select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and pid <> pg_backend_pid()`;
    const slow = expect(database.query('select pg_sleep(600)')).rejects.toMatchObject({
      code: 'UNAVAILABLE',
      status: 503,
    });
    while ((await database.query(running)).rows[0]![0] !== '1') {}
    await database.query(end);
    await slow;
    expect((await Promise.all([1, 2, 3].map(() => database.query('select 1')))).length).toBe(3);
  });
});
