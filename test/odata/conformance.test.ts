// The tables of docs/reference/odata-conformance.md: every line names a test that is there, and what is not served says so.

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { serverForFile } from '../harness.ts';
import { client, type Get } from './client.ts';

const text = readFileSync(join(import.meta.dirname, '../../docs/reference/odata-conformance.md'), 'utf8');

let get: Get;

const server = serverForFile();
beforeAll(async () => {
  get = client(server);
});

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
  ...[
    'length([1,2]) eq 2',
    "contains(['a','b'],['a'])",
    "hassubset(['a','b'],['a'])",
    'hassubsequence([1],[1])',
    '[1,2] eq [1,2]',
    "contains(tags,['a'])",
    "startswith(tags,['a'])",
    'endswith(tags,tags)',
    "indexof(tags,['a']) eq 0",
    'length(tags) eq 2',
    'substring(tags,1) eq tags',
    "concat(tags,['a']) eq tags",
    'case(true:tags) eq tags',
    '$it eq {"id":1}',
    '{"id":1} ne $it',
    '$it eq $it',
    '$it in ({"id":1})',
    'category eq {"id":1}',
    'category eq $root/categories(1)',
    'not (category ne $it)',
    'isdefined(name)',
    'isdefined($it/@Core.Computed)',
    '@Core.Messages/any()',
    '@Core.Messages/any(m:m/code eq 1)',
    '@Core.Messages/$count gt 1',
    'tags/@Core.Messages/any()',
    "'x' in @Core.Messages",
  ].map(filter => `/products?$filter=${encodeURIComponent(filter)}`),
  '/products?$orderby=length(tags)',
  '/products?$orderby=@Core.Messages/$count',
  '/products?$compute=length(tags) as n',
  '/products?$expand=@Core.Messages',
  '/products?$select=@Core.Messages',
  '/products(1)/@Core.Messages',
  '/products(1)/name/@Core.Messages',
  '/$all',
])('%s is not served', async path => {
  expect((await get(path)).status).toBe(501);
});
