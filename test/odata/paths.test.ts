import { beforeAll, describe, expect, test } from 'vitest';
import { serverForFile } from '../harness.ts';
import { client, type Get, pluck } from './client.ts';

let get: Get;

const server = serverForFile({ demo: true });
beforeAll(async () => {
  get = client(server);
});

const metadata = 'http://localhost:3000/odata/$metadata';

describe('an entity by its key', () => {
  test('is answered by itself', async () => {
    const { body } = await get('/products(1)?$select=id,sku');
    expect(body).toEqual({
      '@odata.context': `${metadata}#products(id,sku)/$entity`,
      id: 1,
      sku: expect.any(String),
    });
  });

  test('is found however the key is written', async () => {
    const { sku } = (await get('/products(1)')).body;
    for (const key of [
      '(id=1)',
      `(sku='${sku}')`,
      `(sku=%27${sku}%27)`,
      '%281%29',
      '(@k)?@k=1&',
      '(id=@k)?@k=1&',
      '(1)/',
    ]) {
      const reply = await get(`/products${key}${key.endsWith('&') ? '' : '?'}$select=id`);
      expect(reply.body, key).toMatchObject({ id: 1 });
    }
    const level = (await get('/stockLevels(productId=1,warehouseId=1)')).body;
    expect(level).toMatchObject({ warehouseId: 1, productId: 1 });
    const { id } = (await get('/dataSheets?$top=1')).body.value[0];
    expect((await get(`/dataSheets(${id})`)).body).toMatchObject({ id });
  });

  test('is not found where there is none', async () => {
    for (const path of [
      '/products(0)',
      "/products(sku='nope')",
      '/products(null)',
      '/products(@k)',
      '/products(0)/name',
      '/products(0)/category',
      '/products(0)/orderItems',
      '/products(0)/orderItems/$count',
    ]) {
      const reply = await get(path);
      expect(reply.status, path).toBe(404);
      expect(reply.body.error, path).toMatchObject({ code: 'NOT_FOUND' });
    }
  });

  test('is refused where the key does not fit', async () => {
    expect(await get('/stockLevels(1)')).toMatchObject({
      status: 400,
      body: { error: { code: 'INVALID_OPERATION' } },
    });
    expect(await get('/products(name=%27x%27)')).toMatchObject({ status: 400 });
    expect(await get("/products('x')")).toMatchObject({
      status: 400,
      body: { error: { code: 'INVALID_VALUE' } },
    });
    expect(await get('/products(1,2)')).toMatchObject({
      status: 400,
      body: { error: { code: 'SYNTAX_ERROR' } },
    });
    expect(await get('/products(id=1')).toMatchObject({ status: 400 });
  });

  test('takes no options of a list', async () => {
    for (const option of ['$filter=true', '$orderby=id', '$top=1', '$skip=1', '$count=true']) {
      expect(await get(`/products(1)?${option}`), option).toMatchObject({ status: 400 });
    }
  });
});

describe('a path through relations', () => {
  test('gives what lies at its end', async () => {
    const children = await get('/categories(1)/children?$select=id,parentId&$count=true');
    expect(children.body['@odata.context']).toBe(`${metadata}#categories(id,parentId)`);
    expect(new Set(pluck(children, 'parentId'))).toEqual(new Set([1]));
    expect(children.body['@odata.count']).toBe(children.body.value.length);
    const [{ id }] = (await get('/orders(1)/items?$top=1')).body.value;
    expect((await get(`/orders(1)/items(${id})/product/category`)).status).toBe(200);
    expect((await get('/orders(1)/items/$count?$filter=quantity gt 0')).text).toMatch(/^\d+$/);
  });

  test('goes both ways through many-to-many relations', async () => {
    const [{ id }] = (await get('/collections?$filter=products/any()&$top=1')).body.value;
    const products = pluck(await get(`/collections(${id})/products?$select=id`), 'id');
    expect(products.length).toBeGreaterThan(0);
    expect(pluck(await get(`/products(${products[0]})/collections`), 'id')).toContain(id);
    expect((await get(`/collections(${id})/products(0)`)).status).toBe(404);
  });

  test('finds in a collection by key only what is in it', async () => {
    const other = (await get('/orders(2)/items?$top=1&$select=id')).body.value[0].id;
    expect((await get(`/orders(1)/items(${other})`)).status).toBe(404);
  });

  test('has no content where a single relation leads nowhere', async () => {
    const reply = await get('/categories(1)/parent');
    expect([reply.status, reply.text, reply.headers.get('odata-version')]).toEqual([204, '', '4.0']);
  });

  test('is empty where the entity has nothing related', async () => {
    const [{ id }] = (await get('/categories?$filter=not products/any()&$top=1')).body.value;
    expect((await get(`/categories(${id})/products?$select=id`)).body.value).toEqual([]);
  });
});

describe('a field of an entity', () => {
  test('is answered as a value', async () => {
    expect((await get('/products(1)/id')).body).toEqual({
      '@odata.context': `${metadata}#products(1)/id`,
      value: 1,
    });
    expect((await get('/products(1)/tags')).body.value).toEqual(expect.any(Array));
    expect((await get('/products(1)/category/name')).body['@odata.context']).toBe(
      `${metadata}#products(1)/category/name`,
    );
  });

  test('has a context that a key of any characters does not break', async () => {
    const sku = 'a/b#c?d (1),2';
    await server.database.query('insert into "Product" (sku, name, price) values ($1, $2, 1)', [sku, 'Odd']);
    const reply = await get(`/products(sku='${encodeURIComponent(sku)}')/name`);
    expect(reply.body).toEqual({
      '@odata.context': `${metadata}#products(sku='a%2Fb%23c%3Fd%20(1),2')/name`,
      value: 'Odd',
    });
  });

  test('is answered bare, with every digit', async () => {
    const price = await get('/products(1)/price/$value');
    const [row] = (await server.database.query('select price from "Product" where id = 1')).rows;
    expect(price.text).toBe(row![0]);
    expect(price.headers.get('content-type')).toBe('text/plain;charset=utf-8');
    expect((await get('/products(1)/name/$value')).text).toBe((await get('/products(1)')).body.name);
  });

  test('has no content where it is missing', async () => {
    const [{ id }] = (await get('/products?$filter=weight eq null&$top=1')).body.value;
    expect((await get(`/products(${id})/weight`)).status).toBe(204);
    expect((await get(`/products(${id})/weight/$value`)).status).toBe(204);
  });

  test('leads no further', async () => {
    for (const path of [
      '/products(1)/name/x',
      '/products(1)/name(1)',
      '/products(1)/name/$count',
      '/products(1)/$count',
      '/products/$count/x',
      '/products(1)/nme',
      '/nope',
      '/products(1)/tags/$value',
    ]) {
      expect((await get(path)).status, path).toBe(404);
    }
  });
});

test('what is not served is named', async () => {
  for (const path of [
    '/products/1',
    '/$all',
    '/$crossjoin(products,orders)',
    '/$entity?$id=x',
    '/products/Portolan.Product',
    '/products/name',
    '/products(1)/$value',
    '/products/Top()',
  ]) {
    const reply = await get(path);
    expect(reply.status, path).toBe(501);
    expect(reply.body.error.code, path).toBe('NOT_IMPLEMENTED');
  }
});
