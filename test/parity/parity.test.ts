import { beforeAll, describe, expect, test } from 'vitest';
import { serverForFile } from '../harness.ts';
import { ApiClient } from './api-client.ts';
import { toConnectionRead } from './list-to-connection.ts';
import { type Read, reads } from './reads.ts';

let doors: ApiClient;
let sample: { sku: string; tag: string };

const server = serverForFile({ demo: true });
beforeAll(async () => {
  doors = new ApiClient(server);
  const { rows } = await server.database.query(
    `SELECT sku, tags[1] FROM "Product" WHERE cardinality(tags) > 0 ORDER BY id DESC LIMIT 1`,
  );
  sample = { sku: rows[0]![0]!, tag: rows[0]![1]! };
});

describe('the same read through every door gives the same rows', () => {
  test.each(reads.map(read => [read.promise, read] as const))('%s', async (_promise, given) => {
    const read = filled(given);
    const rows = await doors.queryApi(read);
    expect(Array.isArray(rows) && rows.length === 0).toBe(read.empty ?? false);
    expect(await doors.graphql(read)).toEqual(rows);
    expect(await doors.graphqlByField(read)).toEqual(rows);
    if (read.odata) expect(await doors.odata(read.odata)).toEqual(rows);
  });

  test('there are at least 60 of them', () => {
    expect(reads.length).toBeGreaterThanOrEqual(60);
    expect(reads.filter(read => read.odata).length).toBeGreaterThanOrEqual(55);
  });
});

describe('the nodes of a connection are the rows of the list', () => {
  const paged = reads.map(toConnectionRead).filter(read => read !== undefined);

  test.each(paged.map(read => [read.promise, read] as const))('%s', async (_promise, given) => {
    const read = filled(given);
    const rows = await doors.queryApi({ ...read, selection: read.list });
    for (const answer of [doors.queryApi(read), doors.graphql(read), doors.graphqlByField(read)])
      expect(await answer).toEqual({ nodes: rows });
  });

  test('most reads can be asked for in that way', () => expect(paged.length).toBeGreaterThan(50));
});

describe('one record, and how many there are', () => {
  test('by key and by natural key', async () => {
    const byKey = await doors.queryApi({ promise: '', selection: 'product(id: 7) { id sku name price }' });
    const { sku } = byKey as { sku: string };
    expect(
      await doors.queryApi({
        promise: '',
        selection: `product(sku: ${JSON.stringify(sku)}) { id sku name price }`,
      }),
    ).toEqual(byKey);
    expect(await doors.graphql({ promise: '', selection: 'product(id: 7) { id sku name price }' })).toEqual(
      byKey,
    );
    const { text } = await doors.answer('/odata/products(7)?$select=id,sku,name,price');
    expect(JSON.parse(text)).toMatchObject({ id: 7, sku });
  });

  test('a composite key', async () => {
    const first = { promise: '', selection: 'stockLevels(take: 1) { warehouseId productId }' };
    const [{ warehouseId, productId }] = (await doors.queryApi(first)) as [Record<string, string>];
    const key = `warehouseId: ${warehouseId}, productId: ${productId}`;
    const selection = `stockLevel(${key}) { warehouseId productId quantity movements }`;
    const level = await doors.queryApi({ promise: '', selection });
    expect(level).toMatchObject({ warehouseId, productId });
    expect(await doors.graphql({ promise: '', selection })).toEqual(level);
    const { status } = await doors.answer(
      `/odata/stockLevels(warehouseId=${warehouseId},productId=${productId})`,
    );
    expect(status).toBe(200);
  });

  test('what does not exist is null, and 404 in OData', async () => {
    expect(await doors.queryApi({ promise: '', selection: 'product(id: 2000000000) { id }' })).toBe(null);
    expect((await doors.answer('/odata/products(2000000000)')).status).toBe(404);
  });

  test('counts', async () => {
    const count = await doors.queryApi({
      promise: '',
      selection: 'productsCount(where: { stock: { gt: 0 } })',
    });
    expect(
      await doors.graphql({ promise: '', selection: 'productsCount(where: { stock: { gt: 0 } })' }),
    ).toBe(count);
    expect((await doors.answer('/odata/products/$count?$filter=stock gt 0')).text).toBe(count);
    const { text } = await doors.answer('/odata/products?$filter=stock gt 0&$count=true&$top=1&$select=id');
    expect(String(JSON.parse(text)['@odata.count'])).toBe(count);
  });

  test('counts of related records', async () => {
    const selection = 'categories(orderBy: [{ id: asc }]) { id productsCount(where: { stock: { gt: 0 } }) }';
    const rows = await doors.queryApi({ promise: '', selection });
    expect(await doors.graphql({ promise: '', selection })).toEqual(rows);
    expect((rows as unknown as { productsCount: string }[]).some(row => Number(row.productsCount) > 0)).toBe(
      true,
    );
  });
});

function filled<R extends Read>(read: R): R {
  const fill = (text: string) =>
    text
      .replaceAll('__SKU__', sample.sku)
      .replaceAll('__sku__', sample.sku.toLowerCase())
      .replaceAll('__TAG__', sample.tag);
  const list = 'list' in read ? { list: fill(String(read.list)) } : {};
  return { ...read, ...list, selection: fill(read.selection), odata: read.odata && fill(read.odata) };
}
