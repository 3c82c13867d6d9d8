// Values that OData writes otherwise than the other doors do (OData JSON Format 4.01, 7.1).

import { beforeAll, describe, expect, test } from 'vitest';
import { serverForFile } from '../harness.ts';
import { client, type Get } from './client.ts';

const bytes = Buffer.from('fbefbeff00', 'hex');

let get: Get;
let id: number;

const server = serverForFile({ demo: true });
beforeAll(async () => {
  get = client(server);
  const { rows } = await server.database.query(
    `UPDATE "DataSheet" SET preview = $1 WHERE "productId" = (SELECT min("productId") FROM "DataSheet") RETURNING "productId"`,
    [bytes],
  );
  id = Number(rows[0]![0]);
  await server.database.query(`UPDATE "Product" SET weight = '-Infinity' WHERE id = ${id}`);
});

describe('bytes are written in the base64 of URLs, infinities as INF', () => {
  test.each([
    ['in a row', () => `/products?$filter=id eq ${id}&$select=weight&$expand=sheet($select=preview)`],
    ['in an entity', () => `/products(${id})?$select=weight&$expand=sheet($select=preview)`],
    [
      'in a list within a row',
      () =>
        `/suppliers?$filter=products/any(p:p/id eq ${id})&$select=id&$expand=products($filter=id eq ${id};$select=weight;$expand=sheet($select=preview))`,
    ],
  ])('%s', async (_promise, path) => {
    const { status, text } = await get(encodeURI(path()));
    expect(status, text).toBe(200);
    expect(text).toContain(`"preview":"${bytes.toString('base64url')}"`);
    expect(text).toContain('"weight":"-INF"');
  });

  test('and read back', async () => {
    const written = bytes.toString('base64url');
    const { body } = await get(`/dataSheets?$filter=preview eq binary'${written}'&$select=productId`);
    expect(body.value).toEqual([{ productId: id }]);
    const products = await get('/products?$filter=weight eq -INF&$select=id');
    expect(products.body.value).toEqual([{ id }]);
  });

  test('alone, they are what they are', async () => {
    const sheet = await get(`/products(${id})/sheet/preview`);
    expect(sheet.body.value).toBe(bytes.toString('base64url'));
    const response = await server.fetch(`/odata/products(${id})/sheet/preview/$value`, {
      key: server.adminKey,
    });
    expect(Buffer.from(await response.arrayBuffer())).toEqual(bytes);
    expect((await get(`/products(${id})/weight/$value`)).text).toBe('-INF');
  });
});
