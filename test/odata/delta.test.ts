// Lists that are followed by their changes.

import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { clearBatch } from '../../src/changes/retention.ts';
import { serverForFile } from '../harness.ts';
import { client, type Get, type Reply } from './client.ts';

let get: Get;
const root = 'https://shop.example/odata';

const server = serverForFile({ env: { PUBLIC_URL: 'https://shop.example' } });
beforeAll(async () => {
  get = client(server);
});

const sql = (text: string) => server.database.query(text);
const track = { prefer: 'odata.track-changes' };

beforeEach(async () => {
  await sql('DELETE FROM "Product"; DELETE FROM "Supplier"');
  await sql(
    `INSERT INTO "Product" (id, sku, name, price, stock) SELECT n, 'S' || n, 'Product ' || n, n + 0.50, n FROM generate_series(1, 5) n`,
  );
});

const deltaOf = (reply: Reply): string => {
  expect(reply.status, reply.text).toBe(200);
  const link = reply.body['@odata.deltaLink'];
  expect(link).toMatch(/^https:\/\/shop\.example\/odata\/.*\$deltatoken=[\w-]+$/);
  return link.slice(root.length);
};

/** @returns the delta link of a list that was read to its end */
const follow = async (path: string): Promise<string> => deltaOf(await get(path, track));

const removed = (set: string, key: string, reason: string) => ({
  '@odata.context': `${root}/$metadata#${set}/$deletedEntity`,
  id: `${root}/${set}(${key})`,
  reason,
});

describe('a list', () => {
  test('has a delta link where the client wants one', async () => {
    const reply = await get('/products?$select=id&$count=true&$orderby=id desc', track);
    expect(reply.headers.get('preference-applied')).toBe('odata.track-changes');
    expect(deltaOf(reply)).toMatch(/^\/products\?\$select=id&\$deltatoken=/);
    expect((await get('/products?$select=id')).body).not.toHaveProperty(['@odata.deltaLink']);
    expect((await get('/products?$select=id', { prefer: 'track-changes' })).body).toHaveProperty([
      '@odata.deltaLink',
    ]);
  });

  test('has it on its last page, from before the first', async () => {
    const first = await get('/products?$select=id', { prefer: 'odata.track-changes,odata.maxpagesize=2' });
    expect(first.headers.get('preference-applied')).toBe('odata.maxpagesize=2, odata.track-changes');
    expect(first.body).not.toHaveProperty(['@odata.deltaLink']);
    await sql('UPDATE "Product" SET stock = 99 WHERE id = 1');
    let reply = first;
    while (reply.body['@odata.nextLink']) {
      reply = await get(reply.body['@odata.nextLink'].slice(root.length), { prefer: 'odata.maxpagesize=2' });
    }
    const { body } = await get(deltaOf(reply));
    expect(body.value).toEqual([{ '@odata.id': `${root}/products(1)`, id: 1 }]);
  });

  test.each([
    "/products?$filter=category/name eq 'x'",
    '/products?$filter=orderItems/any()',
    '/products?$filter=createdAt lt now()',
    '/products?$expand=category',
    '/products?$top=3',
    '/products?$skip=1',
    '/products?$apply=aggregate($count as n)',
    '/products(1)',
    '/products/$count',
  ])('has none where its changes would not tell it all: %s', async path => {
    const reply = await get(path, track);
    expect(reply.status, reply.text).toBe(200);
    expect(reply.text).not.toContain('deltaLink');
    expect(reply.headers.get('preference-applied')).toBeNull();
  });
});

