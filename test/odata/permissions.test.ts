import { beforeAll, describe, expect, test } from 'vitest';
import { serverForFile } from '../harness.ts';
import { client, type Get } from './client.ts';

let get: Get;

const server = serverForFile({ demo: true });
beforeAll(async () => {
  get = client(server, await server.createKey('products:read', 'categories:read'));
});

describe('a field that may not be read', () => {
  test('is absent where nothing is selected', async () => {
    const [product] = (await get('/products?$top=1')).body.value;
    expect(product).toHaveProperty('price');
    expect(product).not.toHaveProperty('cost');
    expect(product).not.toHaveProperty('margin');
    expect((await get('/products(1)?$select=*')).body).not.toHaveProperty('cost');
  });

  test.each([
    '/products?$select=cost',
    '/products?$select=margin',
    '/products?$filter=cost gt 1',
    '/products?$filter=margin gt 0.5',
    '/products?$orderby=cost',
    '/products/$count?$filter=cost gt 1',
    '/products(1)/cost',
    '/products(1)/margin/$value',
    '/categories?$expand=products($select=cost)',
    '/categories?$expand=products($filter=cost gt 1)',
    '/categories?$filter=products/any(p:p/cost gt 1)',
    '/categories?$filter=products/$count($filter=cost gt 1) gt 1',
    '/categories?$orderby=products/$count($filter=cost gt 1)',
    '/categories(14)/products?$filter=cost gt 1',
    '/products?$filter=price gt @p&@p=cost',
    '/products?$compute=cost as c',
    '/products?$compute=cost as c&$select=id',
    '/products?$compute=price as p,p sub cost as c&$select=c',
    '/products?$compute=cost as c&$filter=c gt 1&$select=id',
    '/products?$compute=margin as m&$orderby=m&$select=id',
    '/products/$count?$compute=cost as c&$filter=c gt 1',
    '/products(1)?$compute=case(cost gt 1:1,true:0) as c',
    '/products?$orderby=case(cost gt 1:1,true:0)',
    '/products?$orderby=cast(cost,Edm.String)',
    '/products?$filter=isof(cost,Edm.Decimal)',
    '/products?$filter=not isof(cost,Edm.String)',
    '/products?$filter=@a/cost gt 1&@a=$it',
    '/products?$filter=@a gt 1&@a=@b&@b=$this/cost',
    '/products?$filter=$it/cost gt 1',
    '/products?$filter=$this/cost gt 1',
    '/products?$filter=$root/products(1)/cost gt 1',
    '/products?$filter=$root/products(@k)/margin gt 1&@k=1',
    '/products?$select=tags($filter=$it/cost gt 1)',
    '/products?$select=tags($orderby=$it/cost)',
    '/products(1)/tags?$filter=$it/cost gt 1',
    '/products/$filter(cost gt 1)',
    '/products/$filter(@f)/$count?@f=cost gt 1',
    '/categories(14)/products/$filter(cost gt 1)?$select=id',
    '/categories?$expand=products($compute=cost as c;$select=c)',
    '/categories?$expand=products($compute=cost as c;$select=id)',
    '/categories?$expand=products($orderby=case(cost gt 1:1))',
    '/categories?$expand=products/$count($filter=cost gt 1)',
    '/categories?$expand=products/$ref($filter=cost gt 1)',
    '/categories?$expand=products(@c=cost;$filter=@c gt 1)',
    '/products?$expand=category($expand=products($filter=$it/cost gt 1))',
    '/categories?$expand=children(@p=1;$expand=products($filter=cost gt @p))',
    '/categories?$filter=products/$filter(cost gt 1)/any()',
    '/categories?$filter=products/$filter(cost gt 1)/$count gt 1',
    '/categories?$filter=products/$count($filter=true;$search=x) gt 1 and products/any(p:p/cost gt 1)',
    '/categories?$orderby=products/$filter(cost gt 1)/$count',
  ])('can be used nowhere: %s', async path => {
    const reply = await get(path);
    expect(reply.status, reply.text).toBe(403);
    expect(reply.body.error).toMatchObject({ code: 'SCOPE_MISSING', target: 'products.cost:read' });
  });

  test('is never named in a hint', async () => {
    const { error } = (await get('/products?$select=cos')).body;
    expect(error.code).toBe('UNKNOWN_FIELD');
    expect(error.message).not.toContain('cost');
    expect((await get('/products(1)/cos')).text).not.toContain('cost');
    for (const query of [
      '$compute=cos as c',
      '$filter=$root/products(1)/cos gt 1',
      '$compute=pric as cos&$select=cost1',
    ]) {
      const { error } = (await get(`/products?${query}`)).body;
      expect(error.code, query).toBe('UNKNOWN_FIELD');
      expect(JSON.stringify(error), query).not.toMatch(/\bcost\b/);
    }
    // Nor the fields of a set that may not be read.
    for (const query of [
      "$filter=supplier/nam eq 'x'",
      '$orderby=supplier/nope',
      '$filter=orderItems/any(i:i/nope eq 1)',
    ]) {
      const { status, text } = await get(`/products?${query}`);
      expect([400, 403], query).toContain(status);
      expect(text, query).not.toMatch(/\b(name|country|quantity|orderId)\b/);
    }
    // Keys that have a restricted field are no keys for whoever may not read it.
    const customers = client(server, await server.createKey('customers:read'));
    const reply = await customers("/customers?$filter=$root/customers(nope='x')/id eq 1");
    expect(reply.status).toBe(400);
    expect(reply.text).not.toContain('email');
  });
});

