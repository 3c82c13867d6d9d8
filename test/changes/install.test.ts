import { expect, test } from 'vitest';
import { installChangeLog, unloggedTables } from '../../src/changes/install.ts';
import { serverForFile } from '../harness.ts';
import { lastId, logged } from './logged.ts';

const server = serverForFile();

const ready = async () => (await server.fetch('/readyz')).json();

test('finds nothing to do where all is right', async () => {
  expect(await installChangeLog(server.database, server.catalog)).toEqual([]);
  expect(await ready()).toEqual({ status: 'ready' });
});

test.each([
  ['a trigger was dropped', 'drop trigger portolan_log_update on "Product"', 'Product'],
  ['a trigger was disabled', 'alter table "Order" disable trigger portolan_log_insert', 'Order'],
  ['the function was dropped', 'drop function portolan."change_log_Warehouse" cascade', 'Warehouse'],
  [
    'the function was changed',
    `create or replace function portolan."change_log_Customer"() returns trigger language plpgsql as 'begin return null; end'`,
    'Customer',
  ],
  [
    'a join table lost its own',
    'drop trigger portolan_log_delete on "_CollectionToProduct"',
    '_CollectionToProduct',
  ],
])('repairs what is wrong when %s, and readiness says so before', async (_, damage, table) => {
  const { database, catalog } = server;
  await database.query(damage);
  expect(await unloggedTables(database, catalog)).toEqual([table]);
  expect(await ready()).toMatchObject({
    status: 'not ready',
    reasons: [expect.stringContaining(`changes are not logged: ${table}`)],
  });
  expect(await installChangeLog(database, catalog)).toEqual([table]);
  expect(await ready()).toEqual({ status: 'ready' });
});

test('logs after a repair as before', async () => {
  const { database } = server;
  const after = await lastId(database);
  await database.query(`insert into "Warehouse" (id, code, name, city) values (1, 'W', 'W', 'W')`);
  expect(await logged(database, 'Warehouse', after)).toMatchObject([{ kind: 'insert', position: 1 }]);
});

test('logs an entity that is exposed anew, and no longer one that is not exposed', async () => {
  const { database, catalog } = server;
  const without = new Map([...catalog.entities].filter(([name]) => name !== 'Warehouse'));
  expect(await installChangeLog(database, { ...catalog, entities: without })).toEqual([]);
  const after = await lastId(database);
  await database.query(`update "Warehouse" set name = 'unseen'`);
  expect(await logged(database, 'Warehouse', after)).toEqual([]);
  expect(await installChangeLog(database, catalog)).toEqual(['Warehouse']);
  await database.query(`update "Warehouse" set name = 'seen'`);
  expect(await logged(database, 'Warehouse', after)).toMatchObject([{ position: 2, now: { name: 'seen' } }]);
});

test('may be done by several instances at once', async () => {
  const { database, catalog } = server;
  await database.query('drop function portolan."change_log_Product" cascade');
  const made = await Promise.all([1, 2, 3].map(() => installChangeLog(database, catalog)));
  expect(made.flat()).toEqual(['Product']);
});

const ownFunctions = async () => {
  const { rows } = await server.database.query(
    `select proname from pg_proc where pronamespace = current_schema()::regnamespace and proname ~ '(portolan|change)_'`,
  );
  return rows.flat();
};

test("the project's schema holds no function of Portolan", async () => {
  expect(await ownFunctions()).toEqual([]);
});

test("trigger functions that an earlier version left in the project's schema are removed, and the tables stay logged", async () => {
  const { database, catalog } = server;
  await database.query(`create function "portolan_log_Supplier"() returns trigger language plpgsql as 'begin return null; end';
create function "portolan_log_Forgotten"() returns trigger language plpgsql as 'begin return null; end';
create or replace trigger portolan_log_insert after insert on "Supplier" for each statement execute function "portolan_log_Supplier"()`);
  expect(await unloggedTables(database, catalog)).toEqual(['Supplier']);
  expect(await installChangeLog(database, catalog)).toEqual(['Supplier']);
  expect(await ownFunctions()).toEqual([]);
  expect(await ready()).toEqual({ status: 'ready' });
  const after = await lastId(database);
  await database.query(`insert into "Supplier" (code, name, country) values ('S', 'S', 'DE')`);
  expect(await logged(database, 'Supplier', after)).toMatchObject([{ kind: 'insert' }]);
});