describe('what has changed', () => {
  test('lists changed records as they are now, and deleted ones', async () => {
    const link = await follow('/products?$select=sku,price');
    expect((await get(link)).body.value).toEqual([]);
    await sql('UPDATE "Product" SET price = 7.10 WHERE id = 2');
    await sql('UPDATE "Product" SET price = 7.20 WHERE id = 2');
    await sql('DELETE FROM "Product" WHERE id = 3');
    await sql(
      `INSERT INTO "Product" (id, sku, name, price) VALUES (10, 'S10', 'x', 10), (11, 'S11', 'x', 11)`,
    );
    await sql('DELETE FROM "Product" WHERE id = 11');
    const reply = await get(link);
    expect(reply.body).toEqual({
      '@odata.context': `${root}/$metadata#products(sku,price)/$delta`,
      value: [
        { '@odata.id': `${root}/products(2)`, sku: 'S2', price: 7.2 },
        removed('products', '3', 'deleted'),
        { '@odata.id': `${root}/products(10)`, sku: 'S10', price: 10 },
      ],
      '@odata.deltaLink': expect.stringMatching(/\/odata\/products\?\$select=sku,price&\$deltatoken=/),
    });
    expect(reply.text).toContain('"price":7.20}');
    expect((await get(deltaOf(reply))).body.value).toEqual([]);
    expect((await get(link)).body.value).toHaveLength(3);
  });

  test('uses the 4.01 format for 4.01 clients', async () => {
    const headers = { ...track, 'odata-maxversion': '4.01' };
    const first = await get('/products?$select=id', headers);
    expect(first.headers.get('preference-applied')).toBe('track-changes');
    await sql('DELETE FROM "Product" WHERE id = 3');
    await sql('UPDATE "Product" SET stock = 0 WHERE id = 4');
    const { body } = await get(first.body['@deltaLink'].slice(root.length), headers);
    expect(body).toEqual({
      '@context': `${root}/$metadata#products(id)/$delta`,
      value: [
        { '@removed': { reason: 'deleted' }, '@id': `${root}/products(3)` },
        { '@id': `${root}/products(4)`, id: 4 },
      ],
      '@deltaLink': expect.any(String),
    });
  });

  test('is the same wherever in the URL its filter stands', async () => {
    const link = await follow('/products?$orderby=id desc&$filter=stock ge 3&$select=id');
    expect(link).toMatch(/^\/products\?\$filter=/);
    expect((await get(link)).status).toBe(200);
  });

  test('applies the filter: records that left it are reported as changed', async () => {
    const link = await follow('/products?$select=id&$filter=stock ge 3');
    await sql('UPDATE "Product" SET stock = 0 WHERE id = 3');
    await sql('UPDATE "Product" SET stock = 9 WHERE id = 1');
    await sql('DELETE FROM "Product" WHERE id = 5');
    await sql(
      `INSERT INTO "Product" (id, sku, name, price, stock) VALUES (20, 'S20', 'x', 1, 0), (21, 'S21', 'x', 1, 9)`,
    );
    expect((await get(link)).body.value).toEqual([
      removed('products', '3', 'changed'),
      { '@odata.id': `${root}/products(1)`, id: 1 },
      removed('products', '5', 'deleted'),
      { '@odata.id': `${root}/products(21)`, id: 21 },
    ]);
  });

  test('is held against a search, and against lists of values', async () => {
    const searched = await follow('/products?$select=id&$search=Product');
    const tagged = await follow("/products?$select=id&$filter=tags/any(t:t eq 'new')");
    await sql(`UPDATE "Product" SET name = 'other', tags = '{new}' WHERE id = 2`);
    expect((await get(searched)).body.value).toEqual([removed('products', '2', 'changed')]);
    expect((await get(tagged)).body.value).toEqual([{ '@odata.id': `${root}/products(2)`, id: 2 }]);
  });

  test('comes in pages', async () => {
    const link = await follow('/products?$select=id');
    await sql('UPDATE "Product" SET stock = stock + 1');
    await sql('DELETE FROM "Product" WHERE id = 1');
    const ids: unknown[] = [];
    let next: string | undefined = link;
    let last = '';
    for (let pages = 0; next !== undefined && pages < 10; pages++) {
      const reply: Reply = await get(next, { prefer: 'odata.maxpagesize=2' });
      ids.push(...reply.body.value.map((row: { id: unknown }) => row.id));
      last = reply.body['@odata.deltaLink'] ?? '';
      next = reply.body['@odata.nextLink']?.slice(root.length);
    }
    expect(new Set(ids)).toEqual(new Set([2, 3, 4, 5, `${root}/products(1)`]));
    expect((await get(last.slice(root.length))).body.value).toEqual([]);
  });

  test('of keys of several values and of other types', async () => {
    await sql(
      `INSERT INTO "Warehouse" (id, code, name, city) VALUES (1, 'W1', 'x', 'y') ON CONFLICT DO NOTHING`,
    );
    await sql('INSERT INTO "StockLevel" ("warehouseId", "productId", quantity) VALUES (1, 2, 3), (1, 3, 3)');
    await sql('INSERT INTO "DataSheet" ("productId") VALUES (4)');
    const levels = await follow('/stockLevels?$select=quantity,movements');
    const sheets = await follow('/dataSheets?$select=id');
    await sql('UPDATE "StockLevel" SET movements = 9007199254740993 WHERE "productId" = 2');
    await sql('DELETE FROM "StockLevel" WHERE "productId" = 3');
    const [[id]] = (await sql('DELETE FROM "DataSheet" RETURNING id')).rows as [[string]];
    const reply = await get(levels, { accept: 'application/json;IEEE754Compatible=true' });
    expect(reply.body.value).toEqual([
      {
        '@odata.id': `${root}/stockLevels(warehouseId=1,productId=2)`,
        quantity: 3,
        movements: '9007199254740993',
      },
      removed('stockLevels', 'warehouseId=1,productId=3', 'deleted'),
    ]);
    expect((await get(levels)).text).toContain('"movements":9007199254740993');
    expect((await get(sheets)).body.value).toEqual([removed('dataSheets', id, 'deleted')]);
  });

  test('waits for running transactions, so that nothing is missed', async () => {
    const link = await follow('/products?$select=id');
    let finish = () => {};
    const { promise: written, resolve } = Promise.withResolvers<void>();
    const writing = server.database.transaction(async session => {
      await session.query('UPDATE "Product" SET stock = 50 WHERE id = 1');
      resolve();
      await new Promise<void>(done => {
        finish = done;
      });
    });
    await written;
    if (server.database.kind === 'postgresql') {
      await sql('UPDATE "Product" SET stock = 60 WHERE id = 2');
      const early = await get(link);
      expect(early.body.value).toEqual([]);
      const untracked = await get('/products?$select=id', track);
      expect(untracked.body).not.toHaveProperty(['@odata.deltaLink']);
      finish();
      await writing;
      const late = await get(deltaOf(early));
      expect(late.body.value.map((row: { id: number }) => row.id)).toEqual([1, 2]);
    }
    finish();
    await writing;
  });
});

