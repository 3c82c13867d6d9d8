import { beforeAll, describe, expect, test } from 'vitest';
import { serverForFile } from '../harness.ts';

let key: string;
const server = serverForFile({ demo: true });
beforeAll(async () => {
  key = await server.createKey('read');
});

const post = (query: unknown, variables?: unknown, headers: Record<string, string> = {}) =>
  server.fetch('/api/query', { key, json: { query, variables }, headers });
const ask = async (query: string, variables?: unknown) => (await post(query, variables)).json();
const get = (parameters: Record<string, string>, headers: Record<string, string> = {}) =>
  server.fetch(`/api/query?${new URLSearchParams(parameters)}`, { key, headers });

describe('a selection string', () => {
  test('is answered without an envelope', async () => {
    const response = await post('products(take: 2) {\nid,\nname,\nprice,\nstock\n}');
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(await response.text()).toBe(
      '{"products":[{"id":1,"name":"Cordoba Tinned Steel Loaf Tin, medium","price":23.50,"stock":117},' +
        '{"id":2,"name":"Thames Organic Tulip Bulbs, sachet","price":7.50,"stock":301}]}',
    );
  });

  const expected = { product: { id: 1, category: { name: expect.any(String) } } };
  test.each([
    'product(id: 1) { id category { name } }',
    'product(id: 1) { id, category { name }, }',
    'product<id, category<name>>'.replace('<', '(id: 1)<'),
    'product (id: 1) < id, category { name } >',
    '{ product(id: 1) { id category { name } } }',
    'query { product(id: 1) { id category { name } } }',
    'query Name($id: Int = 1) { product(id: $id) { id category { name } } }',
    'product(id: 1) { ...F } fragment F on Product { id ...G } fragment G on Product { category { name } }',
    'fragment F on Product { id category { name } } query { product(id: 1) { ...F } }',
    'product(id: 1) { ... on Product { id } category { name } }',
    '# a comment < with brackets\nproduct(id: 1) { id category { name } } # and } at the end',
    '\uFEFFproduct(id: 1) { id category { name } }',
  ])('may be written as %j', async query => {
    expect(await ask(query)).toEqual(expected);
  });

  test('has several roots, aliases and counts', async () => {
    expect(
      await ask('a: product(id: 1) { id } b: product(id: 2) { id } productsCount, n: ordersCount(where: {})'),
    ).toEqual({
      a: { id: 1 },
      b: { id: 2 },
      productsCount: expect.any(Number),
      n: expect.any(Number),
    });
  });

  test('keeps angle brackets in strings', async () => {
    const { product } = await ask('product(id: 1) { name }');
    const where = `where: { OR: [{ name: { equals: ${JSON.stringify(product.name)} } }, { name: { contains: "<>" } }] }`;
    expect(await ask(`products(${where})<id>`)).toEqual({ products: [{ id: 1 }] });
    expect(await ask('productsCount(where: { name: { contains: """<b>""" } })')).toEqual({
      productsCount: 0,
    });
  });

  test('nests lists with arguments of their own', async () => {
    const { products } = await ask(
      'products(take: 3) { few: orderItems(take: 1) { id } orderItemsCount orderItems { id } }',
    );
    for (const { few, orderItems, orderItemsCount } of products) {
      expect(few).toEqual(orderItems.slice(0, 1));
      expect(orderItemsCount).toBe(orderItems.length);
    }
  });
});

