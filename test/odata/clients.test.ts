// What known clients really send, as far as it is served: recorded requests, and the programs of the product's source document.

import { beforeAll, describe, expect, test } from 'vitest';
import { serverForFile } from '../harness.ts';
import { client, type Get } from './client.ts';

let get: Get;

const server = serverForFile({ demo: true });
beforeAll(async () => {
  get = client(server);
});

describe('the source document', () => {
  test('its TypeScript program', async () => {
    const params = new URLSearchParams({
      $select: 'id,name,price,stock',
      $filter: 'stock gt 0',
      $top: '100',
      $orderby: 'name asc',
    });
    const response = await server.fetch(`/odata/products?${params}`, {
      headers: { 'X-API-Key': server.adminKey },
    });
    expect(response.ok).toBe(true);
    const { value } = await response.json();
    expect(value).toHaveLength(100);
    for (const product of value) {
      const names = Object.keys(product).filter(name => !name.startsWith('@'));
      expect(names).toEqual(['id', 'name', 'price', 'stock']);
      expect(product.stock).toBeGreaterThan(0);
    }
  });

  test('its PHP program, which encodes by http_build_query', async () => {
    const { body } = await get(
      '/products?%24select=id%2Cname%2Cprice%2Cstock&%24filter=stock+gt+0&%24top=100&%24orderby=name+asc',
      { accept: '*/*' },
    );
    expect(body.value).toHaveLength(100);
  });
});

const accepts = {
  ui5: 'application/json;odata.metadata=minimal;IEEE754Compatible=true',
  devExtreme: 'application/json;odata=verbose,text/plain, */*; q=0.01',
  powerQuery:
    'application/json;odata.metadata=minimal;q=1.0,application/json;odata=minimalmetadata;q=0.9,application/atomsvc+xml;q=0.8,application/atom+xml;q=0.8,application/xml;q=0.7,text/plain;q=0.7',
};

describe('recorded requests', () => {
  test.each<readonly [client: string, path: string, accept: string]>([
    ['OpenUI5', '/$metadata', '*/*'],
    ['OpenUI5', '/products?$count=true&$skip=0&$top=100', accepts.ui5],
    [
      'OpenUI5',
      '/categories?$expand=products($count=true;$select=id,name;$filter=stock%20gt%200;$orderby=name;$top=5)&$top=20',
      accepts.ui5,
    ],
    ['OpenUI5', "/products?$filter=not%20contains(tolower(name),tolower('zz'))&$top=5", accepts.ui5],
    [
      'OpenUI5',
      "/products?$filter=(not%20contains(name,'zz')%20or%20endswith(name,'x'))%20and%20stock%20gt%203&$top=5",
      accepts.ui5,
    ],
    [
      'OpenUI5',
      "/categories?$filter=products/any(p:p/stock%20gt%203%20and%20not%20startswith(p/name,'x'))",
      accepts.ui5,
    ],
    ['OpenUI5', '/categories?$filter=products/all(p:p/stock%20gt%200)', accepts.ui5],
    ['OpenUI5', '/products(1)?$select=id,name', accepts.ui5],
    ['DevExtreme', '/products?%24top=0&%24count=true', accepts.devExtreme],
    [
      'DevExtreme',
      "/products?%24filter=contains(tolower(name)%2C'a')&%24orderby=category%2Fname%2Cname%20desc&%24top=20&%24skip=20&%24count=true",
      accepts.devExtreme,
    ],
    [
      'DevExtreme',
      '/products?%24filter=(stock%20gt%200)%20and%20(price%20lt%2050)&%24expand=category',
      accepts.devExtreme,
    ],
    ['Syncfusion', '/products/?$count=true&$skip=0&$top=12', 'application/json'],
    ['Syncfusion', '/products/?$filter=startswith(tolower(name),%27a%27)&$top=12', 'application/json'],
    ['@odata/client', '/products?$top=1&$count=true', 'application/json'],
    ['@odata/client', '/products(1)', 'application/json'],
    ['o.js', '/products?$top=2&$filter=stock gt 0', 'application/json'],
    ['ts-odatajs', '/$metadata', 'application/xml'],
    ['breeze', '/$metadata', 'application/json;odata.metadata=full'],
    [
      'breeze',
      '/products?$filter=stock%20gt%200&$orderby=name&$top=5',
      'application/json;odata.metadata=minimal;IEEE754Compatible=true',
    ],
    ['SAP Cloud SDK', '/products(id=3)', 'application/json'],
    ['SAP Cloud SDK', '/products/$count', 'application/json'],
    ['kendo', "/products?$filter=indexof(name,'zz') eq -1&$top=5", 'application/json'],
    ['kendo', "/dataSheets?$filter=id eq '3f2a0d5c-7c1e-4b4e-9a55-0a6c1a7b1f10'", 'application/json'],
    ['odata-query', '/products?$filter=id in (1,2)', 'application/json'],
    ['odata-query', '/collections?$filter=products/any(products:products/id eq 1)', 'application/json'],
    ['Power Query', '/', accepts.powerQuery],
    ['Power Query', '/$metadata', accepts.powerQuery],
    ['Power Query', '/products?$top=1000', accepts.powerQuery],
    [
      'Power Query',
      '/products?$filter=stock gt 3 and price le 99.5&$orderby=name&$select=id,name&$top=1000',
      accepts.powerQuery,
    ],
    ['Simple.OData.Client', "/orders?$filter=not%20(status%20in%20('PAID','SHIPPED'))", 'application/json'],
    ['Simple.OData.Client', "/orders?$filter=not status in ('PAID','SHIPPED')", 'application/json'],
  ])('%s: %s', async (_, path, accept) => {
    const headers = { accept, 'content-type': 'application/json', 'odata-maxversion': '4.0' };
    const reply = await get(path, headers);
    expect(reply.status, reply.text).toBe(200);
    expect(reply.headers.get('odata-version')).toBe('4.0');
  });

  test('a credential may be Basic, as Excel and Power BI send it', async () => {
    const authorization = `Basic ${Buffer.from(`any:${server.adminKey}`).toString('base64')}`;
    const response = await server.fetch('/odata/products?$top=1', {
      headers: { authorization, accept: accepts.powerQuery },
    });
    expect(response.status).toBe(200);
  });

  test('links are absolute, as Excel demands', async () => {
    const { body } = await get('/products?$select=id', { prefer: 'odata.maxpagesize=2' });
    expect(body['@odata.context']).toMatch(/^http:\/\/localhost:3000\/odata\/\$metadata#/);
    expect(body['@odata.nextLink']).toMatch(/^http:\/\/localhost:3000\/odata\/products\?/);
  });
});
