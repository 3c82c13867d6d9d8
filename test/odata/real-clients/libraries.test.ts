// OData libraries for JavaScript, as their users write with them.

import { createRequire } from 'node:module';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Listening, startListening } from '../../listening.ts';

// biome-ignore lint/suspicious/noExplicitAny: these libraries have no types, or wrong ones
type Untyped = any;

const require = createRequire(import.meta.url);
let served: Listening;
let headers: Record<string, string>;

beforeAll(async () => {
  served = await startListening();
  headers = { 'X-API-Key': served.server.adminKey };
});
afterAll(() => served.close());

const sql = async (text: string): Promise<string[]> =>
  (await served.server.database.query(text)).rows.map(([value]) => value!);

const names = (rows: readonly { name: string }[]) => rows.map(row => row.name);
const dear = 'SELECT name FROM "Product" WHERE price > 500 ORDER BY name, id LIMIT 5';

describe('o.js', () => {
  const { o } = require('odata') as Untyped;
  const client = () =>
    o(`${served.url}/odata/`, {
      headers: { ...headers, 'Content-Type': 'application/json' },
      batch: {
        ...{ boundaryPrefix: 'batch_', changsetBoundaryPrefix: 'changset_', endpoint: '$batch' },
        ...{ headers: new Headers(headers), useChangset: false, useRelativeURLs: false },
      },
    });

  test('reads', async () => {
    const rows = await client()
      .get('products')
      .query({ $filter: 'price gt 500', $orderby: 'name', $top: 5, $select: 'id,name' });
    expect(names(rows)).toEqual(await sql(dear));
  });

  test('writes', async () => {
    const made = await client().post('suppliers', { code: 'OJS', name: 'o.js', country: 'DE' }).query();
    expect(made.name).toBe('o.js');
    await client().patch(`suppliers(${made.id})`, { name: 'again' }).query();
    expect(await sql(`SELECT name FROM "Supplier" WHERE code = 'OJS'`)).toEqual(['again']);
    await client().delete(`suppliers(${made.id})`).query();
    expect(await sql(`SELECT name FROM "Supplier" WHERE code = 'OJS'`)).toEqual([]);
  });

  test('reads in a batch', async () => {
    const batch = client();
    batch.get('categories(1)').get('products(1)');
    const found = await batch.batch();
    expect(found).toHaveLength(2);
  });
});

describe('@odata/client', () => {
  const { OData } = require('@odata/client') as Untyped;
  const client = () =>
    OData.New4({ serviceEndpoint: `${served.url}/odata/`, commonHeaders: headers, fetchProxy: undefined });

  test('reads with its filters, and counts', async () => {
    const products = client().getEntitySet('products');
    const filter = client().newFilter().property('price').gt(500);
    const rows = await products.query(
      client().newParam().filter(filter).orderby('name', 'asc').top(5).select(['id', 'name']),
    );
    expect(names(rows)).toEqual(await sql(dear));
    expect(await products.count(filter)).toBe(
      Number((await sql('SELECT count(*) FROM "Product" WHERE price > 500'))[0]),
    );
    expect((await products.retrieve(1)).id).toBe(1);
  });

  test('writes', async () => {
    const suppliers = client().getEntitySet('suppliers');
    const made = await suppliers.create({ code: 'ODC', name: '@odata/client', country: 'DE' });
    await suppliers.update(made.id, { name: 'again' });
    expect(await sql(`SELECT name FROM "Supplier" WHERE code = 'ODC'`)).toEqual(['again']);
    await suppliers.delete(made.id);
    expect(await sql(`SELECT name FROM "Supplier" WHERE code = 'ODC'`)).toEqual([]);
  });

  test('reads and writes in a batch', async () => {
    const odata = client();
    const answers = await odata.execBatchRequests([
      odata.newBatchRequest({
        collection: 'products',
        entity: undefined,
        method: 'GET',
        params: odata.newParam().top(1),
      }),
      odata.newBatchRequest({
        collection: 'suppliers',
        method: 'POST',
        entity: { code: 'ODB', name: 'made in a batch', country: 'DE' },
      }),
    ]);
    expect(answers.map((answer: Untyped) => answer.status)).toEqual([200, 201]);
    expect(await sql(`SELECT name FROM "Supplier" WHERE code = 'ODB'`)).toEqual(['made in a batch']);
  });
});

describe('odatajs (Olingo)', () => {
  const { oData } = (require('ts-odatajs') as Untyped).default ?? (require('ts-odatajs') as Untyped);
  const read = (request: Untyped): Promise<Untyped> =>
    new Promise((resolve, reject) =>
      oData.read({ ...request, headers: { ...headers, ...request.headers } }, resolve, reject),
    );
  const send = (request: Untyped, handler?: Untyped): Promise<Untyped> =>
    new Promise((resolve, reject) =>
      oData.request(
        { ...request, headers: { ...headers, ...request.headers } },
        (data: Untyped, response: Untyped) => resolve({ data, response }),
        reject,
        handler,
      ),
    );

  test('reads $metadata and rows', async () => {
    const metadata = await new Promise<Untyped>((resolve, reject) =>
      oData.read(
        { requestUri: `${served.url}/odata/$metadata`, headers: { ...headers, Accept: 'application/xml' } },
        resolve,
        reject,
        oData.metadataHandler,
      ),
    );
    expect(metadata.dataServices.schema[0].entityType.map((type: Untyped) => type.name)).toContain('Product');
    const { value } = await read({
      requestUri: `${served.url}/odata/products?$filter=price gt 500&$orderby=name&$top=5`,
    });
    expect(names(value)).toEqual(await sql(dear));
  });

  test('reads and writes in a batch with a changeset', async () => {
    const { data } = await send(
      {
        requestUri: `${served.url}/odata/$batch`,
        method: 'POST',
        data: {
          __batchRequests: [
            { requestUri: 'products?$top=1', method: 'GET' },
            {
              __changeRequests: [
                {
                  requestUri: 'suppliers',
                  method: 'POST',
                  headers: { 'Content-ID': '1' },
                  data: { code: 'OLI', name: 'Olingo', country: 'DE' },
                },
              ],
            },
          ],
        },
      },
      oData.batch.batchHandler,
    );
    expect(data.__batchResponses[0].data.value).toHaveLength(1);
    expect(data.__batchResponses[1].__changeResponses[0].statusCode).toBe('201');
    expect(await sql(`SELECT name FROM "Supplier" WHERE code = 'OLI'`)).toEqual(['Olingo']);
  });
});

describe('odata-query', () => {
  const buildQuery = (require('odata-query') as Untyped).default;

  test('its addresses are understood', async () => {
    const query = buildQuery({
      filter: [{ price: { gt: 500 } }, { active: true }, { collections: { any: { id: { gt: 0 } } } }],
      select: ['id', 'name'],
      expand: { category: { select: ['name'] } },
      orderBy: ['name'],
      top: 3,
      count: true,
    });
    const response = await fetch(`${served.url}/odata/products${query}`, { headers });
    expect(response.status).toBe(200);
    const grouped = buildQuery({
      transform: [
        { filter: { price: { gt: 500 } } },
        {
          groupBy: {
            properties: ['active'],
            transform: [{ aggregate: { stock: { with: 'sum', as: 'total' } } }],
          },
        },
      ],
    });
    const { value } = (await (
      await fetch(`${served.url}/odata/products${grouped}`, { headers })
    ).json()) as Untyped;
    expect(value.map((row: Untyped) => String(row.total))).toEqual(
      await sql('SELECT sum(stock) FROM "Product" WHERE price > 500 GROUP BY active ORDER BY active'),
    );
  });
});
