// Whatever lists within lists are asked for, and however the rows are spread, a statement has a bounded number of them: it is
// refused, or its lists are cut and say so, and in OData the rest is there behind links.

import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Database } from '../../src/base/database/database.ts';
import { keepStatistics, type StatisticsKeeper } from '../../src/query/statistics/keep.ts';
import { startServer, type TestServer } from '../harness.ts';

/** Of rows, as the tests say it, and of values. */
const [rowsMax, costMax] = [5_000, 100_000];
const crowded = 5_000;
const root = 'http://shop.example';
const demo = { ROWS_MAX: String(rowsMax), COST_MAX: String(costMax), TAKE_DEFAULT: '100', TAKE_MAX: '10000' };

let server: TestServer;
let keeper: StatisticsKeeper;

beforeAll(async () => {
  server = await startServer({ demo: true, env: { PUBLIC_URL: root, ...demo } });
  await crowd(server.database);
  const { database, catalog, engine } = server;
  const log = { warn: (...said: unknown[]) => expect.fail(JSON.stringify(said)) } as never;
  keeper = keepStatistics({ database, catalog, statistics: engine.statistics, log });
  await keeper.refresh();
});
afterAll(async () => {
  await keeper.close();
  await server.close();
});

/** One category has nearly all products, and one product nearly all lines of orders. */
async function crowd(database: Database): Promise<void> {
  const log = ['"Product"', '"OrderItem"'];
  for (const table of log) await database.query(`ALTER TABLE ${table} DISABLE TRIGGER USER`);
  await database.query(`INSERT INTO "Product" (sku, name, price, stock, "categoryId", "supplierId")
    SELECT 'CROWD-' || n, 'Crowd ' || (n * 7919 % 20011), n % 500, n % 100, 1, 1 FROM generate_series(1, ${crowded}) n`);
  await database.query(`INSERT INTO "OrderItem" ("orderId", "productId", quantity, price)
    SELECT (SELECT min(id) FROM "Order"), (SELECT id FROM "Product" WHERE sku = 'CROWD-1'), 1, n FROM generate_series(1, 1500) n`);
  for (const table of log) await database.query(`ALTER TABLE ${table} ENABLE TRIGGER USER`);
  await database.query(`INSERT INTO "_CollectionToProduct" ("A", "B")
    SELECT (SELECT min(id) FROM "Collection"), id FROM "Product" WHERE sku LIKE 'CROWD-%' ORDER BY id LIMIT 500`);
  await database.query(`INSERT INTO "Category" (slug, name, "parentId")
    SELECT 'crowd-' || n, 'Crowd', 3 FROM generate_series(1, 130) n`);
}

interface Reply {
  readonly status: number;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: any JSON
  readonly body: any;
  readonly truncated: string | null;
}

async function ask(path: string, json?: unknown): Promise<Reply> {
  const response = await server.fetch(path, { key: server.adminKey, json });
  const text = await response.text();
  return {
    status: response.status,
    text,
    body: JSON.parse(text),
    truncated: response.headers.get('portolan-truncated'),
  };
}

const odata = (path: string): Promise<Reply> => ask(`/odata/${path.replaceAll(' ', '%20')}`);
const graphql = (query: string): Promise<Reply> => ask('/graphql', { query });
const queryApi = (query: string): Promise<Reply> => ask('/api/query', { query });

/** Records at every depth of an answer. */
function recordsIn(value: unknown): number {
  if (Array.isArray(value)) return value.reduce((sum: number, item) => sum + recordsIn(item), 0);
  if (typeof value !== 'object' || value === null) return 0;
  return Object.values(value).reduce((sum: number, inner) => sum + recordsIn(inner), 1);
}

/** To-one records are part of the row that leads to them, of which there may be several in these queries. */
const recordsMax = 3.5 * rowsMax;
const bytesMax = costMax * 40;

function expectBounded({ status, text, body }: Reply, refusal: unknown): 'refused' | 'answered' {
  const code = (refusal as { code?: string; extensions?: { code: string } } | undefined)?.code;
  if (refusal !== undefined) {
    expect((refusal as { extensions?: { code: string } }).extensions?.code ?? code, text).toBe(
      'LIMIT_EXCEEDED',
    );
    expect(text).toMatch(
      /estimated cost of \d+, more than the maximum of \d+|could have \d+ rows, more than the/,
    );
    expect(text).toContain('$top');
    return 'refused';
  }
  expect(status, text.slice(0, 500)).toBe(200);
  expect(recordsIn(body)).toBeLessThanOrEqual(recordsMax);
  expect(text.length).toBeLessThanOrEqual(bytesMax);
  return 'answered';
}

