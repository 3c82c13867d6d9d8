// The tables of docs/reference/odata-conformance.md: every line names a test that is there, and what is not served says so.

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startServer, type TestServer } from '../harness.ts';
import { client, type Get } from './client.ts';

const text = readFileSync(join(import.meta.dirname, '../../docs/reference/odata-conformance.md'), 'utf8');

let server: TestServer;
let get: Get;

beforeAll(async () => {
  server = await startServer();
  get = client(server);
});
afterAll(() => server.close());

test('every line names tests that are there', () => {
  const tables = text.split(/^## /m).filter(part => part.includes('| statement | test |'));
  const lines = tables.flatMap(part => part.split('\n').filter(line => /^\| (?!statement|---)/.test(line)));
  expect(lines.length).toBeGreaterThan(40);
  for (const line of lines) {
    const named = [
      ...line
        .split('|')
        .at(-2)!
        .matchAll(/`([^`]+)`/g),
    ].map(([, name]) => name!);
    expect([line, named.length]).not.toEqual([line, 0]);
    for (const name of named)
      expect([name, existsSync(join(import.meta.dirname, `${name}.test.ts`))]).toEqual([name, true]);
  }
});

test.each([
  '/products?$apply=groupby((rollup(categoryId,supplierId)))',
  '/products?$apply=topsum(5,price)',
  '/products?$apply=concat(identity,identity)/top(1)',
  '/products?$apply=groupby((active))&$expand=category',
  '/categories?$expand=products($apply=aggregate(stock))',
  '/products/1',
  '/$crossjoin(products,categories)',
  '/$all',
])('%s is not served', async path => {
  expect((await get(path)).status).toBe(501);
});
