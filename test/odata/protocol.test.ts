// Headers, formats and errors.

import { beforeAll, describe, expect, test } from 'vitest';
import { serverForFile } from '../harness.ts';
import { client, type Get } from './client.ts';

let get: Get;

const server = serverForFile({ demo: true });
beforeAll(async () => {
  get = client(server);
});

const excel =
  'application/json;odata.metadata=minimal;q=1.0,application/json;odata=minimalmetadata;q=0.9,application/atomsvc+xml;q=0.8,application/atom+xml;q=0.8,application/xml;q=0.7,text/plain;q=0.7';
const minimal = 'application/json;odata.metadata=minimal';

describe('the format of data', () => {
  test.each([
    [undefined, minimal],
    ['', minimal],
    ['*/*', minimal],
    ['application/json', minimal],
    ['application/json;odata=verbose,text/plain, */*; q=0.01', minimal],
    [excel, minimal],
    ['application/json;odata.metadata=full', 'application/json;odata.metadata=full'],
    ['application/json;odata.metadata=some, */*;q=0.1', minimal],
    ['application/json;metadata=none', 'application/json;odata.metadata=none'],
    ['application/json;odata.metadata=minimal;IEEE754Compatible=true', `${minimal};IEEE754Compatible=true`],
    ['text/html, application/json;q=0.5', minimal],
    ['application/json;odata.metadata=none;q=0.4, application/json;q=0.5', minimal],
  ])('for %s', async (accept, expected) => {
    const reply = await get('/products?$top=1', accept === undefined ? {} : { accept });
    expect(reply.status).toBe(200);
    expect(reply.headers.get('content-type')).toBe(expected);
  });

  test.each([
    'application/atom+xml',
    'application/json;odata.metadata=some',
    'application/json;q=0',
    'application/json;q=0, */*',
    'text/plain',
  ])('refuses %s', async accept => {
    const reply = await get('/products?$top=1', { accept });
    expect(reply.status).toBe(406);
    expect(reply.body.error.code).toBe('NOT_ACCEPTABLE');
  });

  test('$format goes before the header', async () => {
    const json = await get('/products?$top=1&$format=json', { accept: 'text/csv' });
    expect(json.headers.get('content-type')).toBe(minimal);
    expect((await get('/products?$top=1&$format=atom', { accept: '*/*' })).status).toBe(406);
    const none = await get('/products?$top=1&$format=application/json;odata.metadata=none');
    expect(none.body).not.toHaveProperty('@odata.context');
    expect((await get('/products(1)?$format=application/json;odata.metadata=none')).body).not.toHaveProperty(
      '@odata.context',
    );
  });

  test('decimals and big integers keep every digit, as numbers or as strings', async () => {
    const [row] = (await server.database.query('select price from "Product" where id = 1')).rows;
    const numbers = await get('/products(1)?$select=price');
    expect(numbers.text).toContain(`"price":${row![0]}`);
    const compatible = { accept: 'application/json;IEEE754Compatible=true' };
    expect((await get('/products(1)?$select=price', compatible)).body.price).toBe(row![0]);
    const levels = await get('/stockLevels?$top=1&$count=true&$select=movements,quantity', compatible);
    expect(levels.body['@odata.count']).toEqual(expect.any(String));
    expect(levels.body.value[0]).toEqual({ movements: expect.any(String), quantity: expect.any(Number) });
  });
});

describe('the format of $metadata', () => {
  test.each([
    undefined,
    '*/*',
    'application/xml',
    excel,
    'application/json;odata.metadata=full',
    'text/html, */*;q=0.1',
  ])('is XML for %s', async accept => {
    const reply = await get('/$metadata', accept === undefined ? {} : { accept });
    expect([reply.status, reply.headers.get('content-type')]).toEqual([200, 'application/xml']);
  });

  test('is XML, or JSON where that is asked for, and nothing else', async () => {
    const json = await get('/$metadata', { accept: 'application/json' });
    expect(json.headers.get('content-type')).toBe('application/json');
    expect((await get('/$metadata?$format=json')).body).toHaveProperty('$EntityContainer');
    expect((await get('/$metadata?$format=xml')).status).toBe(200);
    expect((await get('/$metadata', { accept: 'text/csv;q=1, application/pdf' })).status).toBe(406);
  });
});

describe('the version', () => {
  test.each([
    ['4.0', 200, '4.0'],
    ['4.01', 200, '4.01'],
    ['5', 200, '4.01'],
    ['3.0', 400, '4.0'],
    ['x', 400, '4.0'],
  ])('OData-MaxVersion %s is answered with %i in version %s', async (version, status, answered) => {
    const reply = await get('/products?$top=0', { 'odata-maxversion': version });
    expect(reply.status).toBe(status);
    expect(reply.headers.get('odata-version')).toBe(answered);
  });

  test('the maximum of older versions means nothing', async () => {
    expect(
      (await get('/products?$top=0', { maxdataserviceversion: '3.0', 'odata-maxversion': '4.0' })).status,
    ).toBe(200);
  });
});