const hostileUrls = [
  'products?$expand=category($expand=products($expand=category($expand=products)))',
  'categories?$expand=*($expand=*($expand=*))',
  'categories?$expand=products',
  'categories?$expand=products($expand=orderItems($expand=order($expand=items)))',
  'categories(1)?$expand=products($expand=orderItems)',
  'categories(1)?$expand=products($top=10000;$expand=orderItems($top=10000))',
  'products?$expand=category($expand=products($top=1))',
  'products?$expand=category($expand=products/$count)',
  'products?$expand=category($expand=products($count=true;$top=1))',
  'products?$filter=category/products/any(p:p/category/products/any(q:q/stock gt 98))',
  'products?$orderby=category/products/$count desc&$top=1',
  'products?$apply=filter(category/products/all(p:p/stock ge 0))/aggregate($count as n)',
  'products/$count?$filter=category/products/all(p:p/stock ge 0)',
  'categories?$expand=children($levels=max)&$select=id',
  'categories?$expand=parent($levels=max;$expand=products)',
  'products?$top=10000&$expand=supplier($expand=products($expand=supplier($expand=products)))',
];

test.each(hostileUrls)('OData bounds what it is asked for: %s', async url => {
  const reply = await odata(url);
  expectBounded(reply, reply.body.error);
});

test('the parts of a batch are bounded like requests of their own', async () => {
  const requests = hostileUrls
    .slice(0, 5)
    .map((url, id) => ({ id: String(id), method: 'GET', url: url.replaceAll(' ', '%20') }));
  const reply = await ask('/odata/$batch', { requests });
  expect(reply.status).toBe(200);
  for (const { body, status } of reply.body.responses) {
    expectBounded({ status, body, text: JSON.stringify(body), truncated: null }, body.error);
  }
});

const hostileQueries = [
  '{ products { category { products { category { products { id } } } } } }',
  '{ categories { products { id sku name stock barcode } } }',
  '{ categories { products { orderItems { order { items { id product { name } } } } } } }',
  '{ category(id: 1) { products { orderItems { id } } } }',
  '{ category(id: 1) { products(take: 10000) { orderItems(take: 10000) { id } } } }',
  '{ products(take: 10000) { category { products(take: 1) { id } } } }',
  '{ products(take: 10000) { category { productsCount } } }',
  '{ products(take: 10000) { category { productsAggregate { sum { stock } } } } }',
  '{ categories { productsConnection { edges { node { id orderItemsConnection { nodes { id } } } } } } }',
  '{ products { category { productsConnection { nodes { id category { productsConnection { totalCount } } } } } } }',
  '{ products(where: { category: { products: { every: { stock: { gte: 0 } } } } }, take: 1) { id } }',
  '{ productsCount(where: { category: { products: { every: { stock: { gte: 0 } } } } }) }',
  '{ a: categories { products { name } } b: categories { products { name } } c: categories { products { name } } }',
];

test.each(hostileQueries)('GraphQL and the Query API bound what they are asked for: %s', async query => {
  const reply = await graphql(query);
  const outcome = expectBounded(reply, reply.body.errors?.[0]);
  const other = await queryApi(query.slice(1, -1));
  expect(expectBounded(other, other.body.error)).toBe(outcome);
  if (outcome === 'refused') return;
  expect(other.body).toEqual(reply.body.data);
  expect(other.truncated).toBe(reply.truncated);
});

test('marks lists that are cut as truncated, and returns the others whole', async () => {
  const { body, truncated } = await graphql('{ categories { id products { id orderItems { id } } } }');
  expect(truncated?.split(', ').sort()).toEqual([
    'categories',
    'categories.products',
    'categories.products.orderItems',
  ]);
  const { rows } = await server.database.query(
    'SELECT p.id, count(i.id) FROM "Product" p JOIN "OrderItem" i ON i."productId" = p.id GROUP BY p.id',
  );
  const counts = new Map(rows.map(([id, count]) => [Number(id), Number(count)]));
  let whole = 0;
  for (const { products } of body.data.categories) {
    expect(products.length).toBeLessThanOrEqual(100);
    for (const { id, orderItems } of products) {
      const all = counts.get(id) ?? 0;
      expect(orderItems.length).toBeLessThanOrEqual(all);
      if (orderItems.length === all) whole++;
      else expect(orderItems.length).toBeGreaterThanOrEqual(1);
    }
  }
  expect(whole).toBeGreaterThan(150);
});

