import { expect, test } from 'vitest';
import type { Session } from '../../src/base/database/database.ts';
import { openTestDatabase } from '../test-database.ts';

const read = (session: Session) => session.query('select id from moving', [], { name: 'moving' });
const write = (session: Session, id: number) => session.query('insert into kept values ($1)', [id]);

async function moved() {
  const opened = await openTestDatabase({ databasePoolMax: 1 });
  const { database } = opened;
  await database.query('create table moving as select 1 as id');
  await database.query('create table kept (id int)');
  await read(database);
  const move = (type: string) =>
    database.query(`alter table moving alter id type ${type} using id::text::${type}`);
  return { opened, database, move };
}

test('a transaction whose statement became stale is done all the same, once', async () => {
  const { opened, database, move } = await moved();
  await using _ = opened;
  await move('text');
  const rows = await database.transaction(async session => {
    await write(session, 1);
    return (await read(session)).rows;
  });
  expect(rows).toEqual([['1']]);
  expect((await database.query('select id from kept')).rows).toEqual([['1']]);
});

test('a statement that became stale does not poison its connection', async () => {
  const { opened, database, move } = await moved();
  await using _ = opened;
  for (const type of ['text', 'int', 'bigint', 'text']) {
    await move(type);
    // Whoever hides the failure does not keep the statement.
    const hidden = database.transaction(async session => {
      await read(session).catch(() => {});
      throw new Error('no');
    });
    await expect(hidden).rejects.toThrow('no');
    await database.transaction(async session => {
      expect((await read(session)).rows).toEqual([['1']]);
    });
  }
});

test('a statement that is stale in a savepoint is fresh when it is tried again', async () => {
  const { opened, database, move } = await moved();
  await using _ = opened;
  await move('text');
  const rows = await database.transaction(async session => {
    await session.query('savepoint one');
    await read(session).catch(() => session.query('rollback to savepoint one'));
    return (await read(session)).rows;
  });
  expect(rows).toEqual([['1']]);
});