describe('variables', () => {
  test.each([
    ['product(id: $x) { id }', { x: 2 }, { product: { id: 2 } }],
    ['product(sku: $x) { id }', { x: 'no such' }, { product: null }],
    ['products(take: $x) { id }', { x: 1 }, { products: [{ id: 1 }] }],
    ['products(where: $x, take: 1) { id }', { x: { id: { gt: 1 } } }, { products: [{ id: 2 }] }],
    ['products(where: { id: { in: $x } }) { id }', { x: [1, 2] }, { products: [{ id: 1 }, { id: 2 }] }],
    [
      'products(where: { id: { in: [$x, $y] } }) { id }',
      { x: 1, y: 2 },
      { products: [{ id: 1 }, { id: 2 }] },
    ],
    ['products(where: { price: { gt: $x } }, take: $n) { id }', { x: '0', n: 1 }, { products: [{ id: 1 }] }],
    ['products(where: { active: { equals: $x } }, take: 0) { id }', { x: true }, { products: [] }],
    [
      'products(where: { createdAt: { lt: $x } }, take: 0) { id }',
      { x: '2026-01-01T00:00:00Z' },
      { products: [] },
    ],
    ['orders(where: { status: { equals: $x } }, take: 0) { id }', { x: 'PAID' }, { orders: [] }],
    ['products(orderBy: [{ id: $x }], take: 1) { id }', { x: 'asc' }, { products: [{ id: 1 }] }],
    ['products(orderBy: $x, take: 1) { id }', { x: [{ id: 'asc' }] }, { products: [{ id: 1 }] }],
    ['product(id: 1) { id sku @include(if: $x) }', { x: false }, { product: { id: 1 } }],
    [
      'products(where: { id: { equals: $x } }) { orderItems(take: $n) { id } }',
      { x: -1, n: 1 },
      { products: [] },
    ],
    [
      'product(id: $x) { ...F } fragment F on Product { orderItems(take: $n) { id } }',
      { x: -1, n: 1 },
      { product: null },
    ],
  ])('take their types from where they stand: %s', async (query, variables, answer) => {
    expect(await ask(query, variables)).toEqual(answer);
  });

  test('may be declared in a document as well', async () => {
    expect(await ask('query($id: Int!) { product(id: $id) { id } }', { id: 1 })).toEqual({
      product: { id: 1 },
    });
  });

  test('keep every digit of a number', async () => {
    const body =
      '{"query": "productsCount(where: { price: { lt: $p } })", "variables": {"p": 99999999999999999999.99}}';
    const headers = { 'content-type': 'application/json' };
    const response = await server.fetch('/api/query', { key, method: 'POST', headers, body });
    expect(response.status).toBe(200);
  });

  test('that are missing where one is needed are named', async () => {
    const { error } = await ask('product(id: 1) { id sku @include(if: $x) }');
    expect(error).toMatchObject({ code: 'INVALID_VALUE', message: expect.stringContaining('$x') });
  });
});

describe('requests', () => {
  test('by GET are answered alike', async () => {
    const response = await get({ query: 'product(id: $id) { id }', variables: '{"id": 1}' });
    expect(await response.json()).toEqual({ product: { id: 1 } });
  });

  test('without a content type, or with one of JSON, are taken', async () => {
    for (const type of [
      undefined,
      'application/json',
      'application/json; charset=utf-8',
      'application/vnd.api+json',
    ]) {
      const headers: Record<string, string> = type ? { 'content-type': type } : {};
      const body = new TextEncoder().encode('{"query": "product(id: 1) { id }"}');
      const response = await server.fetch('/api/query', { key, method: 'POST', headers, body });
      expect(await response.json(), type).toEqual({ product: { id: 1 } });
    }
  });

  test.each(['text/plain', 'application/x-www-form-urlencoded', 'application/graphql'])(
    'of type %s are refused',
    async type => {
      const response = await server.fetch('/api/query', {
        key,
        method: 'POST',
        headers: { 'content-type': type },
        body: '{"query": "x"}',
      });
      expect([response.status, (await response.json()).error.code]).toEqual([415, 'UNSUPPORTED_MEDIA_TYPE']);
    },
  );

  test('without a credential get a hint on how to send one', async () => {
    const response = await server.fetch('/api/query', { json: { query: 'products { id }' } });
    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toBeTruthy();
    expect((await response.json()).error.code).toBe('UNAUTHENTICATED');
  });

  test.each([
    ['{"query": "products { id }",\n "variables": {]}', 'INVALID_JSON', { line: 2, column: 16 }],
    ['', 'INVALID_JSON', { line: 1, column: 1 }],
    ['{"query":"products', 'INVALID_JSON', { line: 1, column: 19 }],
    ['[]', 'MALFORMED_REQUEST', undefined],
    ['{}', 'MALFORMED_REQUEST', undefined],
    ['{"query": 5}', 'MALFORMED_REQUEST', undefined],
    ['{"query": ""}', 'MALFORMED_REQUEST', undefined],
    ['{"query": " # nothing "}', 'MALFORMED_REQUEST', undefined],
    ['{"query": "products { id }", "variables": []}', 'MALFORMED_REQUEST', undefined],
  ])('that are malformed are told so: %s', async (body, code, location) => {
    const response = await server.fetch('/api/query', {
      key,
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    });
    expect(response.status).toBe(400);
    const { error } = await response.json();
    expect(error).toMatchObject({ code, requestId: response.headers.get('x-request-id') });
    expect(error.location).toEqual(location);
  });
});