test('pageInfo of a connection inside a list is correct when it is cut', async () => {
  const page = 'id orderItemsConnection { nodes { id } pageInfo { hasNextPage endCursor } totalCount }';
  const { body } = await graphql(`{ categories { products { ${page} } } }`);
  const connections = body.data.categories.flatMap((category: { products: unknown[] }) => category.products);
  for (const { orderItemsConnection } of connections) {
    const { nodes, pageInfo, totalCount } = orderItemsConnection;
    expect(pageInfo.hasNextPage).toBe(nodes.length < totalCount);
  }
  const cut = connections.find(
    (one: { orderItemsConnection: { pageInfo: { hasNextPage: boolean } } }) =>
      one.orderItemsConnection.pageInfo.hasNextPage,
  );
  const after = cut.orderItemsConnection.pageInfo.endCursor;
  const rest = await graphql(
    `{ product(id: ${cut.id}) { orderItemsConnection(first: 2000, after: "${after}") { nodes { id } } } }`,
  );
  const first = cut.orderItemsConnection.nodes.length;
  expect(first + rest.body.data.product.orderItemsConnection.nodes.length).toBe(
    cut.orderItemsConnection.totalCount,
  );
});

/** Follows every link, of the list and of the lists in it. @returns the lists whole */
async function wholeList(url: string): Promise<Record<string, unknown>[]> {
  const rows: Record<string, unknown>[] = [];
  for (let next: string | undefined = url; next !== undefined; ) {
    const { status, text, body } = await ask(next);
    expect(status, `${next} ${text.slice(0, 300)}`).toBe(200);
    expect(recordsIn(body)).toBeLessThanOrEqual(recordsMax);
    for (const row of body.value) rows.push(await wholeRow(row));
    next = body['@odata.nextLink']?.slice(root.length);
  }
  return rows;
}

async function wholeRow(row: Record<string, unknown>): Promise<Record<string, unknown>> {
  const whole: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(row)) {
    if (name.includes('@') && name !== '@odata.id') continue;
    if (Array.isArray(value)) {
      whole[name] = await Promise.all(value.map(item => wholeRow(item)));
      const link = row[`${name}@odata.nextLink`] as string | undefined;
      if (link) (whole[name] as unknown[]).push(...(await wholeList(link.slice(root.length))));
    } else {
      whole[name] =
        typeof value === 'object' && value !== null
          ? await wholeRow(value as Record<string, unknown>)
          : value;
    }
  }
  return whole;
}

const asJson = async (sql: string): Promise<unknown> =>
  JSON.parse(
    (await server.database.query(`SELECT coalesce(json_agg(j), '[]') FROM (${sql}) q(j)`)).rows[0]![0]!,
  );

test('the links inside a page lead to the rest of each list, exactly', async () => {
  const lists = await wholeList(
    '/odata/categories?$select=id&$expand=products($select=id;$orderby=name%20desc)',
  );
  const order = "(SELECT coalesce(json_agg(json_build_object('id', p.id) ORDER BY p.name DESC, p.id), '[]')";
  const expected = await asJson(
    `SELECT json_build_object('id', c.id, 'products', ${order} FROM "Product" p WHERE p."categoryId" = c.id)) FROM "Category" c ORDER BY c.id`,
  );
  expect(lists).toEqual(expected);
});

test('the links lead on through lists within lists', async () => {
  const url =
    "/odata/categories?$select=id&$filter=id le 3&$expand=products($select=sku;$filter=contains(name,'1') and stock lt 40;$expand=orderItems($select=id;$orderby=price desc),supplier($select=code))";
  const lists = await wholeList(url.replaceAll(' ', '%20'));
  const items =
    '(SELECT coalesce(json_agg(json_build_object(\'id\', i.id) ORDER BY i.price DESC, i.id), \'[]\') FROM "OrderItem" i WHERE i."productId" = p.id)';
  const supplier =
    '(SELECT json_build_object(\'code\', s.code) FROM "Supplier" s WHERE s.id = p."supplierId")';
  const products = `(SELECT coalesce(json_agg(json_build_object('sku', p.sku, 'orderItems', ${items}, 'supplier', ${supplier}) ORDER BY p.id), '[]')
    FROM "Product" p WHERE p."categoryId" = c.id AND strpos(p.name, '1') > 0 AND p.stock < 40)`;
  const expected = await asJson(
    `SELECT json_build_object('id', c.id, 'products', ${products}) FROM "Category" c WHERE c.id <= 3 ORDER BY c.id`,
  );
  expect(lists).toEqual(expected);
});

