import { beforeEach, expect, test } from 'vitest';
import { serverForFile } from '../harness.ts';
import { columns, importCsv, rowsOf, send } from './import-csv.ts';

const server = serverForFile();
beforeEach(async () => {
  await server.database.query('TRUNCATE "Product" RESTART IDENTITY CASCADE');
  await importCsv(server, 'sku,name,price\nA,Lamp,1\n');
});

const stored = () => rowsOf(server, 'SELECT sku, name FROM "Product" ORDER BY sku');
const before = [{ sku: 'A', name: 'Lamp' }];

test('counts what the import would do, and writes nothing, not even to the change log', async () => {
  const position = () => rowsOf(server, 'SELECT count(*) FROM portolan.change');
  const changes = await position();
  const file = 'sku,name,price\nA,New,1\nB,Desk,2\n';
  expect(await importCsv(server, file, { dryRun: 'true' })).toMatchObject({
    ...{ status: 200, imported: 2, inserted: 1, updated: 1, failed: 0, errors: [], dryRun: true },
  });
  expect(await stored()).toEqual(before);
  expect(await position()).toEqual(changes);
  expect(await importCsv(server, file)).toMatchObject({ inserted: 1, updated: 1 });
});

test('lists the errors that only the database finds', async () => {
  const file = 'sku,name,price,categoryId\nB,Desk,2,77\nC,Chair,x,\nD,Table,3,\n';
  const answer = await importCsv(server, file, { dryRun: 'true' });
  expect(answer).toMatchObject({ status: 422, imported: 0, failed: 2 });
  expect(columns(answer.errors)).toEqual([
    [2, 'categoryId', 'NO_SUCH_REFERENCE'],
    [3, 'price', 'INVALID_VALUE'],
  ]);
  const skipped = await importCsv(server, file, { dryRun: 'true', onError: 'skip' });
  expect(skipped).toMatchObject({ status: 200, inserted: 1, failed: 2, dryRun: true });
  expect(await stored()).toEqual(before);
});

test('leaves an Idempotency-Key unused', async () => {
  const post = (query: string) =>
    send(
      server,
      {
        method: 'POST',
        key: server.adminKey,
        headers: { 'content-type': 'text/csv', 'idempotency-key': 'dry' },
        body: 'sku,name,price\nB,Desk,2\n',
      },
      `?entity=products${query}`,
    );
  expect(await post('&dryRun=true')).toMatchObject({ inserted: 1, dryRun: true });
  expect(await post('')).toMatchObject({ status: 200, inserted: 1 });
  expect(await stored()).toHaveLength(2);
});

test('needs the permission to write, as the import does', async () => {
  const key = await server.createKey('read');
  const answer = await importCsv(server, 'sku,name,price\nB,Desk,2\n', { key, dryRun: 'true' });
  expect(answer).toMatchObject({ status: 403, error: { code: 'SCOPE_MISSING' } });
});

test('is true or false', async () => {
  const answer = await importCsv(server, 'sku,name,price\nB,Desk,2\n', { dryRun: 'maybe' });
  expect(answer).toMatchObject({ status: 400, error: { code: 'INVALID_VALUE', target: 'dryRun' } });
  expect(await stored()).toEqual(before);
});
