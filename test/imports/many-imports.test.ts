import { beforeEach, expect, test } from 'vitest';
import { KeyTable } from '../../src/imports/rows/key-table.ts';
import { Slots } from '../../src/imports/upload/slots.ts';
import { serverForFile } from '../harness.ts';
import { importCsv, rowsOf } from './import-csv.ts';

const server = serverForFile();
beforeEach(async () => {
  await server.database.query('TRUNCATE "Product" RESTART IDENTITY CASCADE');
});

const numbers = Array.from({ length: 3000 }, (_, i) => i);
const file = (name: string, order: readonly number[]) =>
  `sku,name,price\n${order.map(number => `S${number},${name},1`).join('\n')}`;

test('imports that meet the same rows in different order all end well, one after the other', async () => {
  const names = ['a', 'b', 'c', 'd', 'e', 'f'];
  const answers = await Promise.all(
    names.map((name, i) => importCsv(server, file(name, i % 2 ? numbers : numbers.toReversed()))),
  );
  for (const answer of answers) expect(answer).toMatchObject({ status: 200, imported: 3000, failed: 0 });
  expect(answers.reduce((sum, answer) => sum + answer.inserted, 0)).toBe(3000);
  const [{ count } = { count: 0 }] = await rowsOf<{ count: number }>(
    server,
    'SELECT count(DISTINCT name) FROM "Product"',
  );
  expect(count).toBe(1);
});

test('reads go on while imports run, whatever their number', async () => {
  const imports = Array.from({ length: 8 }, (_, i) => importCsv(server, file(`n${i}`, numbers)));
  for (let i = 0; i < 5; i++) {
    const response = await server.fetch('/api/query', {
      key: server.adminKey,
      json: { query: 'suppliers { id }' },
    });
    expect(response.status).toBe(200);
  }
  for (const answer of await Promise.all(imports)) expect(answer.status).toBe(200);
});

test('finds every repeated key of a large file', async () => {
  const table = new KeyTable();
  const keys = Array.from({ length: 100_000 }, (_, i) => `key ${i}`);
  for (const [i, key] of keys.entries()) expect(table.add(key, i + 2)).toBeUndefined();
  for (const i of [0, 1, 4095, 50_000, 99_999]) expect(table.add(keys[i]!, 7)).toBe(i + 2);
});

test('a slot that a waiting client gives up goes to the next', async () => {
  const slots = new Slots(1);
  const never = new AbortController().signal;
  const gone = new AbortController();
  let end = () => {};
  const first = slots.run(() => new Promise<void>(resolve => (end = resolve)), never);
  const second = slots.run(async () => 'second', gone.signal);
  const third = slots.run(async () => 'third', never);
  gone.abort(new Error('gone'));
  await expect(second).rejects.toThrow('gone');
  end();
  await first;
  expect(await third).toBe('third');
});
