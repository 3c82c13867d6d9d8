// How much an answer says about itself, in which version, and the requests of browsers and proxies.

import { beforeAll, describe, expect, test } from 'vitest';
import { serverForFile } from '../harness.ts';
import { client, type Get } from './client.ts';

let get: Get;
const root = 'https://shop.example/odata';

const server = serverForFile({ demo: true, env: { PUBLIC_URL: 'https://shop.example' } });
beforeAll(async () => {
  get = client(server, await server.createKey('read'));
});

const full = { accept: 'application/json;odata.metadata=full' };

describe('metadata=full', () => {
  test('tells of an entity what it is, where it lies and what it leads to', async () => {
    const reply = await get('/products(1)?$select=id,name,price,createdAt,tags,active,category', full);
    expect(reply.headers.get('content-type')).toBe('application/json;odata.metadata=full');
    const { rows } = await server.database.query('SELECT price FROM "Product" WHERE id = 1');
    expect(Object.entries(reply.body)).toEqual([
      ['@odata.context', `${root}/$metadata#products(id,name,price,createdAt,tags,active,category)/$entity`],
      ['@odata.type', '#Portolan.Product'],
      ['@odata.id', `${root}/products(1)`],
      ['@odata.editLink', `${root}/products(1)`],
      ['category@odata.associationLink', `${root}/products(1)/category/$ref`],
      ['category@odata.navigationLink', `${root}/products(1)/category`],
      ['id', 1],
      ['name', expect.any(String)],
      ['price@odata.type', '#Decimal'],
      ['price', Number(rows[0]![0])],
      ['createdAt@odata.type', '#DateTimeOffset'],
      ['createdAt', expect.any(String)],
      ['tags@odata.type', '#Collection(String)'],
      ['tags', expect.any(Array)],
      ['active', expect.any(Boolean)],
    ]);
    expect(reply.text).toContain(`"price":${rows[0]![0]},`);
  });

  test('tells it of lists and of what is expanded, though no key is selected', async () => {
    const { body } = await get(
      '/orders?$top=2&$orderby=id&$select=number&$expand=customer($select=name),items($select=quantity;$top=1;$expand=product($select=sku))',
      full,
    );
    for (const order of body.value) {
      expect(order).toMatchObject({
        '@odata.type': '#Portolan.Order',
        '@odata.id': expect.stringMatching(/\/odata\/orders\(\d+\)$/),
        'items@odata.navigationLink': `${order['@odata.id']}/items`,
        customer: {
          '@odata.type': '#Portolan.Customer',
          '@odata.id': expect.stringContaining('/odata/customers('),
        },
        items: [{ '@odata.type': '#Portolan.OrderItem', product: { '@odata.type': '#Portolan.Product' } }],
      });
      expect(order).not.toHaveProperty('id');
      expect(order).not.toHaveProperty(['items@odata.associationLinkx']);
      expect(JSON.stringify(order)).not.toContain('~');
    }
  });

  test('names all relations where nothing is selected, and none that may not be read', async () => {
    const key = await server.createKey('products:read', 'suppliers:read');
    const { body } = await client(server, key)('/products(1)', full);
    const links = Object.keys(body).filter(name => name.endsWith('navigationLink'));
    expect(links).toEqual(['supplier@odata.navigationLink']);
    expect(JSON.stringify(body)).not.toContain('cost');
  });

  test('knows enums, keys of several values and properties', async () => {
    const order = await get('/orders(1)?$select=status,dueOn', full);
    expect(order.body['status@odata.type']).toBe('#Portolan.OrderStatus');
    const [level] = (await get('/stockLevels?$top=1&$select=movements', full)).body.value;
    expect(level).toMatchObject({
      '@odata.id': expect.stringMatching(/\/stockLevels\(warehouseId=\d+,productId=\d+\)$/),
      'movements@odata.type': '#Int64',
    });
    expect(level).not.toHaveProperty('warehouseId');
    expect((await get('/products(1)/price', full)).body).toEqual({
      '@odata.context': `${root}/$metadata#products(1)/price`,
      '@odata.type': '#Decimal',
      value: expect.any(Number),
    });
    expect(Object.keys((await get('/products(1)/name', full)).body)).toEqual(['@odata.context', 'value']);
  });

  test('goes with null, with paths that lead nowhere, and with what $apply gives', async () => {
    const found = await get(
      '/products?$filter=category eq null&$top=1&$expand=category&$select=weight',
      full,
    );
    expect(found.body.value[0].category).toBeNull();
    expect((await get('/products(999999)', full)).status).toBe(404);
    const { body } = await get('/products?$apply=aggregate(stock with sum as total)', full);
    expect(body.value).toEqual([{ 'total@odata.type': '#Int64', total: expect.any(Number) }]);
  });

  test('in 4.01 has its annotations without the prefix', async () => {
    const { body } = await get('/products(1)?$select=price', {
      accept: 'application/json;metadata=full',
      'odata-maxversion': '4.01',
    });
    expect(body).toMatchObject({
      '@type': '#Portolan.Product',
      '@id': `${root}/products(1)`,
      'price@type': 'Decimal',
    });
    expect(JSON.stringify(body)).not.toContain('odata.');
  });

  test('is what the answer of a write has too', async () => {
    const response = await server.fetch('/odata/suppliers', {
      key: server.adminKey,
      headers: full,
      json: { code: 'FULL', name: 'x', country: 'DE', rating: 1.5 },
    });
    expect(response.status).toBe(201);
    const body = await response.json();
    expect(body).toMatchObject({
      '@odata.type': '#Portolan.Supplier',
      '@odata.id': response.headers.get('location'),
      '@odata.etag': response.headers.get('etag'),
      'products@odata.navigationLink': `${response.headers.get('location')}/products`,
    });
    expect(JSON.stringify(body)).not.toContain('~');
  });

  test('goes with delta links', async () => {
    const first = await get('/collections?$select=name', { ...full, prefer: 'track-changes' });
    const link = first.body['@odata.deltaLink'].slice(root.length);
    await server.database.query(`INSERT INTO "Collection" (slug, name) VALUES ('delta', 'x')`);
    const { body } = await get(link, full);
    expect(body.value).toEqual([
      expect.objectContaining({
        '@odata.type': '#Portolan.Collection',
        '@odata.id': expect.any(String),
        name: 'x',
      }),
    ]);
    expect(JSON.stringify(body)).not.toContain('~');
  });
});

