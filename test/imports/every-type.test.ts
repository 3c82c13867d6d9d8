// Every set of the demo model, and with them every type of column, as it comes in and as it is stored.

import { expect, test } from 'vitest';
import { serverForFile } from '../harness.ts';
import { importCsv, rowsOf } from './import-csv.ts';

const server = serverForFile();

interface Case {
  readonly entity: string;
  readonly mode?: string;
  readonly file: string;
  /** Columns as the database writes them in JSON; text where a number would lose digits. */
  readonly stored: string;
  readonly rows: readonly unknown[];
}

const cases: readonly Case[] = [
  {
    entity: 'categories',
    file: 'slug,name,Parent ID,position\nroot,Root,,-32768\nleaf,Leaf,,7\n',
    stored: 'SELECT slug, "parentId", position FROM "Category" ORDER BY id',
    rows: [
      { slug: 'root', parentId: null, position: -32768 },
      { slug: 'leaf', parentId: null, position: 7 },
    ],
  },
  {
    entity: 'suppliers',
    file: 'code,name,country,rating,since\nS1,Acme,AT,4.5,2001-02-03\nS2,Bolt,DE,,\n',
    stored: 'SELECT country, rating, since FROM "Supplier" ORDER BY code',
    rows: [
      { country: 'AT', rating: 4.5, since: '2001-02-03' },
      { country: 'DE', rating: null, since: null },
    ],
  },
  {
    entity: 'products',
    file:
      'sku,name,price,cost,active,tags,attributes,weight,categoryId,createdAt\n' +
      'P1,Lamp,9.99,.5,no,a|b,"{""watt"": 10.50}",1e-3,2,2026-01-02T03:04:05.678+02:00\n' +
      'P2,Desk,1,,,"[""a|b"", """"]",,,,\n',
    stored: `SELECT price::text, cost::text, active, tags, attributes::text, weight, "categoryId",
      "createdAt" = now() AS now, extract(epoch FROM "createdAt") % 60 AS second FROM "Product" WHERE sku = 'P1'`,
    rows: [
      {
        price: '9.99',
        cost: '0.5000',
        active: false,
        tags: ['a', 'b'],
        attributes: '{"watt": 10.50}',
        weight: 0.001,
        categoryId: 2,
        now: false,
        second: 5.678,
      },
    ],
  },
  {
    entity: 'collections',
    file: 'slug,name,season\nsummer,Summer,Summer\nany,Any,\n',
    stored: 'SELECT slug, season FROM "Collection" ORDER BY id',
    rows: [
      { slug: 'summer', season: 'SUMMER' },
      { slug: 'any', season: null },
    ],
  },
  {
    entity: 'dataSheets',
    file: 'productId,language,pages,preview\n1,,,AP8=\n',
    stored: 'SELECT length(id::text) AS id, language, pages, preview FROM "DataSheet"',
    rows: [{ id: 36, language: 'en', pages: 1, preview: '\\x00ff' }],
  },
  {
    entity: 'customers',
    file: 'number,name,email,phone,city,country\nC1,Ada,ada@example.com,=1+1,Graz,AT\n',
    stored: 'SELECT email, phone FROM "Customer"',
    rows: [{ email: 'ada@example.com', phone: '=1+1' }],
  },
  {
    entity: 'orders',
    file: 'number,status,total,orderedAt,dueOn,note,customerId\nO1,shipped,100.10,2026-01-02 03:04:05Z,2026-02-28,,1\n',
    stored: `SELECT status, total::text, "orderedAt" = '2026-01-02T03:04:05Z' AS punctual, "dueOn", note FROM "Order"`,
    rows: [{ status: 'SHIPPED', total: '100.10', punctual: true, dueOn: '2026-02-28', note: null }],
  },
  {
    entity: 'orderItems',
    mode: 'insert',
    file: 'orderId,productId,quantity,price\n1,1,2,9.99\n1,1,2,9.99\n',
    stored: 'SELECT "orderId", quantity FROM "OrderItem"',
    rows: [
      { orderId: 1, quantity: 2 },
      { orderId: 1, quantity: 2 },
    ],
  },
  {
    entity: 'warehouses',
    file: 'code,name,city,opensAt\nW1,Main,Graz,08:30\n',
    stored: 'SELECT code, "opensAt" FROM "Warehouse"',
    rows: [{ code: 'W1', opensAt: '08:30:00' }],
  },
  {
    entity: 'stockLevels',
    file: 'warehouseId,productId,quantity,movements,countedAt\n1,1,5,9223372036854775807,2026-01-02\n',
    stored: 'SELECT quantity, movements::text, "countedAt" FROM "StockLevel"',
    rows: [{ quantity: 5, movements: '9223372036854775807', countedAt: '2026-01-02T00:00:00+00:00' }],
  },
];

test.each(cases)('$entity', async ({ entity, mode = 'upsert', file, stored, rows }) => {
  expect(await importCsv(server, file, { entity, mode })).toMatchObject({
    status: 200,
    failed: 0,
    updated: 0,
  });
  expect(await rowsOf(server, stored)).toEqual(rows);
});

test('text lists in JSON form keep their separators and empty elements', async () => {
  expect(await rowsOf(server, `SELECT tags FROM "Product" WHERE sku = 'P2'`)).toEqual([
    { tags: ['a|b', ''] },
  ]);
});
