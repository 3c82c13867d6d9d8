// Sets as CSV.

import { beforeAll, describe, expect, test } from 'vitest';
import { serverForFile } from '../harness.ts';
import { client, type Get } from './client.ts';

let get: Get;

const server = serverForFile({ demo: true, env: { TAKE_DEFAULT: '40', TAKE_MAX: '60' } });
beforeAll(async () => {
  get = client(server);
  await server.database.query(`INSERT INTO "Product" (sku, name, price, stock, weight, tags, attributes, description) VALUES
    ('F1', '=1+1', -1.50, -3, -0.5, '{"=a",b}', '{"a":"=x, \\"y\\""}', ''),
    ('F2', '+49 151', 10.00, 0, null, '{}', null, null),
    ('F3', '-5', 0.10, 0, 1e-7, '{"x|y"}', '[1,2]', ' blank '),
    ('F4', E'\\tx', 12345678.90, 1, 1, '{a}', '"=1"', E'two\\r\\nlines'),
    ('F5', '@SUM(A1)', 1, 1, 1, '{a,b}', '-1', 'say "hi", world'),
    ('F6', E'\\r=1', 1, 1, 1, '{" a"}', 'true', '-2+3'),
    ('F7', 'plain – ß', 1, 1, 1, '{}', null, '1e5')`);
});

const csv = { accept: 'text/csv' };

/** A reader of RFC 4180, written from its grammar. */
function read(text: string): string[][] {
  const rows: string[][] = [];
  let at = 0;
  while (at < text.length) {
    const row: string[] = [];
    for (;;) {
      const [, quoted, plain] = /^(?:"((?:[^"]|"")*)"|([^",\r\n]*))/.exec(text.slice(at, at + 5_000))!;
      at += quoted === undefined ? plain!.length : quoted.length + 2;
      row.push(quoted?.replaceAll('""', '"') ?? plain!);
      if (text[at] !== ',') break;
      at++;
    }
    expect(text.slice(at, at + 2)).toBe('\r\n');
    at += 2;
    rows.push(row);
  }
  return rows;
}