describe('metadata=none', () => {
  test('leaves out all but the count and the link to the next page', async () => {
    const none = { accept: 'application/json;odata.metadata=none', prefer: 'odata.maxpagesize=1' };
    const admin = client(server);
    expect(Object.keys((await admin('/products?$count=true&$select=id', none)).body)).toEqual([
      '@odata.count',
      'value',
      '@odata.nextLink',
    ]);
    expect((await admin('/products(1)?$select=id', none)).body).toEqual({ id: 1 });
    expect((await admin('/products(1)/id', none)).body).toEqual({ value: 1 });
    expect(Object.keys((await admin('/', none)).body)).toEqual(['value']);
  });
});

test('fields without a value are left out where the client prefers that', async () => {
  await server.database.query(
    `UPDATE "Product" SET description = NULL, attributes = '{"a":null}', "categoryId" = NULL WHERE id = 3`,
  );
  const path =
    '/products(3)?$select=id,price,description,attributes&$expand=category,supplier($select=id,rating)';
  for (const prefer of ['omit-values=nulls', 'odata.omit-values="nulls"']) {
    const reply = await get(path, { prefer });
    expect(reply.headers.get('preference-applied')).toBe('odata.omit-values=nulls');
    expect(reply.body).toMatchObject({ id: 3, attributes: { a: null } });
    expect(reply.body).not.toHaveProperty('description');
    expect(reply.body).not.toHaveProperty('category');
    const { rows } = await server.database.query('SELECT price FROM "Product" WHERE id = 3');
    expect(reply.text).toContain(`"price":${rows[0]![0]},`);
  }
  const list = await get('/products?$filter=id ge 3 and id le 4&$select=id,description&$orderby=id', {
    prefer: 'omit-values=nulls',
  });
  expect(list.body.value[0]).toEqual({ id: 3 });
  expect((await get(path, { prefer: 'omit-values=defaults' })).body.description).toBeNull();
});