describe('a delta link', () => {
  const gone = async (path: string, key?: string) => {
    const reply = await client(server, key ?? server.adminKey)(path);
    expect(reply.status, reply.text).toBe(410);
    expect(reply.body.error).toMatchObject({
      code: 'GONE',
      message: expect.stringContaining('Read the list again'),
    });
    expect(reply.headers.get('odata-version')).toBe('4.0');
  };

  test('is good for its own list only', async () => {
    const link = await follow('/products?$select=id&$filter=stock gt 1');
    const token = /\$deltatoken=(.*)/.exec(link)![1]!;
    for (const path of [
      `/products?$select=id&$deltatoken=${token}`,
      `/products?$select=id,name&$filter=stock gt 1&$deltatoken=${token}`,
      `/products?$select=id&$filter=stock gt 2&$deltatoken=${token}`,
      `/suppliers?$select=id&$deltatoken=${token}`,
      `/products(1)?$deltatoken=${token}`,
      '/products?$deltatoken=8015',
      '/products?$deltatoken=',
      `/products?$select=id&$filter=stock gt 1&$deltatoken=${token.slice(0, -3)}AAA`,
    ])
      await gone(path);
    expect(
      (await get(`/products?$select=id&$filter=stock gt 1&$orderby=id&$deltatoken=${token}`)).status,
    ).toBe(200);
  });

  test('is good for those with the same permissions only', async () => {
    const link = await follow('/products?$select=id');
    await gone(link, await server.createKey('products:read'));
    const key = await server.createKey('products:read');
    const other = await client(server, key)('/products', track);
    await sql(
      'UPDATE "Product" SET cost = 1, stock = 7 WHERE id = 1; UPDATE "Product" SET cost = 2 WHERE id = 2',
    );
    const { body } = await client(server, await server.createKey('products:read'))(deltaOf(other));
    expect(body.value).toHaveLength(1);
    expect(body.value[0]).toMatchObject({ id: 1, stock: 7 });
    expect(body.value[0]).not.toHaveProperty('cost');
    expect((await get(link)).body.value.map((row: { id: number }) => row.id)).toEqual([1, 2]);
    expect((await client(server, await server.createKey('customers:read'))(link)).status).toBe(403);
    expect((await client(server, 'nope')(link)).status).toBe(401);
  });

  test('ends with the retention of the change log', async () => {
    const link = await follow('/products?$select=id');
    await sql('UPDATE "Product" SET stock = 1');
    expect((await get(link)).status).toBe(200);
    await sql(`UPDATE portolan.change SET at = now() - interval '200 days'`);
    await clearBatch(server.database, 90);
    await gone(link);
    await follow('/products?$select=id');
  });
});