describe('HEAD', () => {
  test.each(['/', '', '/$metadata', '/products', '/products/', '/products(1)', '/products/$count'])(
    '%s',
    async path => {
      const response = await server.fetch(`/odata${path}`, { method: 'HEAD', key: server.adminKey });
      expect(response.status).toBe(200);
      expect(response.headers.get('odata-version')).toBe('4.0');
      expect(await response.text()).toBe('');
    },
  );
});

describe('errors', () => {
  test('say where and what to do, to people and to programs', async () => {
    const reply = await get('/products?$orderby=id&$filter=stock gt 0 and prise lt 5');
    expect(reply.status).toBe(400);
    expect(reply.headers.get('content-type')).toBe(minimal);
    expect(reply.headers.get('odata-version')).toBe('4.0');
    expect(reply.body).toEqual({
      error: {
        code: 'UNKNOWN_FIELD',
        message: 'products has no field "prise" (character 16 of $filter). Did you mean "price"?',
        target: 'prise',
        innererror: {
          hint: 'Did you mean "price"?',
          option: '$filter',
          position: 16,
          requestId: reply.headers.get('x-request-id'),
        },
      },
    });
  });

  test.each([
    ['/products?$filter=name eq', '$filter', 8],
    ["/products?$filter=name%20eq%20'a'%20and", '$filter', 16],
    ['/products?$top=1&$orderby=name,nme', '$orderby', 6],
    ['/products?$select=id,nme', '$select', 4],
    ['/products?$expand=category($select=nme)', '$expand', 18],
    ['/products?$filter=id eq @p&@p=nme', '@p', 1],
    ['/products?$top=x', '$top', 1],
    ['/prodcts', undefined, 2],
    ["/products(sku='x',name)", undefined, 19],
  ])('know the place: %s', async (path, option, position) => {
    const { error } = (await get(path)).body;
    expect(error.innererror).toMatchObject({ ...(option && { option }), position });
  });

  test.each([
    ['has', "$filter=status has Portolan.OrderStatus'PAID'"],
    ['function geo.distance', '$filter=geo.distance(a,b) gt 1'],
    ['functions of a model', '$filter=f(x=1) eq 1'],
    ['"Portolan.F(...)" on a path', '$filter=category/Portolan.F() eq 1'],
    ['type cast', '$filter=category/Portolan.Category/id eq 1'],
    ['casts of a whole entity', '$filter=cast(Portolan.Product) eq null'],
    ['the type Edm.GeographyPoint', '$filter=cast(name,Edm.GeographyPoint) eq null'],
    ['lists of lists', '$filter=id in [[1]]'],
    ['fields and objects in lists', '$filter=hassubset(tags,[name])'],
    ['annotations', '$filter=@Core.Messages/any()'],
    ['whole entities and collections after $root', '$filter=$root/products(1) eq null'],
    ['$search in lists', '$select=tags($search=x)'],
    ['options of "category" in $select', '$select=category($select=name)'],
    ['$value in $expand', '$expand=$value'],
  ])('say that %s is not served', async (what, query) => {
    const reply = await get(`/products?${query}`);
    expect(reply.status, reply.text).toBe(501);
    expect(reply.body.error).toMatchObject({
      code: 'NOT_IMPLEMENTED',
      message: expect.stringContaining(what),
    });
  });

  test.each([
    '$foo=1',
    '$filter=',
    '$orderby=',
    '$select=',
    '$expand=',
    '$top=',
    '$top=-1',
    '$top=1.5',
    '$skip=x',
    '$count=1',
    '$top=1&$top=2',
    '$filter=nope(name)',
    '$filter=contains(name)',
    '$filter=name gt',
    '$filter=name',
    '$filter=stock',
    "$filter=stock eq 'x'",
    '$filter=name eq 5',
    "$filter=createdAt eq '2026-02-30'",
    '$filter=createdAt gt 2026-13-01',
    "$filter=not name eq 'x'",
    '$filter=category',
    '$filter=orderItems eq 1',
    '$filter=tags/any(t:u eq 1)',
    '$orderby=tags',
    '$orderby=category',
    '$expand=name',
    '$expand=nope',
    '$expand=category,category',
    '$expand=category($top=1)',
    '$expand=category($foo=1)',
    '$select=nope',
    '$select=*,nope',
    '$filter=label eq 1',
    '$top=10001&$skip=-1',
    '$filter=%zz',
    '$filter=id eq @a&@a=@b&@b=@a',
    '$filter=id in @a&@a=1',
    '$filter=id in (1,@a)&@a=stock',
    '$filter=stock div 0 eq 1',
    "$filter=id eq Portolan.Nope'x'",
    "$filter=name eq 'O'Neil'",
    '$expand=category($levels=0)',
    '$expand=category/$count',
  ])('refuse what is wrong: %s', async query => {
    const reply = await get(`/products?${query}`);
    expect(reply.status, reply.text).toBe(400);
    expect(reply.body.error).toMatchObject({
      code: expect.stringMatching(/^[A-Z_]+$/),
      message: expect.any(String),
    });
  });

  test.each([
    ['POST', '/products(1)', 'GET, HEAD, PATCH, PUT, DELETE'],
    ['DELETE', '/products', 'GET, HEAD, POST'],
    ['PATCH', '/products/$count', 'GET, HEAD'],
    ['POST', '/', 'GET, HEAD'],
    ['PUT', '/$metadata', 'GET, HEAD'],
    ['PATCH', '/products(1)/margin', 'GET, HEAD'],
    ['POST', '/products(1)/category/$ref', 'GET, HEAD, PUT, DELETE'],
  ])('say that %s does not go with %s', async (method, path, allowed) => {
    const response = await server.fetch(`/odata${path}`, { method, key: server.adminKey });
    expect(response.status).toBe(405);
    expect(response.headers.get('odata-version')).toBe('4.0');
    expect(response.headers.get('allow')).toBe(allowed);
    expect((await response.json()).error.message).toContain(method);
  });
});