test('the links lead on from many to many, and from what a single relation leads to', async () => {
  const collections = await wholeList(
    '/odata/collections?$select=id&$expand=products($select=id;$orderby=price,name)',
  );
  const products =
    "SELECT coalesce(json_agg(json_build_object('id', p.id) ORDER BY p.price, p.name, p.id), '[]')";
  const linked = '"Product" p JOIN "_CollectionToProduct" l ON l."B" = p.id WHERE l."A" = c.id';
  expect(collections).toEqual(
    await asJson(
      `SELECT json_build_object('id', c.id, 'products', (${products} FROM ${linked})) FROM "Collection" c ORDER BY c.id`,
    ),
  );
  const [product] = await wholeList(
    "/odata/products?$select=id&$filter=sku%20eq%20'CROWD-9'&$expand=category($select=id;$expand=products/$ref)",
  );
  const { rows } = await server.database.query('SELECT count(*) FROM "Product" WHERE "categoryId" = 1');
  expect((product!.category as { products: unknown[] }).products).toHaveLength(Number(rows[0]![0]));
});

test('what a write answers has links as well, in the words of the version that is spoken', async () => {
  const response = await server.fetch('/odata/categories(1)?$select=id&$expand=products($select=id)', {
    key: server.adminKey,
    method: 'PATCH',
    json: { position: 1 },
    headers: { 'odata-maxversion': '4.01', prefer: 'return=representation' },
  });
  const body = (await response.json()) as Record<string, string>;
  expect(response.status, JSON.stringify(body).slice(0, 300)).toBe(200);
  const link = body['products@nextLink']!;
  const rest = await wholeList(link.slice(root.length));
  const { rows } = await server.database.query('SELECT count(*) FROM "Product" WHERE "categoryId" = 1');
  expect(body.products!.length + rest.length).toBe(Number(rows[0]![0]));
});

test('the rest ends where $top ends, and begins where $skip does', async () => {
  const [category] = await wholeList(
    '/odata/categories?$select=id&$filter=id%20eq%201&$expand=products($select=id;$skip=7;$top=1234)',
  );
  const { rows } = await server.database.query(
    'SELECT id FROM "Product" WHERE "categoryId" = 1 ORDER BY id OFFSET 7 LIMIT 1234',
  );
  expect((category!.products as { id: number }[]).map(({ id }) => String(id))).toEqual(
    rows.map(([id]) => id),
  );
});

test('a link says what $levels, aliases and the form of the answer left to be said', async () => {
  const url =
    '/odata/categories?$select=id&$filter=id eq 1&$format=application/json;odata.metadata=full&$expand=products($select=id;$filter=stock gt @low;$expand=category($select=id;$expand=parent($levels=2;$select=id)))&@low=90';
  const { body, text } = await ask(url.replaceAll(' ', '%20'));
  const link: string = body.value[0]['products@odata.nextLink'];
  expect(link, text.slice(0, 300)).toMatch(
    /^http:\/\/shop\.example\/odata\/categories\(1\)\/products\?\$select=id&\$filter=stock%20gt%20@low&\$expand=category\(\$select=id;\$expand=parent\(\$levels=2;\$select=id\)\)&\$format=application\/json;odata\.metadata=full&@low=90&\$skiptoken=/,
  );
  const rest = await ask(link.slice(root.length));
  expect(rest.status, rest.text.slice(0, 300)).toBe(200);
  expect(rest.body['@odata.context']).toContain('products');
});