describe('a set that may not be read', () => {
  test.each([
    ['/orders', 'orders:read'],
    ['/orders/$count', 'orders:read'],
    ['/orders(1)', 'orders:read'],
    ['/products(1)/supplier', 'suppliers:read'],
    ['/products?$expand=supplier', 'suppliers:read'],
    ["/products?$filter=supplier/name eq 'x'", 'suppliers:read'],
    ['/products?$filter=supplier ne null', 'suppliers:read'],
    ['/products?$orderby=supplier/name', 'suppliers:read'],
    ['/products?$filter=orderItems/any()', 'orderItems:read'],
    ['/products?$filter=orderItems/$count gt 1', 'orderItems:read'],
    ['/products?$expand=orderItems/$count', 'orderItems:read'],
    ['/products?$compute=supplier/name as s', 'suppliers:read'],
    ['/products?$compute=orderItems/$count as n&$select=id', 'orderItems:read'],
    ['/products?$expand=supplier/$ref', 'suppliers:read'],
    ['/products?$filter=isof(supplier,Portolan.Supplier)', 'suppliers:read'],
    ['/products?$filter=isof(supplier,Portolan.Product)', 'suppliers:read'],
    ['/products?$filter=$root/orders(1)/total gt 1', 'orders:read'],
    ["/products?$filter=$root/suppliers(code='x')/id gt 1", 'suppliers:read'],
    ['/products?$filter=@s/name eq null&@s=supplier', 'suppliers:read'],
    ['/products?$filter=orderItems/$filter(true)/$count gt 1', 'orderItems:read'],
    ['/categories?$expand=products($compute=supplier/name as s)', 'suppliers:read'],
    ['/products/$filter(supplier ne null)', 'suppliers:read'],
  ])('can be reached nowhere: %s', async (path, scope) => {
    const reply = await get(path);
    expect(reply.status, reply.text).toBe(403);
    expect(reply.body.error).toMatchObject({ code: 'SCOPE_MISSING', target: scope });
  });

  test('is left out of a star', async () => {
    const product = (await get('/products(1)?$expand=*')).body;
    expect(product).toHaveProperty('category');
    expect(product).not.toHaveProperty('supplier');
  });
});

test('what one caller was answered is never given to another', async () => {
  const path = '/products?$top=1&$orderby=id';
  const admin = client(server);
  expect((await admin(path)).body.value[0]).toHaveProperty('cost');
  expect((await get(path)).body.value[0]).not.toHaveProperty('cost');
  expect((await admin('/products?$select=cost&$top=1')).status).toBe(200);
  expect((await get('/products?$select=cost&$top=1')).status).toBe(403);
  expect((await admin(path)).body.value[0]).toHaveProperty('cost');
});

test('without a credential the error has OData’s form, and the challenge', async () => {
  for (const path of ['/odata/products', '/odata/', '/odata/$metadata']) {
    const response = await server.fetch(path);
    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toContain('Basic');
    expect(response.headers.get('odata-version')).toBe('4.0');
    expect(await response.json()).toMatchObject({
      error: { code: 'UNAUTHENTICATED', message: expect.any(String) },
    });
  }
});
