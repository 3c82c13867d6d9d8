import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Database } from '../../src/base/database/database.ts';
import { batchRows, checkKept, clearBatch } from '../../src/changes/retention.ts';
import { openTestDatabase, type TestDatabase } from '../harness.ts';
import { lastId, logged } from './logged.ts';

let opened: TestDatabase;
beforeAll(async () => {
  opened = await openTestDatabase();
});
afterAll(() => opened.close());

const insert = (from: number, to: number) =>
  opened.database.query(
    `insert into "Supplier" (id, code, name, country) select i, i::text, 'n', 'DE' from generate_series($1::int, $2::int) i`,
    [from, to],
  );

test('clears what is older than it has to be kept, and nothing else', async () => {
  const { database } = opened;
  await insert(1, 12_000);
  await database.query(`update portolan.change set at = now() - interval '10 days'`);
  await insert(20_001, 20_010);
  await database.query(`update "Supplier" set name = 'm' where id = 1`);
  expect(await clearAll(database, 11)).toBe(0);
  expect(await clearAll(database, 9)).toBe(12_000);
  expect(await logged(database, 'Supplier')).toHaveLength(11);
});

test('gives no position twice', async () => {
  const { database } = opened;
  const after = await lastId(database);
  await database.query(`update "Supplier" set name = 'k' where id in (1, 2)`);
  await database.query('delete from "Supplier" where id = 2');
  await insert(2, 2);
  const positions = (await logged(database, 'Supplier', after)).map(
    ({ key, position }) => `${key}:${position}`,
  );
  expect(positions.sort()).toEqual(['1:3', '2:2', '2:3', '2:4']);
  await database.query(`update portolan.change set at = now() - interval '10 days'`);
  await clearAll(database, 9);
  await database.query(`update "Supplier" set name = 'j' where id in (1, 2)`);
  expect(
    (await logged(database, 'Supplier')).map(({ key, position }) => `${key}:${position}`).sort(),
  ).toEqual(['1:4', '2:5']);
});

test('tells a reader who comes back too late', async () => {
  const { database } = opened;
  const last = await lastId(database);
  await checkKept(database, last);
  await expect(checkKept(database, 5n)).rejects.toMatchObject({ code: 'INVALID_VALUE', target: 'after' });
});

/** @returns how many changes are cleared away until nothing is left to clear */
async function clearAll(database: Database, days: number): Promise<number> {
  const count = await clearBatch(database, days);
  return count < batchRows ? count : count + (await clearAll(database, days));
}
