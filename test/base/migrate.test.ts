import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterAll, beforeAll, beforeEach, expect, inject, test } from 'vitest';
import project from '../../portolan.config.ts';
import type { Database } from '../../src/base/database/database.ts';
import { migrate, projectMigrations, readMigrations } from '../../src/base/database/migrate.ts';
import { openDatabase } from '../../src/base/database/open-database.ts';
import { openTestDatabase, type TestDatabase } from '../test-database.ts';

const lines: string[] = [];
const log = pino({ level: 'info' }, { write: line => lines.push(line) });
const shipped = readMigrations(project.migrations.folder);

let opened: TestDatabase;
let database: Database;
let folder: string;
beforeAll(async () => {
  opened = await openTestDatabase();
  database = opened.database;
});
afterAll(() => opened?.close());
beforeEach(async () => {
  await database.query('drop table if exists extra, extra2');
  await database.query(`delete from _prisma_migrations where migration_name >= '3'`);
  lines.length = 0;
  rmSync(folder ?? '/nonexistent', { recursive: true, force: true });
  folder = mkdtempSync(join(tmpdir(), 'portolan-migrations-'));
  for (const { name, sql } of shipped) add(name, sql);
});

function add(name: string, sql: string): void {
  mkdirSync(join(folder, name), { recursive: true });
  writeFileSync(join(folder, name, 'migration.sql'), sql);
}

async function recorded(): Promise<unknown> {
  const { rows } = await database.query(
    `select migration_name, checksum, finished_at >= started_at, logs, rolled_back_at, applied_steps_count,
       length(id) from _prisma_migrations where migration_name >= '3' order by migration_name`,
  );
  return rows;
}

const exists = async (table: string) =>
  (await database.query('select to_regclass($1) is not null', [table])).rows[0]![0] === 't';

test('applies what is new, in order, and records it as Prisma does', async () => {
  const second =
    'insert into extra values (2); -- ; in a comment\ncreate function pg_temp.f() returns int as $$ select 1; $$ language sql;';
  add('30000101000001_second', second);
  add('30000101000000_first', 'create table extra (id int);');
  expect(await migrate(database, log, projectMigrations(folder))).toEqual([
    '30000101000000_first',
    '30000101000001_second',
  ]);
  expect((await database.query('select id from extra')).rows).toEqual([['2']]);
  const checksum = createHash('sha256').update(second).digest('hex');
  expect(await recorded()).toEqual([
    ['30000101000000_first', expect.stringMatching(/^[0-9a-f]{64}$/), 't', null, null, '1', '36'],
    ['30000101000001_second', checksum, 't', null, null, '1', '36'],
  ]);
  expect(await migrate(database, log, projectMigrations(folder))).toEqual([]);
});

test('keeps nothing of a migration that fails, and everything before it', async () => {
  add('30000101000000_good', 'create table extra (id int);');
  add('30000101000001_bad', 'create table extra2 (id int); insert into extra values (1); select 1/0;');
  await expect(migrate(database, log, projectMigrations(folder))).rejects.toMatchObject({
    code: 'CONFLICT',
    message: 'The migration 30000101000001_bad failed, and nothing of it was kept: division by zero',
  });
  expect([await exists('extra'), await exists('extra2')]).toEqual([true, false]);
  expect((await database.query('select count(*) from extra')).rows).toEqual([['0']]);
  add('30000101000001_bad', 'create table extra2 (id int);');
  expect(await migrate(database, log, projectMigrations(folder))).toEqual(['30000101000001_bad']);
});

test('refuses a migration that was changed after it had been applied', async () => {
  add('30000101000000_first', 'create table extra (id int);');
  await migrate(database, log, projectMigrations(folder));
  add('30000101000000_first', 'create table extra (id bigint);');
  add('30000101000001_second', 'create table extra2 (id int);');
  await expect(migrate(database, log, projectMigrations(folder))).rejects.toMatchObject({
    message: 'The migration 30000101000000_first was changed after it had been applied.',
    hint: expect.stringContaining('Restore its migration.sql'),
  });
  expect(await exists('extra2')).toBe(false);
});

test('forgives line ends that a checkout changed', async () => {
  add('30000101000000_first', 'create table extra (\nid int);\n');
  await migrate(database, log, projectMigrations(folder));
  add('30000101000000_first', 'create table extra (\r\nid int);\r\n');
  expect(await migrate(database, log, projectMigrations(folder))).toEqual([]);
});

test('refuses to go on where Prisma left a migration half done', async () => {
  await database.query(
    `insert into _prisma_migrations (id, checksum, migration_name) values ('x', 'y', '30000101000000_half')`,
  );
  await expect(migrate(database, log, projectMigrations(folder))).rejects.toThrow(
    '30000101000000_half is recorded as begun',
  );
  await database.query(`update _prisma_migrations set rolled_back_at = now() where id = 'x'`);
  expect(await migrate(database, log, projectMigrations(folder))).toEqual([]);
});

test('works on a database that a later release has migrated, and says so', async () => {
  await database.query(
    `insert into _prisma_migrations (id, checksum, migration_name, finished_at)
     values ('x', 'y', '30000101000000_later', now())`,
  );
  expect(await migrate(database, log, projectMigrations(folder))).toEqual([]);
  expect(lines.join()).toContain('30000101000000_later');
});

test.runIf(inject('templates').kind === 'postgresql')('three servers may migrate at once', async () => {
  add('30000101000000_first', 'create table extra (id int); select pg_sleep(0.2);');
  add('30000101000001_second', 'create table extra2 (id int); select pg_sleep(0.2);');
  const options = {
    databaseUrl: opened.env.DATABASE_URL,
    dataDir: '',
    databasePoolMax: 1,
    statementTimeoutMs: 100,
  };
  const others = await Promise.all([1, 2].map(() => openDatabase(options, log)));
  const applied = await Promise.all(
    [database, ...others].map(one => migrate(one, log, projectMigrations(folder))),
  );
  expect(applied.flat().sort()).toEqual(['30000101000000_first', '30000101000001_second']);
  await Promise.all(others.map(one => one.close()));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));
