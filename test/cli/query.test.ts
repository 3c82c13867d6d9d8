import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { serverForFile } from '../harness.ts';
import { openTestDatabase } from '../test-database.ts';
import { onPort, portolan } from './run.ts';

const server = serverForFile();
let http: Awaited<ReturnType<typeof onPort>>;
beforeAll(async () => {
  http = await onPort(server);
  const imported = await server.fetch('/api/import?entity=products', {
    method: 'POST',
    key: server.adminKey,
    headers: { 'content-type': 'text/csv' },
    body: 'sku,name,price,description\nA-1,Lamp,12345678.50,"=1+1, really"\nB-2,Bulb,0.90,\n',
  });
  expect(await imported.json()).toMatchObject({ imported: 2 });
  const query =
    'mutation { updateProduct(sku: "A-1", data: {category: {create: {slug: "lamps", name: "Lamps"}}}) { sku } }';
  const updated = await server.fetch('/graphql', { key: server.adminKey, json: { query } });
  expect((await updated.json()).errors).toBeUndefined();
});
afterAll(() => http.close());

const selection = 'products(orderBy: [{sku: asc}]) { sku, name, price, category { name } }';

describe('query', () => {
  test('prints a table, related records under dotted names, prices with every digit', async () => {
    const { code, out, err } = await portolan(['query', selection], http.env);
    expect([code, err]).toEqual([0, '']);
    expect(out).toBe('sku  name  price        category.name\nA-1  Lamp  12345678.50  Lamps\nB-2  Bulb  0.90');
  });

  test('prints JSON with every digit', async () => {
    const { out } = await portolan(['query', 'products { sku, price }', '--json'], http.env);
    expect(out).toContain('"price": 12345678.50');
  });

  test('prints CSV, in which formulas are text', async () => {
    const { out } = await portolan(
      ['query', 'products(orderBy: [{sku: asc}]) { sku, price, description }', '--csv'],
      http.env,
    );
    expect(out).toBe(`sku,price,description\r\nA-1,12345678.50,"'=1+1, really"\r\nB-2,0.90,`);
  });

  test('takes variables, and prints several roots under their names', async () => {
    const line = ['query', 'a: products(where: {sku: {equals: $sku}}) { sku } productsCount'];
    const { out } = await portolan([...line, '--variables', '{"sku": "A-1"}'], http.env);
    expect(out).toBe('a:\nsku\nA-1\nproductsCount:\nvalue\n2');
  });

  test('says when there is nothing', async () => {
    const line = ['query', 'products(where: {sku: {equals: "none"}}) { sku }'];
    expect(await portolan(line, http.env)).toEqual({ code: 0, out: '', err: 'No records.' });
  });

  test.each([
    [['query', 'products { skuu }'], 1, 'Did you mean'],
    [['query', 'products {'], 1, ''],
    [['query', 'products { sku } productsCount', '--csv'], 2, '--csv takes a selection with one root.'],
    [['query', 'products { sku }', '--csv', '--json'], 2, '--json and --csv cannot be combined.'],
    [['query', 'products { sku }', '--variables', '{'], 2, '--variables is not valid JSON'],
    [['query'], 2, 'Missing required argument "SELECTION".'],
  ])('%j is refused', async (line, code, message) => {
    const outcome = await portolan(line, http.env);
    expect(outcome).toMatchObject({ code, out: '', err: expect.stringContaining(message) });
    expect(outcome.err).not.toMatch(/\n\s+at /);
  });

  test('a key without the scope is refused', async () => {
    const env = { ...http.env, PORTOLAN_API_KEY: await server.createKey('orders:read') };
    const { code, out, err } = await portolan(['query', 'products { sku }'], env);
    expect([code, out]).toEqual([1, '']);
    expect(err).toContain('products');
  });
});

test('without a server, a query runs on the database itself', async () => {
  const opened = await openTestDatabase();
  await opened.database.query(`INSERT INTO "Warehouse" (code, name, city) VALUES ('N', 'North', 'Oslo')`);
  await opened.pause();
  const env = {
    ...opened.env,
    LOG_FORMAT: 'json',
    SAFESTORE_PEPPERS: `1:${Buffer.alloc(32, 7).toString('base64')}`,
  };
  expect(await portolan(['query', 'warehouses { code, city }'], env)).toEqual({
    code: 0,
    out: 'code  city\nN     Oslo',
    err: '',
  });
  expect((await portolan(['query', 'warehouses { cod }'], env)).err).toContain('Did you mean');
  await opened.resume();
  await opened.close();
});
