// Whatever is sent, the server says what is wrong with it, and nothing that it does not say is written.

import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import { serverForFile } from '../harness.ts';
import { type Send, sender } from './writing.ts';

let send: Send;

const server = serverForFile();
beforeAll(async () => {
  send = sender(server);
});

/** What a write of the run before removed is there again. */
const restore = () =>
  server.database.query(
    `insert into "Category" (id, slug, name) values (1, 'a', 'A') on conflict do nothing;
     insert into "Product" (id, sku, name, price, "categoryId") values (1, 'A', 'A', 1, 1) on conflict do nothing`,
  );

const reference = fc.constantFrom(
  ...[
    'categories(1)',
    'products(1)',
    '$1',
    '$metadata',
    '$batch',
    '//x',
    '../categories(1)',
    'categories(',
    '',
    '\0',
  ],
  ...[
    'categories(1)/products(1)',
    'categories(@p)',
    'categories(null)',
    "categories('1')",
    'categories(slug=1)',
  ],
  ...[
    'http://[',
    'javascript:alert(1)',
    '/odata',
    '%',
    'categories(%31)',
    'categories(1)?$select=id',
    'x'.repeat(9_000),
  ],
  ...['categories/$count', 'categories(1)/$ref', 'categories(1)/name', 'categories(1e999)', '$1/category'],
);

const name = fc.constantFrom(
  ...[
    'id',
    'sku',
    'name',
    'price',
    'stock',
    'tags',
    'attributes',
    'active',
    'weight',
    'createdAt',
    'category',
  ],
  ...['products', 'sheet', 'collections', 'parent', 'children', 'categoryId', 'label', 'margin', 'updatedAt'],
  ...['category@odata.bind', 'category@bind', 'products@odata.bind', 'name@odata.bind', '@odata.id', '@id'],
  ...[
    '@odata.type',
    '@removed',
    '@odata.etag',
    'name@',
    '@',
    '',
    '#x',
    '__proto__',
    'constructor',
    'toString',
  ],
  ...['value', 'category/name', 'name@odata.type', 'collections@odata.bind', 'products@odata.context'],
);

const value = fc.letrec(tie => ({
  any: fc.oneof(
    { weight: 3, arbitrary: fc.jsonValue({ maxDepth: 1 }) },
    { weight: 3, arbitrary: reference },
    fc.constantFrom(1e308, -0, 2 ** 53, '1e5000', 'INF', 'NaN', 'null', '2026-13-45', '\ud800'),
    fc.array(reference, { maxLength: 3 }),
    fc.array(tie('object'), { maxLength: 3 }),
    tie('object'),
  ),
  object: fc.dictionary(name, tie('any'), { maxKeys: 5, noNullPrototype: true }),
}));

const request = fc.record({
  method: fc.constantFrom('POST', 'PUT', 'PATCH', 'DELETE'),
  path: fc.constantFrom(
    ...['/products', '/products(1)', "/products(sku='A')", "/products(sku='new')", '/products(1)/category'],
    ...['/products(1)/name', '/products(1)/price/$value', '/products(1)/attributes', '/products(1)/tags'],
    ...[
      '/categories(1)/products',
      '/categories(1)/products/$ref',
      '/products(1)/category/$ref',
      '/categories',
    ],
    ...[
      '/categories(1)/products(1)/$ref',
      '/categories(1)/products/$ref?$id=x',
      '/stockLevels(warehouseId=1,productId=1)',
    ],
    ...[
      '/products(null)',
      '/products(@p)?@p=1',
      '/products(@p)',
      '/products(1)?$select=name&$expand=category',
      '/',
    ],
    ...[
      '/products(1)?$expand=*',
      '/products(1)/sheet',
      '/collections',
      "/products(id=1,sku='A')",
      '/dataSheets',
    ],
  ),
  body: fc.oneof({ weight: 9, arbitrary: value.object }, { weight: 1, arbitrary: value.any }),
  prefer: fc.constantFrom('return=representation', 'return=minimal', 'return', ';;=,"', ''),
  match: fc.constantFrom('', '*', 'W/"1"', '"', 'W/"1","2"'),
});

test('a write of anything is answered, and never with a fault of the server', async () => {
  await fc.assert(
    fc.asyncProperty(request, async ({ method, path, body, prefer, match }) => {
      await restore();
      const headers = { ...(prefer && { prefer }), ...(match && { 'if-match': match }) };
      const reply = await send(method, path, JSON.stringify(body), headers);
      const isServed = reply.status < 500 || reply.status === 501;
      expect(isServed, `${method} ${path} ${JSON.stringify(body)}: ${reply.text}`).toBe(true);
      if (reply.status >= 400)
        expect(reply.body.error).toMatchObject({ code: expect.any(String), message: expect.any(String) });
    }),
    { numRuns: 300 },
  );
  expect(Object.keys({})).toEqual([]);
  expect((await send('GET', '/products?$expand=category')).status).toBe(200);
});