describe('version 4.01', () => {
  const newer = { 'odata-maxversion': '4.01' };
  test('has its annotations without the prefix, everywhere', async () => {
    const reply = await get(
      '/categories?$count=true&$select=id&$expand=products($count=true;$top=1;$select=id)',
      { ...newer, prefer: 'maxpagesize=1' },
    );
    expect(reply.headers.get('odata-version')).toBe('4.01');
    expect(reply.headers.get('content-type')).toBe('application/json;metadata=minimal');
    expect(reply.headers.get('preference-applied')).toBe('maxpagesize=1');
    expect(Object.keys(reply.body)).toEqual(['@context', '@count', 'value', '@nextLink']);
    expect(Object.keys(reply.body.value[0])).toEqual(['id', 'products@count', 'products']);
  });

  test('is for those who can read it', async () => {
    for (const headers of [{}, { 'odata-maxversion': '4.0' }, { 'odata-version': '4.01' }]) {
      const reply = await get('/products?$top=1&$select=id', headers as Record<string, string>);
      expect(reply.headers.get('odata-version')).toBe('4.0');
      expect(reply.body).toHaveProperty(['@odata.context']);
    }
  });
});

describe('odd requests', () => {
  test.each<readonly [path: string, status: number]>([
    ['', 200],
    ['/', 200],
    ['/$metadata', 200],
    ['/$metadata/', 200],
    ['/products', 200],
    ['/products/', 200],
    ['/products(1)', 200],
    ['/products(1)/', 200],
    ['/products(1)/name', 200],
    ['/products(1)/name/$value', 200],
    ['/products/$count', 200],
    ['/products/$count/', 200],
    ['/products(1)/category', 200],
    ['/products?$format=csv&$top=1', 200],
    ['/$batch', 200],
    ['/nope', 404],
    ['/products?$filter=x', 400],
    ['/$entity', 501],
  ])('HEAD %s has the headers of GET and no body', async (path, status) => {
    const head = await server.fetch(`/odata${path}`, { method: 'HEAD', key: server.adminKey });
    expect(head.status).toBe(status);
    expect(await head.text()).toBe('');
    expect(head.headers.get('odata-version')).toBe('4.0');
    const reply = await client(server)(path);
    expect(head.headers.get('content-type')).toBe(reply.headers.get('content-type'));
  });

  test.each(['', '/', '/products', '/products(1)', '/$batch', '/$metadata'])('OPTIONS %s', async path => {
    const response = await server.fetch(`/odata${path}`, { method: 'OPTIONS' });
    expect(response.status).toBe(204);
    expect(response.headers.get('allow')).toBe('GET, POST, PUT, PATCH, DELETE, HEAD, OPTIONS');
    expect(response.headers.get('odata-version')).toBe('4.0');
  });

  test('a page of another origin may ask', async () => {
    const headers = {
      origin: 'https://ui.example',
      'access-control-request-method': 'PATCH',
      'access-control-request-headers': 'x-api-key, odata-version',
    };
    const response = await server.fetch('/odata/products(1)', { method: 'OPTIONS', headers });
    expect(response.headers.get('access-control-allow-origin')).toBe('*');
    expect(response.headers.get('access-control-allow-methods')).toContain('PATCH');
    expect(response.headers.get('access-control-allow-headers')).toBe('x-api-key, odata-version');
  });

  test.each([
    { 'content-type': 'application/json' },
    { 'content-type': 'application/json;odata=verbose' },
    { 'accept-charset': 'utf-16' },
    { 'accept-encoding': 'br' },
    { 'accept-language': 'tlh' },
    { 'x-csrf-token': 'Fetch' },
    { dataserviceversion: '3.0', maxdataserviceversion: '3.0' },
    { prefer: 'respond-async,wait=10,odata.include-annotations="*",x' },
  ])('%j does no harm', async headers => {
    const reply = await get('/products(1)?$select=id', headers as unknown as Record<string, string>);
    expect([reply.status, reply.body.id]).toEqual([200, 1]);
    expect(reply.headers.get('preference-applied')).toBeNull();
  });

  test.each([
    [
      'respond-async,wait=10,odata.include-annotations="a,b;c",x',
      'respond-async, wait, odata.include-annotations, x',
    ],
    ['return=representation', 'return'],
    ['odata.maxpagesize=x, omit-values=defaults', 'odata.maxpagesize, omit-values'],
    ['maxpagesize=1,omit-values=nulls,continue-on-error', 'continue-on-error'],
    ['maxpagesize=1,odata.track-changes', null],
    ['track-changes,"x\ty",,;', null],
  ])('the preference %s is followed or named', async (prefer, ignored) => {
    const reply = await get('/collections?$select=id', { prefer });
    expect(reply.status).toBe(200);
    expect(reply.headers.get('portolan-preference-ignored')).toBe(ignored);
  });

  test('preferences that a batch does not follow are named', async () => {
    const json = { requests: [{ id: '1', method: 'GET', url: 'products/$count' }] };
    const headers = { prefer: 'odata.continue-on-error=false,odata.maxpagesize=3' };
    const response = await server.fetch('/odata/$batch', { key: server.adminKey, json, headers });
    expect(response.headers.get('preference-applied')).toBe('odata.continue-on-error=false');
    expect(response.headers.get('portolan-preference-ignored')).toBe('odata.maxpagesize');
  });

  test.each(['isolation', 'odata-isolation'])('the header %s asks for what is not served', async name => {
    const reply = await get('/products(1)', { [name]: 'snapshot' });
    expect([reply.status, reply.body.error.code]).toEqual([412, 'PRECONDITION_FAILED']);
  });

  test.each([
    ['/products', 'application/xml', 'application/json or text/csv'],
    ['/products(1)', 'text/csv', 'application/json'],
    ['/products(1)', 'application/json;odata.metadata=huge', 'application/json'],
    ['/products(1)', 'application/json;charset=utf-16', 'application/json'],
    ['/products(1)', 'application/json;IEEE754Compatible=perhaps', 'application/json'],
    ['/products(1)/name/$value', 'image/png', 'text/plain'],
    ['/$metadata', 'text/csv', 'application/xml or application/json'],
  ])('%s as %s is refused with what it is served as', async (path, accept, types) => {
    const { status, body } = await get(path, { accept });
    expect([status, body.error.code]).toEqual([406, 'NOT_ACCEPTABLE']);
    expect(body.error.message).toContain(`This resource is only available as ${types}.`);
    expect((await get(path, { accept: `${accept},*/*;q=0.1` })).status).toBe(200);
  });

  test('the Query API refuses what is not JSON', async () => {
    const ask = (accept: string) =>
      server.fetch('/api/query', {
        key: server.adminKey,
        json: { query: 'productsCount' },
        headers: { accept },
      });
    expect((await ask('text/csv')).status).toBe(406);
    for (const accept of ['*/*', 'text/html, */*;q=0.1', 'application/json;IEEE754Compatible=true'])
      expect((await ask(accept)).status).toBe(200);
  });

  test('every answer says its version once', async () => {
    for (const path of [
      '',
      '/products',
      '/products(1)/description',
      '/nope',
      '/products?$filter=(',
      '/$metadata',
    ]) {
      const response = await server.fetch(`/odata${path}`, { key: server.adminKey });
      expect(response.headers.get('odata-version'), path).toBe('4.0');
    }
    const none = await server.fetch('/odata/products');
    expect([none.status, none.headers.get('odata-version')]).toEqual([401, '4.0']);
  });

  test('a schema version that there is not is refused', async () => {
    expect((await get('/products?$top=1&$schemaversion=*')).status).toBe(200);
    expect((await get('/products?$top=1&$schemaversion=nope')).status).toBe(404);
    expect((await get('/$metadata?$schemaversion=nope')).status).toBe(404);
    expect((await get('/?$schemaversion=nope')).status).toBe(404);
  });
});
