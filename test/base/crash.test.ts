import { expect, inject, test } from 'vitest';
import type { Database } from '../../src/base/database/database.ts';
import { openTestDatabase } from '../test-database.ts';
import { Writer } from './writer.ts';

const rounds = inject('templates').kind === 'embedded' ? 4 : 2;

test(`what was acknowledged survives kill -9, ${rounds} times in a row`, async () => {
  await using opened = await openTestDatabase();
  await opened.database.query(
    'create table written_left (id int primary key, filler text); create table written_right (id int primary key)',
  );
  let next = 1;
  const acknowledged: string[] = [];
  for (let round = 0; round < rounds; round++) {
    await opened.pause();
    const writer = new Writer(next, opened.env);
    await writer.printed(50 + round * 37);
    await writer.kill();
    acknowledged.push(...writer.lines.slice(1));
    const database = await opened.resume();
    next = await checkWritten(database, acknowledged);
  }
});

/** @returns an id that is free */
async function checkWritten(database: Database, acknowledged: readonly string[]): Promise<number> {
  const ids = async (table: string) =>
    (await database.query(`select id from ${table} order by id`)).rows.map(([id]) => id!);
  const [left, right] = [await ids('written_left'), await ids('written_right')];
  const lost = acknowledged.filter(id => !left.includes(id));
  expect(lost).toEqual([]);
  // Nothing is half written. At most one transaction a round was committed but not acknowledged.
  expect(right).toEqual(left);
  expect(left.length - acknowledged.length).toBeLessThanOrEqual(rounds);
  return Number(left.at(-1)) + 1;
}