describe('strange text', () => {
  test.each([
    '\'; drop table "Product"; --',
    "''",
    '\\',
    "\\'",
    '%',
    '_',
    '"',
    '$1',
    '{}',
    '\n',
    'ß',
    '日本',
    '😀',
    'x\u0000y',
    "a'b''c",
    '/*',
    '&$top=0',
    '#',
    '?',
    '+',
  ])('is a value like any other: %j', async text => {
    const written = encodeURIComponent(`'${text.replaceAll("'", "''")}'`);
    const count = await get(`/products/$count?$filter=name ne ${written} and not contains(name,${written})`);
    expect(count.status, count.text).toBe(200);
    const [expected] = (
      await server.database.query('select count(*) from "Product" where strpos(name, $1) = 0', [
        text.replaceAll('\u0000', '\u0001') || 'never there',
      ])
    ).rows;
    if (text !== "''") expect(count.text).toBe(expected![0]);
    expect((await get(`/products(sku=${written})`)).status).toBe(404);
  });

  test('as a name is no name', async () => {
    for (const name of [
      'name"',
      "na'me",
      'name;',
      'name)',
      'constructor',
      '__proto__',
      'toString',
      'id::text',
      'id--',
    ]) {
      const query = encodeURIComponent(name);
      for (const option of ['$select', '$orderby', '$filter', '$expand']) {
        expect((await get(`/products?${option}=${query}`)).status, `${option}=${name}`).toBe(400);
      }
      expect((await get(`/products(1)/${query}`)).status, name).toBeGreaterThanOrEqual(400);
    }
    for (const set of ['constructor', '__proto__', 'toString'])
      expect((await get(`/${set}`)).status).toBe(404);
  });
});

describe('hostile requests', () => {
  test('are refused, and the next request means what it meant', async () => {
    const ordinary = "/products/$count?$filter=tags/any(t:t ne 'x') or orderItems/$count gt 2";
    const before = (await get(ordinary)).text;
    const hostile = [
      `$filter=tags/any(t:${'('.repeat(3_000)}`,
      `$filter=${'('.repeat(3_000)}true${')'.repeat(3_000)}`,
      `$filter=${Array(1_300).fill('@a').join(' or ')}&@a=${Array(800).fill('true').join(' or ')}`,
      `$filter=@a&@a=@b and @b&@b=@c and @c&@c=@d and @d&@d=@e and @e&@e=1`,
      `$expand=${'*($expand='.repeat(12)}*${')'.repeat(12)}`,
      '$expand=*($levels=10;$expand=*($levels=10))',
      `$expand=${Array(500).fill('category').join(',')}`,
      `$select=${Array(3_000).fill('id').join(',')},nope`,
      `$orderby=${Array(3_000).fill('id').join(',')}`,
      `$filter=${Array(1_900).fill('id eq 1').join('+or+')}`,
    ];
    for (const query of hostile)
      expect((await get(`/products?${query}`)).status, query.slice(0, 60)).toBe(400);
    expect((await get(ordinary)).text).toBe(before);
  });
});