describe('numbers', () => {
  test('keep every digit, as numbers or as strings', async () => {
    await server.database.query('update "StockLevel" set movements = 9007199254740993 where "productId" = 1');
    const query = 'stockLevels(where: { productId: { equals: 1 } }, take: 1) { movements }';
    expect(await (await post(query)).text()).toBe('{"stockLevels":[{"movements":9007199254740993}]}');
    const strings = await post(query, undefined, { accept: 'application/json;IEEE754Compatible=true' });
    expect(await strings.text()).toBe('{"stockLevels":[{"movements":"9007199254740993"}]}');
    expect(await (await post(query)).text()).toBe('{"stockLevels":[{"movements":9007199254740993}]}');
  });
});

describe('lists that the default cut', () => {
  test('are named', async () => {
    const response = await post('products { id } some: products(take: 5) { id }');
    expect(response.headers.get('portolan-truncated')).toBe('products');
    expect((await response.json()).products).toHaveLength(1000);
  });

  test('are not named when nothing was cut', async () => {
    expect(
      (await post('warehouses { levels(take: 1) { quantity } }')).headers.has('portolan-truncated'),
    ).toBe(false);
  });
});

describe('errors', () => {
  test.each([
    ['products {\n  id,\n  nmae\n}', 'UNKNOWN_FIELD', 'Did you mean "name"?', { line: 3, column: 3 }],
    ['products<id, nmae>', 'UNKNOWN_FIELD', 'Did you mean "name"?', { line: 1, column: 14 }],
    ['prodcts { id }', 'UNKNOWN_ENTITY', 'Did you mean "products"?', { line: 1, column: 1 }],
    [
      'product(id: 1) { id } custmers { id }',
      'UNKNOWN_ENTITY',
      'Did you mean "customers"?',
      { line: 1, column: 23 },
    ],
    ['products(wher: {}) { id }', 'UNKNOWN_ARGUMENT', 'Did you mean "where"?', { line: 1, column: 10 }],
    [
      'products(where: { nam: { equals: $x } }) { id }',
      'UNKNOWN_FIELD',
      'Did you mean "name"?',
      { line: 1, column: 19 },
    ],
    ['products(take: ten) { id }', 'INVALID_VALUE', undefined, { line: 1, column: 16 }],
    ['products { id } fragment F on Product { id }', 'INVALID_OPERATION', undefined, { line: 1, column: 17 }],
    ['products { id', 'SYNTAX_ERROR', undefined, { line: 1, column: 14 }],
    ['products { id } }', 'SYNTAX_ERROR', undefined, { line: 1, column: 17 }],
    ['products(where: { name: { equals: "x } }) { id }', 'SYNTAX_ERROR', undefined, { line: 1, column: 49 }],
    [
      'products(where: { name: { lt: null } }) { id }',
      'INVALID_VALUE',
      expect.stringContaining('equals: null'),
      { line: 1, column: 31 },
    ],
    ['products', 'INVALID_OPERATION', undefined, { line: 1, column: 1 }],
    ['mutation { x }', 'INVALID_OPERATION', 'Send the mutation to /graphql.', { line: 1, column: 1 }],
    ['subscription { x }', 'INVALID_OPERATION', 'Send the subscription to /graphql.', { line: 1, column: 1 }],
    ['__schema { types { name } }', 'INVALID_OPERATION', 'Use /graphql.', { line: 1, column: 1 }],
    ['me { id }', 'INVALID_OPERATION', 'Use /graphql.', { line: 1, column: 1 }],
    ['products(take: 100000) { id }', 'LIMIT_EXCEEDED', expect.any(String), { line: 1, column: 1 }],
  ])('are told with their place: %s', async (query, code, hint, location) => {
    const response = await post(query);
    expect(response.status).toBe(400);
    const { error } = await response.json();
    expect(error).toMatchObject({ code, message: expect.any(String), location });
    expect(error.hint).toEqual(hint);
  });

  test('of permission name the scope', async () => {
    const response = await post('products {\n cost }');
    expect(response.status).toBe(403);
    expect((await response.json()).error).toMatchObject({
      code: 'SCOPE_MISSING',
      message: expect.stringContaining('products.cost:read'),
      location: { line: 2, column: 2 },
    });
  });

  test('name only what the caller may know of', async () => {
    const { error } = await ask('products { costs }');
    expect(error.code).toBe('UNKNOWN_FIELD');
    expect(error.hint ?? '').not.toContain('cost');
  });
});
