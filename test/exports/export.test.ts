// All rows of a set as a file, in each format, with the words of each API.

import { createServer, request as httpRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { beforeAll, describe, expect, test } from 'vitest';
import { serverForFile } from '../harness.ts';
import { type Exporting, exporting, readCsv, readNdjson, readWorkbook } from './exporting.ts';

let get: Exporting;

const server = serverForFile({ demo: true, env: { TAKE_DEFAULT: '40', TAKE_MAX: '60' } });
beforeAll(() => {
  get = exporting(server);
});

const rowsOf = async (statement: string) => (await server.database.query(statement)).rows;

describe('the formats', () => {
  test('CSV has a header and every row, whatever the page size', async () => {
    const { status, headers, text } = await get('products', { select: 'id,sku,price,category.slug' });
    expect(status).toBe(200);
    expect(headers.get('content-type')).toBe('text/csv; charset=utf-8; header=present');
    expect(headers.get('content-disposition')).toMatch(
      /^attachment; filename="products-\d{4}-\d\d-\d\d\.csv"$/,
    );
    const [header, ...rows] = readCsv(text);
    expect(header).toEqual(['id', 'sku', 'price', 'category.slug']);
    const stored = await rowsOf(
      'SELECT p.id, p.sku, p.price, c.slug FROM "Product" p LEFT JOIN "Category" c ON c.id = p."categoryId" ORDER BY p.id',
    );
    expect(stored.length).toBeGreaterThan(1_000);
    expect(rows).toEqual(stored.map(row => row.map(value => value ?? '')));
  });

  test('NDJSON has a row a line, JSON an array, both nested and with every digit', async () => {
    const options = {
      select: 'id, price, category { slug }, orderItems(take: 1, orderBy: [{id: asc}]) { id }',
      limit: '3',
    };
    const lines = await get('products', { ...options, format: 'ndjson' });
    expect(lines.headers.get('content-type')).toBe('application/x-ndjson');
    const array = await get('products', { ...options, format: 'json' });
    expect(array.headers.get('content-type')).toBe('application/json');
    const query = `products(orderBy: [{id: asc}], take: 3) { ${options.select} }`;
    const queried = await (
      await server.fetch('/api/query', { key: server.adminKey, json: { query } })
    ).text();
    expect(`{"products":${array.text.replaceAll('\n', '')}}`).toBe(queried);
    expect(`{"products":[${lines.text.trimEnd().replaceAll('\n', ',')}]}`).toBe(queried);
    expect(queried).toMatch(/"price":\d+\.\d0,/);
  });

  test('XLSX has numbers and dates as such', async () => {
    const { headers, bytes } = await get('products', {
      select: 'sku,price,active,createdAt,category.name',
      limit: '100',
      format: 'xlsx',
    });
    expect(headers.get('content-type')).toBe(
      'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
    );
    expect(headers.get('content-disposition')).toMatch(/products-.*\.xlsx"$/);
    const [header, ...rows] = await readWorkbook(bytes);
    expect(header).toEqual(['sku', 'price', 'active', 'createdAt', 'category.name']);
    const stored = await rowsOf(
      `SELECT p.sku, p.price, p.active, to_char(p."createdAt", 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), c.name
       FROM "Product" p LEFT JOIN "Category" c ON c.id = p."categoryId" ORDER BY p.id LIMIT 100`,
    );
    expect(rows).toEqual(
      stored.map(([sku, price, active, createdAt, name]) => [
        sku,
        Number(price),
        active === 't',
        new Date(createdAt!),
        name,
      ]),
    );
  });

  test.each([
    [{}, undefined, 'text/csv'],
    [{}, '*/*', 'text/csv'],
    [{}, 'text/html,application/xhtml+xml,*/*;q=0.8', 'text/csv'],
    [{}, 'application/json', 'application/json'],
    [{}, 'application/x-ndjson', 'application/x-ndjson'],
    [{}, 'text/csv;q=0.5, application/jsonl', 'application/x-ndjson'],
    [{}, 'text/csv;q=0, application/json;q=0.1', 'application/json'],
    [{}, 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', 'application/vnd.openxml'],
    [{ format: 'json' }, 'text/csv', 'application/json'],
  ])('%j and Accept: %s give %s', async (options: Record<string, string>, accept, type) => {
    const reply = await get(
      'warehouses',
      { ...options, limit: '1' },
      accept === undefined ? {} : { headers: { accept } },
    );
    expect(reply.headers.get('content-type')).toContain(type);
  });

  test('nothing is done for a client that accepts none of them', async () => {
    const reply = await get('products', {}, { headers: { accept: 'application/pdf' } });
    expect(reply).toMatchObject({ status: 406, body: { error: { code: 'NOT_ACCEPTABLE' } } });
  });

  test.each(['csv', 'ndjson', 'json'])('%s of nothing is a complete file', async format => {
    const { status, text } = await get('products', { select: 'id,sku', where: '{"id":{"lt":0}}', format });
    expect([status, text]).toEqual([200, { csv: 'id,sku\r\n', ndjson: '', json: '[]\n' }[format]]);
  });
});

describe('what is selected', () => {
  test('by default every readable field with a value of its own, but none in a restricted group', async () => {
    const [header] = readCsv((await get('products', { limit: '1' })).text);
    expect(header).toContain('label');
    expect(header).not.toContain('cost');
    expect(header).not.toContain('margin');
    expect(header).not.toContain('category');
    const [all] = readCsv((await get('products', { limit: '1', select: '*' })).text);
    expect(all).toEqual(expect.arrayContaining(['cost', 'margin']));
    const [words] = readCsv((await get('products', { $top: '1' })).text);
    expect(words).toEqual(header);
  });

  test('columns stand in the order in which they are listed', async () => {
    const { text } = await get('products', {
      select: 'category.name, sku, category.parent.slug, id, category.slug',
      limit: '1',
    });
    expect(text.split('\r\n')[0]).toBe('category.name,sku,category.parent.slug,id,category.slug');
    const [row] = await rowsOf(
      `SELECT c.name, p.sku, a.slug, p.id, c.slug FROM "Product" p JOIN "Category" c ON c.id = p."categoryId"
       LEFT JOIN "Category" a ON a.id = c."parentId" ORDER BY p.id LIMIT 1`,
    );
    expect(readCsv(text)[1]).toEqual(row!.map(value => value ?? ''));
  });

  test('aliases name the columns', async () => {
    const { text } = await get('products', { select: 'number: sku, category { section: name }', limit: '1' });
    expect(text.split('\r\n')[0]).toBe('number,category.section');
  });

  test('only the fields that an import takes, where that is said', async () => {
    const [header] = readCsv((await get('products', { select: '*', importable: 'true', limit: '1' })).text);
    expect(header).toContain('cost');
    for (const name of ['id', 'updatedAt', 'label', 'margin']) expect(header).not.toContain(name);
    const [keyed] = readCsv((await get('orderItems', { importable: 'true', limit: '1' })).text);
    expect(keyed).toContain('id');
  });

  test('lists of related records are JSON in a cell of CSV and XLSX', async () => {
    const select = 'id, orderItems(take: 2, orderBy: [{id: asc}]) { id quantity }';
    const where = '{"orderItems":{"some":{}}}';
    const { body } = await get('products', { select, where, limit: '1', format: 'json' });
    const [, csv] = readCsv((await get('products', { select, where, limit: '1' })).text);
    expect(JSON.parse(csv![1]!)).toEqual(body[0].orderItems);
    const [, cells] = await readWorkbook(
      (await get('products', { select, where, limit: '1', format: 'xlsx' })).bytes,
    );
    expect(JSON.parse(cells![1] as string)).toEqual(body[0].orderItems);
  });

  test('a list that does not fit into a row is refused, not cut', async () => {
    const many = { select: 'id, products { id }', where: '{"products":{"some":{}}}', format: 'ndjson' };
    const refused = await get('categories', many);
    expect(refused.status).toBe(400);
    expect(JSON.parse(refused.text).error).toMatchObject({
      code: 'LIMIT_EXCEEDED',
      hint: expect.stringContaining('products(take: 10)'),
    });
    const cut = await get('categories', { ...many, select: 'id, products(take: 10) { id }' });
    expect(cut.status).toBe(200);
  });

  test('where, orderBy and search are those of the Query API', async () => {
    const options = {
      where: '{"stock":{"gt":10},"NOT":{"category":{"is":{"slug":{"equals":"lamps"}}}}}',
      search: 'oak',
    };
    const { body } = await get('products', {
      ...options,
      select: 'id',
      orderBy: '[{"price":"desc"},{"id":"asc"}]',
      format: 'json',
    });
    const query = `products(where: {stock: {gt: 10}, NOT: {category: {is: {slug: {equals: "lamps"}}}}}, search: "oak", orderBy: [{price: desc}, {id: asc}], take: 60) { id }`;
    const queried = await server.fetch('/api/query', { key: server.adminKey, json: { query } });
    const { products } = await queried.json();
    expect(body.slice(0, 60)).toEqual(products);
    expect(body.length).toBeGreaterThan(0);
    const shorter = await get('products', {
      ...options,
      select: 'id',
      orderBy: 'price desc, id',
      format: 'json',
    });
    expect(shorter.body).toEqual(body);
  });

  test("OData's words are those of the OData API", async () => {
    const options = {
      $filter: "contains(name,'Oak') and price gt 20",
      $select: 'id,name',
      $expand: 'category($select=name)',
      $orderby: 'price desc,id',
      $top: '70',
    };
    const { body } = await get('products', { ...options, format: 'json' });
    const url = `/odata/products?${new URLSearchParams(options)}`;
    const headers = { accept: 'application/json;odata.metadata=none' };
    const { value } = await (await server.fetch(url, { key: server.adminKey, headers })).json();
    expect(body.slice(0, 40)).toEqual(value.slice(0, 40));
    expect(body).toHaveLength(70);
    const csv = readCsv((await get('products', options)).text);
    expect(csv[0]).toEqual(['id', 'name', 'category.name']);
  });

  test('a long query comes in a body', async () => {
    const where = { id: { in: Array.from({ length: 900 }, (_, index) => index + 1) } };
    const json = { select: ['id', 'sku'], where, orderBy: [{ id: 'desc' }], format: 'ndjson', limit: 100 };
    const { text } = await get('products', {}, { json });
    expect(readNdjson(text).map(({ id }) => id)).toEqual(
      Array.from({ length: 100 }, (_, index) => 900 - index),
    );
    const odata = await get(
      'products',
      { format: 'ndjson' },
      { json: { $filter: 'id le 5', $select: 'id' } },
    );
    expect(readNdjson(odata.text)).toHaveLength(5);
  });
});

describe('CSV', () => {
  beforeAll(async () => {
    await server.database.query(`INSERT INTO "Supplier" (code, name, country) VALUES
      ('Q1', '=1+1', 'AT'), ('Q2', 'a;b,"c"', 'AT'), ('Q3', E'two\\r\\nlines', 'AT'), ('Q4', '', 'AT'), ('Q5', 'Łódź €', 'PL')`);
  });
  const quirky = { select: 'code,name', where: '{"code":{"startsWith":"Q"}}' };

  test('is quoted and guarded', async () => {
    expect((await get('suppliers', quirky)).text).toBe(
      'code,name\r\nQ1,\'=1+1\r\nQ2,"a;b,""c"""\r\nQ3,"two\r\nlines"\r\nQ4,""\r\nQ5,Łódź €\r\n',
    );
    const kept = await get('suppliers', { ...quirky, formulas: 'keep' });
    expect(kept.text).toContain('Q1,=1+1\r\n');
  });

  test.each([
    ['semicolon', ';'],
    [';', ';'],
    ['tab', '\t'],
    ['pipe', '|'],
  ])('with the delimiter %s', async (delimiter, character) => {
    const rows = readCsv((await get('suppliers', { ...quirky, delimiter })).text, character);
    expect(rows.slice(0, 3)).toEqual([
      ['code', 'name'],
      ['Q1', "'=1+1"],
      ['Q2', 'a;b,"c"'],
    ]);
  });

  test.each([
    ['utf-8', 'utf-8', ''],
    ['utf-8-bom', 'utf-8', '\ufeff'],
    ['utf-16le', 'utf-16le', '\ufeff'],
  ])('in %s', async (encoding, charset, mark) => {
    const { bytes, headers } = await get('suppliers', { ...quirky, encoding });
    const text = new TextDecoder(charset, { fatal: true, ignoreBOM: true }).decode(bytes);
    expect(text.startsWith(`${mark}code,name\r\n`)).toBe(true);
    expect(text).toContain('Łódź €');
    expect(headers.get('content-type')).toBe(`text/csv; charset=${charset}; header=present`);
  });

  test('in windows-1252, as long as it has the characters', async () => {
    const western = { ...quirky, where: '{"code":{"equals":"Q2"}}', encoding: 'windows-1252' };
    expect((await get('suppliers', western)).headers.get('content-type')).toContain('windows-1252');
    const refused = await get('suppliers', { ...quirky, encoding: 'windows-1252' });
    expect(refused).toMatchObject({
      status: 400,
      body: { error: { code: 'INVALID_VALUE', target: 'encoding' } },
    });
  });

  test('without a header', async () => {
    const { text, headers } = await get('suppliers', { ...quirky, header: 'false' });
    expect(text.startsWith("Q1,'=1+1\r\n")).toBe(true);
    expect(headers.get('content-type')).toContain('header=absent');
  });
});

describe('an export that is long', () => {
  test('goes on after the last cursor that arrived', async () => {
    const options = {
      select: 'id,sku',
      orderBy: 'sku desc',
      format: 'ndjson',
      cursors: 'true',
      limit: '250',
    };
    const whole = readNdjson((await get('products', options)).text);
    expect(whole.at(-1)).toEqual({ '@end': true, rows: 250 });
    const rows = whole.filter(line => 'id' in line);
    const at = whole.findLastIndex(line => '@cursor' in line);
    const after = whole[at]!['@cursor'] as string;
    const rest = readNdjson((await get('products', { ...options, after })).text).filter(line => 'id' in line);
    expect([...whole.slice(0, at).filter(line => 'id' in line), ...rest]).toEqual(rows);
    expect(rest.length).toBeGreaterThan(0);
    const csv = readCsv(
      (await get('products', { select: 'id,sku', orderBy: 'sku desc', header: 'false', after })).text,
    );
    expect(csv.length).toBe(rest.length);
  });

  test('is compressed where that is accepted', async () => {
    const accepted = { headers: { 'accept-encoding': 'gzip' } };
    for (const format of ['csv', 'ndjson', 'json']) {
      const plain = await get('products', { select: 'id,sku,name', format });
      const { bytes, headers } = await get('products', { select: 'id,sku,name', format }, accepted);
      expect(headers.get('content-encoding'), format).toBe('gzip');
      expect(gunzipSync(bytes).equals(plain.bytes)).toBe(true);
    }
    const { headers } = await get('products', { select: 'id,sku,name', format: 'xlsx' }, accepted);
    expect(headers.get('content-encoding')).toBe(null);
  });

  test('is cut off by an error, and so is never taken for complete', async () => {
    await server.database.query(
      `INSERT INTO "Supplier" (code, name, country) SELECT 'L' || n, repeat('x', 1000), 'DE' FROM generate_series(1, 4000) n`,
    );
    const [[last]] = (await rowsOf('SELECT max(id) FROM "Supplier"')) as [[string]];
    for (const format of ['csv', 'ndjson', 'json']) {
      const options = { $filter: `1 div (id sub ${last}) le 1`, $orderby: 'id', format };
      const path = `/api/export/suppliers?${new URLSearchParams(options)}`;
      const broken = await server.fetch(path, { key: server.adminKey });
      expect(broken.status).toBe(200);
      await expect(broken.text()).rejects.toThrow();
    }
  });

  test('over a socket, the connection ends without the last chunk', async () => {
    const listener = createServer(server.app.listener);
    await new Promise<void>(resolve => listener.listen(0, '127.0.0.1', resolve));
    try {
      const [[last]] = (await rowsOf('SELECT max(id) FROM "Supplier"')) as [[string]];
      const { port } = listener.address() as AddressInfo;
      const options = new URLSearchParams({ $filter: `1 div (id sub ${last}) le 1`, $orderby: 'id' });
      const failure = await new Promise<unknown>((resolve, reject) => {
        const headers = { 'x-api-key': server.adminKey };
        httpRequest({ port, path: `/api/export/suppliers?${options}`, headers }, response => {
          response.resume();
          response.once('end', () => reject(new Error('It ended as if it were complete.')));
          response.once('error', resolve);
        }).end();
      });
      expect(failure).toMatchObject({ code: 'ECONNRESET' });
    } finally {
      listener.close();
    }
  });

  test('ends with its client', async () => {
    const path = '/api/export/suppliers?select=code,name';
    for (const format of ['csv', 'xlsx', 'ndjson']) {
      const left = await server.fetch(`${path}&format=${format}`, { key: server.adminKey });
      const reader = left.body!.getReader();
      await reader.read();
      await reader.cancel();
    }
    expect((await get('products', { select: 'id', limit: '1' })).status).toBe(200);
  });

  test('may also be short: no row at all', async () => {
    expect((await get('products', { limit: '0', select: 'id' })).text).toBe('id\r\n');
    expect((await get('products', { limit: '0', select: 'nope' })).status).toBe(400);
  });
});

describe('what is refused', () => {
  test.each<[set: string, options: Record<string, string>, status: number, code: string]>([
    ['produkts', {}, 404, 'NOT_FOUND'],
    ['products/1', {}, 404, 'NOT_FOUND'],
    ['products', { select: 'nope' }, 400, 'UNKNOWN_FIELD'],
    ['products', { select: 'category.nope' }, 400, 'UNKNOWN_FIELD'],
    ['products', { select: 'nope.*' }, 400, 'UNKNOWN_FIELD'],
    ['products', { select: 'id {' }, 400, 'SYNTAX_ERROR'],
    ['products', { select: 'mutation { id }' }, 400, 'INVALID_OPERATION'],
    ['products', { select: '...F fragment F on Category { id }' }, 400, 'INVALID_OPERATION'],
    ['products', { where: '{"nope":1}' }, 400, 'UNKNOWN_FIELD'],
    ['products', { where: '{"price":' }, 400, 'INVALID_JSON'],
    ['products', { where: `${'{"AND":['.repeat(80)}{}${']}'.repeat(80)}` }, 400, 'LIMIT_EXCEEDED'],
    ['products', { orderBy: 'price sideways' }, 400, 'INVALID_VALUE'],
    ['products', { $filter: 'nope eq 1' }, 400, 'UNKNOWN_FIELD'],
    ['products', { $filter: '1 div 0 eq 1' }, 400, 'INVALID_VALUE'],
    ['products', { $apply: 'aggregate($count as n)' }, 400, 'UNKNOWN_OPTION'],
    ['products', { $filter: 'id eq 1', where: '{}' }, 400, 'INVALID_OPERATION'],
    ['products', { formt: 'csv' }, 400, 'UNKNOWN_OPTION'],
    ['products', { format: 'pdf' }, 400, 'INVALID_VALUE'],
    ['products', { format: 'json', delimiter: 'tab' }, 400, 'INVALID_OPERATION'],
    ['products', { cursors: 'true' }, 400, 'INVALID_OPERATION'],
    ['products', { encoding: 'ebcdic' }, 400, 'INVALID_VALUE'],
    ['products', { delimiter: 'x' }, 400, 'INVALID_VALUE'],
    ['products', { header: 'perhaps' }, 400, 'INVALID_VALUE'],
    ['products', { limit: '-1' }, 400, 'INVALID_VALUE'],
    ['products', { after: 'nonsense' }, 400, 'INVALID_VALUE'],
  ])('%s %j: %i %s', async (set, options, status, code) => {
    const reply = await get(set, options);
    expect(reply, reply.text).toMatchObject({ status, body: { error: { code } } });
    expect(reply.headers.get('content-disposition')).toBe(null);
  });

  test('an error says where in the selection it is', async () => {
    const { body } = await get('products', { select: 'id,\ncategory { nope }' });
    expect(body.error).toMatchObject({ location: { line: 2, column: 12 } });
  });

  test('an option that is sent twice, or in a body of another type', async () => {
    const twice = await get('products', { limit: '1' }, { json: { limit: 2 } });
    expect(twice.body.error.code).toBe('MALFORMED_REQUEST');
    const xml = { method: 'POST', body: '<a/>', headers: { 'content-type': 'application/xml' } };
    expect((await get('products', {}, xml)).status).toBe(415);
    expect((await get('products', {}, { json: [1] })).body.error.code).toBe('MALFORMED_REQUEST');
  });

  test('other methods', async () => {
    expect((await get('products', {}, { method: 'DELETE' })).status).toBe(405);
  });
});

describe('permission', () => {
  test('no credential, an unknown one, and one for other sets', async () => {
    expect((await server.fetch('/api/export/products')).status).toBe(401);
    expect((await exporting(server, 'nope')('products')).status).toBe(401);
    const other = exporting(server, await server.createKey('customers:read'));
    expect(await other('products')).toMatchObject({
      status: 403,
      body: { error: { code: 'SCOPE_MISSING' } },
    });
    expect((await other('products', { $top: '1' })).status).toBe(403);
    // What does not exist for the caller is not named.
    expect((await other('produkts')).body.error.hint).not.toContain('products');
  });

  test.each<Record<string, string>>([
    { select: 'cost' },
    { select: 'margin' },
    { select: 'id', where: '{"cost":{"gt":1}}' },
    { select: 'id', orderBy: 'cost' },
    { select: 'id, supplier { code }' },
    { select: 'supplier.code' },
    { select: 'supplier.*' },
    { $select: 'cost' },
    { $filter: 'cost gt 1' },
    { $expand: 'supplier' },
  ])('of %j', async options => {
    const limited = exporting(server, await server.createKey('products:read', 'categories:read'));
    const { status, body } = await limited('products', options);
    expect([status, body?.error.code]).toEqual([403, 'SCOPE_MISSING']);
  });

  test('a restricted field is exported only when it is named, or everything is', async () => {
    const key = await server.createKey('products:read', 'products.cost:read');
    const limited = exporting(server, key);
    const header = async (options: Record<string, string>) =>
      readCsv((await limited('products', { ...options, limit: '1' })).text)[0];
    expect(await header({})).not.toContain('cost');
    expect(await header({ select: 'sku,cost' })).toEqual(['sku', 'cost']);
    expect(await header({ select: '*' })).toContain('cost');
    const without = exporting(server, await server.createKey('products:read'));
    expect(readCsv((await without('products', { select: '*', limit: '1' })).text)[0]).not.toContain('cost');
  });
});
