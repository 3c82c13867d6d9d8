import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { serverForFile } from '../harness.ts';
import { onPort, portolan } from './run.ts';

const server = serverForFile();
const folder = mkdtempSync(join(tmpdir(), 'portolan-export-'));
const target = join(folder, 'products.out');
let http: Awaited<ReturnType<typeof onPort>>;
beforeAll(async () => {
  http = await onPort(server);
  const path = join(folder, 'in.csv');
  writeFileSync(path, 'sku,name,price\nA-1,Lamp,9.50\nB-2,Bulb,0.90\nC-3,Shade,20\n');
  expect(await portolan(['import', path, '--entity', 'products'], http.env)).toMatchObject({ code: 0 });
});
afterAll(() => {
  http.close();
  rmSync(folder, { recursive: true, force: true });
});

const run = (...args: string[]) => portolan(['export', ...args, '-o', target], http.env);

test.each([
  [[], /^.*sku.*\r\n/],
  [
    ['--select', 'sku, price', '--order-by', 'price desc', '--limit', '2'],
    'sku,price\r\nC-3,20.00\r\nA-1,9.50\r\n',
  ],
  [['--select', 'sku', '--where', '{"price": {"lt": 5}}'], 'sku\r\nB-2\r\n'],
  [['--select', 'sku', '--search', 'lamp', '--format', 'ndjson'], '{"sku":"A-1"}\n'],
  [['--format', 'xlsx'], /^PK/],
])('products %j', async (args, content) => {
  const { code, out, err } = await run('products', ...args);
  expect([code, out, err]).toEqual([0, '', expect.stringMatching(/: \d+ bytes written\.$/)]);
  expect(readFileSync(target, 'latin1')).toEqual(
    content instanceof RegExp ? expect.stringMatching(content) : content,
  );
  rmSync(target);
});

test.each([
  [['prodcts'], 1, 'Did you mean "products"?'],
  [['products', '--select', 'skuu'], 1, 'skuu'],
  [['products', '--where', '{'], 1, 'where'],
  [['products', '--limit', 'many'], 1, '"limit" must be a whole number'],
  [['products', '--format', 'parquet'], 2, 'csv, xlsx, ndjson, json'],
  [[], 2, 'Missing required argument "SET".'],
])('%j is refused, and leaves no file', async (args, code, message) => {
  const outcome = await run(...args);
  expect(outcome).toMatchObject({ code, out: '', err: expect.stringContaining(message) });
  expect([existsSync(target), existsSync(`${target}.part`)]).toEqual([false, false]);
});

test('a key without the scope is refused', async () => {
  const env = { ...http.env, PORTOLAN_API_KEY: await server.createKey('orders:read') };
  expect(await portolan(['export', 'products', '-o', target], env)).toMatchObject({ code: 1, out: '' });
  expect(existsSync(target)).toBe(false);
});

test('an export that is cut off keeps the file that was there', async () => {
  writeFileSync(target, 'of yesterday');
  const breaking = createServer((_, response) => {
    response.write('sku\r\n', () => setTimeout(() => response.destroy(), 50));
  });
  await new Promise<void>(resolve => void breaking.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(breaking.address() as AddressInfo).port}`;
  expect(await run('products', '--url', url)).toEqual({
    code: 1,
    out: '',
    err: 'The export was cut off. See the server log, and run the command again.',
  });
  expect([readFileSync(target, 'utf8'), existsSync(`${target}.part`)]).toEqual(['of yesterday', false]);
  breaking.close();
});