describe('text/csv', () => {
  test('has a header and a line for each row, whatever the page size', async () => {
    const reply = await get('/products?$select=id,sku,price&$orderby=id desc', csv);
    expect(reply.status).toBe(200);
    expect(reply.headers.get('content-type')).toBe('text/csv;charset=utf-8;header=present');
    expect(reply.headers.get('content-disposition')).toBe('attachment; filename="products.csv"');
    expect(reply.headers.get('odata-version')).toBe('4.0');
    const [header, ...rows] = read(reply.text);
    expect(header).toEqual(['id', 'sku', 'price']);
    const stored = await server.database.query('SELECT id, sku, price FROM "Product" ORDER BY id DESC');
    expect(stored.rows.length).toBeGreaterThan(60);
    expect(rows).toEqual(stored.rows);
  });

  test('makes formulas harmless and leaves numbers as they are', async () => {
    const path =
      '/products?$filter=length(sku) eq 2&$orderby=sku&$select=name,price,stock,weight,tags,attributes,description';
    const { text } = await get(path, csv);
    expect(text).toBe(
      [
        'name,price,stock,weight,tags,attributes,description',
        `'=1+1,-1.50,-3,-0.5,'=a|b,"{""a"": ""=x, \\""y\\""""}",""`,
        `'+49 151,10.00,0,,[],,`,
        `-5,0.10,0,1e-07,"[""x|y""]","[1, 2]"," blank "`,
        `'\tx,12345678.90,1,1,a,"""=1""","two\r\nlines"`,
        `'@SUM(A1),1.00,1,1,a|b,-1,"say ""hi"", world"`,
        `"'\r=1",1.00,1,1,"["" a""]",true,'-2+3`,
        'plain – ß,1.00,1,1,[],,1e5',
        '',
      ].join('\r\n'),
    );
  });

  test('honours $filter, $orderby, $skip and $top', async () => {
    const { text } = await get(
      '/products?$select=id&$filter=stock gt 0&$orderby=price,id&$skip=3&$top=100',
      csv,
    );
    const { rows } = await server.database.query(
      'SELECT id FROM "Product" WHERE stock > 0 ORDER BY price, id LIMIT 100 OFFSET 3',
    );
    expect(read(text).slice(1)).toEqual(rows);
  });

  test('has what single relations lead to in columns of their own', async () => {
    const { text } = await get(
      '/products?$select=id&$expand=category($select=name;$expand=parent($select=slug))&$orderby=id',
      csv,
    );
    const { rows } = await server.database.query(
      `SELECT p.id, c.name, a.slug FROM "Product" p LEFT JOIN "Category" c ON c.id = p."categoryId"
       LEFT JOIN "Category" a ON a.id = c."parentId" ORDER BY p.id`,
    );
    const [header, ...lines] = read(text);
    expect(header).toEqual(['id', 'category/name', 'category/parent/slug']);
    expect(lines).toEqual(rows.map(row => row.map(value => value ?? '')));
  });

  test('of related entities, and of nothing', async () => {
    const { rows } = await server.database.query(
      'SELECT id FROM "Product" WHERE "categoryId" = 5 ORDER BY id',
    );
    expect(read((await get('/categories(5)/products?$select=id', csv)).text)).toEqual([['id'], ...rows]);
    expect((await get('/products?$filter=false&$select=id,name', csv)).text).toBe('id,name\r\n');
    expect((await get('/categories(99999)/products?$select=id', csv)).status).toBe(404);
  });

  test('of everything that may be read, and of no more', async () => {
    const key = await server.createKey('products:read');
    const reply = await client(server, key)('/products?$top=1', csv);
    const [header] = read(reply.text);
    expect(header).toContain('label');
    expect(header).not.toContain('cost');
    expect(header).not.toContain('margin');
    expect((await client(server, key)('/products?$select=cost', csv)).status).toBe(403);
    expect((await client(server, key)('/customers', csv)).status).toBe(403);
    expect((await client(server, 'nope')('/products', csv)).status).toBe(401);
  });

  test.each<readonly [accept: string | undefined, query: string, type: string]>([
    ['text/csv', '', 'text/csv'],
    ['text/csv, */*;q=0.1', '', 'text/csv'],
    ['text/csv, */*', '', 'text/csv'],
    ['TEXT/CSV; charset=utf-8; header=absent', '', 'text/csv'],
    ['application/json;q=0.5, text/csv', '', 'text/csv'],
    ['application/json, text/csv', '', 'application/json'],
    ['*/*', '', 'application/json'],
    ['text/csv;q=0, */*', '', 'application/json'],
    [undefined, '&$format=csv', 'text/csv'],
    ['application/json', '&$format=text/csv', 'text/csv'],
  ])('is chosen by %s and %s', async (accept, query, type) => {
    const reply = await get(`/products?$select=id&$top=1${query}`, accept === undefined ? {} : { accept });
    expect(reply.headers.get('content-type')).toMatch(new RegExp(`^${type}\\b`));
  });

  test.each<readonly [path: string, status: number]>([
    ['/products(1)', 406],
    ['/products/$count', 406],
    ['/', 406],
    ['/categories?$expand=products', 400],
    ['/products?$filter=nope eq 1', 400],
    ['/products?$filter=1 div 0 eq 1', 400],
  ])('is not served for %s', async (path, status) => {
    const reply = await get(path, csv);
    expect(reply.status, reply.text).toBe(status);
    expect(reply.body.error.code).toEqual(expect.any(String));
  });

  test('streams a long response, and stops when the client disconnects', async () => {
    await server.database.query(
      `INSERT INTO "Supplier" (code, name, country) SELECT 'L' || n, repeat('x', 1000), 'DE' FROM generate_series(1, 6000) n`,
    );
    const whole = await get('/suppliers?$select=code,name&$orderby=id', csv);
    expect(whole.headers.get('content-length')).toBeNull();
    const lines = read(whole.text);
    expect(new Set(lines.map(([code]) => code)).size).toBe(lines.length);
    expect(lines.length).toBeGreaterThan(6_000);
    const left = await server.fetch('/odata/suppliers?$select=code,name', {
      key: server.adminKey,
      headers: csv,
    });
    const reader = left.body!.getReader();
    await reader.read();
    await reader.cancel();
    expect((await get('/products?$top=1&$select=id', csv)).status).toBe(200);
    // What goes wrong when much has been sent already cuts the answer off, so that nobody takes it for the whole.
    const [[last]] = (await server.database.query('SELECT max(id) FROM "Supplier"')).rows as [[string]];
    const path = `/odata/suppliers?$filter=1 div (id sub ${last}) le 1&$orderby=id`;
    const broken = await server.fetch(path, { key: server.adminKey, headers: csv });
    expect(broken.status).toBe(200);
    await expect(broken.text()).rejects.toThrow();
  });
});