test('a link into a tree asks for as many levels as are left', async () => {
  const url = '/odata/categories?$select=id&$filter=id%20eq%203&$expand=children($levels=2;$select=slug)';
  const { body } = await ask(url);
  const link = decodeURIComponent(body.value[0]['children@odata.nextLink']);
  expect(link).toContain('/categories(3)/children?$select=slug&$expand=children($levels=1;$select=slug)&');
  const [tree] = await wholeList(url);
  const { rows } = await server.database.query(
    'SELECT slug, (SELECT count(*) FROM "Category" d WHERE d."parentId" = c.id) FROM "Category" c WHERE "parentId" = 3 ORDER BY id',
  );
  const children = tree!.children as { slug: string; children: unknown[] }[];
  expect(children.map(({ slug, children: inner }) => [slug, String(inner.length)])).toEqual(rows);
});

test('what depends on the entity around it has no link, and is named in the header', async () => {
  const { body, truncated, text } = await odata(
    "products?$top=1&$filter=sku eq 'CROWD-1'&$select=id&$expand=category($select=id;$expand=products($select=id;$filter=id ne $it/id))",
  );
  const [{ category }] = body.value ?? [{}];
  expect(category?.products, text.slice(0, 300)).toHaveLength(100);
  expect(category).not.toHaveProperty('products@odata.nextLink');
  expect(truncated).toBe('category.products');
});

test('prepared queries are checked again when tables grow', async () => {
  const query = '{ orders(take: 50) { customer { orders(take: 50) { id } } } }';
  for (let n = 0; n < 3; n++) expect((await graphql(query)).body.errors).toBeUndefined();
  const { version } = server.engine.statistics;
  await server.database.query('ALTER TABLE "Order" DISABLE TRIGGER USER');
  await server.database.query(`INSERT INTO "Order" (number, total, "customerId")
    SELECT 'CROWD-' || n, 1, (SELECT min(id) FROM "Customer") FROM generate_series(1, ${crowded}) n;
    -- Otherwise the server counts changed rows once a second.
    SELECT pg_stat_force_next_flush()`);
  await server.database.query('ALTER TABLE "Order" ENABLE TRIGGER USER');
  await keeper.refresh();
  expect(server.engine.statistics.version).toBeGreaterThan(version);
  const { body } = await graphql(query);
  expect(body.errors[0].extensions.code).toBe('LIMIT_EXCEEDED');
  expect(body.errors[0].extensions.hint).toContain('orders.customer.orders');
});

const ordinaryUrls = [
  'categories?$expand=products',
  'categories?$expand=products($expand=orderItems)',
  'orders?$expand=customer,items($expand=product($expand=category,supplier))',
  'products?$expand=*',
  'customers?$expand=orders($expand=items($expand=product))',
  'suppliers?$expand=products($expand=orderItems($expand=order))',
  "products?$filter=orderItems/any(i:i/order/customer/country eq 'DE')&$orderby=orderItems/$count desc",
  'products?$expand=orderItems($expand=order($expand=items))',
  'categories?$expand=children($levels=max;$expand=products)',
];

const ordinaryQueries = [
  '{ categories { name products { name price orderItems { quantity order { number customer { name } } } } } }',
  '{ products(take: 10000) { id name category { name parent { name } } orderItems { quantity } stockLevels { quantity } } }',
  '{ customers { name orders { number items { quantity product { name category { name } } } } } }',
  '{ products(take: 10000, where: { orderItems: { some: { order: { customer: { country: { equals: "DE" } } } } } }) { id orderItemsCount } }',
  '{ warehouses { levels(take: 100) { quantity product { name category { name products(take: 3) { name } } } } } }',
];

test('ordinary reads of ordinary data are answered, and whole', async () => {
  await using ordinary = await startServer({ demo: true });
  const { database, catalog, engine, adminKey: key } = ordinary;
  const watch = keepStatistics({ database, catalog, statistics: engine.statistics, log: console as never });
  await watch.refresh();
  for (const url of ordinaryUrls) {
    const response = await ordinary.fetch(`/odata/${url.replaceAll(' ', '%20')}`, { key });
    const text = await response.text();
    expect(response.status, `${url} ${text.slice(0, 300)}`).toBe(200);
    expect(response.headers.get('portolan-truncated'), url).toBe(null);
    expect(JSON.parse(text).value.length, url).toBeGreaterThanOrEqual(5);
  }
  for (const query of ordinaryQueries) {
    const response = await ordinary.fetch('/graphql', { key, json: { query } });
    expect((await response.json()).errors, query).toBeUndefined();
    expect(response.headers.get('portolan-truncated'), query).toBe(null);
  }
  await watch.close();
});
