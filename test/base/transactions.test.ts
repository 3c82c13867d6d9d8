import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Database, Session } from '../../src/base/database/database.ts';
import { createPrisma } from '../../src/platform/prisma.ts';
import { openTestDatabase, type TestDatabase } from '../test-database.ts';

let opened: TestDatabase;
let database: Database;
beforeAll(async () => {
  opened = await openTestDatabase();
  database = opened.database;
  await database.query('create table note (id int primary key)');
});
beforeEach(() => database.query('delete from note'));
afterAll(() => opened?.close());

const write = (session: Session, id: number) => session.query('insert into note values ($1)', [id]);

async function notes(): Promise<(string | null)[]> {
  return (await database.query('select id from note order by id')).rows.map(([id]) => id!);
}

test('keeps what a transaction did that came to its end', async () => {
  const result = await database.transaction(async session => {
    await write(session, 1);
    await write(session, 2);
    return 'done';
  });
  expect([result, await notes()]).toEqual(['done', ['1', '2']]);
});

test('keeps nothing of a transaction that threw', async () => {
  const work = database.transaction(async session => {
    await write(session, 1);
    throw new Error('no');
  });
  await expect(work).rejects.toThrow('no');
  expect(await notes()).toEqual([]);
});

test('keeps nothing when a statement fails, and says so even if that was ignored', async () => {
  const failed = database.transaction(async session => {
    await write(session, 1);
    await write(session, 1);
  });
  await expect(failed).rejects.toMatchObject({ code: '23505' });
  const ignored = database.transaction(async session => {
    await write(session, 1);
    await write(session, 1).catch(() => {});
  });
  await expect(ignored).rejects.toThrow('rolled back');
  expect(await notes()).toEqual([]);
});

test('runs statements issued together one after the other', async () => {
  const ids = Array.from({ length: 20 }, (_, i) => i);
  await database.transaction(async session => void (await Promise.all(ids.map(id => write(session, id)))));
  expect((await notes()).length).toBe(20);
});

test('refuses the database itself inside a transaction, where it would wait for ever', async () => {
  const query = database.transaction(() => database.query('select 1'));
  await expect(query).rejects.toThrow("use the transaction's session");
  const nested = database.transaction(() => database.transaction(async () => {}));
  await expect(nested).rejects.toThrow("use the transaction's session");
  expect((await database.query('select 1')).rows).toEqual([['1']]);
});

test('refuses a session whose transaction is over', async () => {
  const session = await database.transaction(async session => session);
  await expect(session.query('select 1')).rejects.toThrow('The transaction is over');
});

test('many transactions at once count right', async () => {
  await write(database, 0);
  const increments = Array.from({ length: 30 }, () =>
    database.transaction(async session => {
      const { rows } = await session.query('select id from note for update');
      await session.query('update note set id = $1', [Number(rows[0]![0]) + 1]);
    }),
  );
  await Promise.all(increments);
  expect(await notes()).toEqual(['30']);
});

test('Prisma works over the same connections, with its transactions', async () => {
  const prisma = createPrisma(database);
  const create = (name: string) => prisma.setting.create({ data: { name, value: { n: 1 } } });
  await create('a');
  await expect(create('a')).rejects.toMatchObject({ code: 'P2002' });
  const failed = prisma.$transaction(async inside => {
    await inside.setting.create({ data: { name: 'b', value: 1 } });
    throw new Error('no');
  });
  await expect(failed).rejects.toThrow('no');
  expect(await prisma.setting.findMany({ select: { name: true, value: true } })).toEqual([
    { name: 'a', value: { n: 1 } },
  ]);
  await prisma.$disconnect();
  expect((await database.query('select 1')).rows).toEqual([['1']]);
});
