// Entities that are made, changed and removed.

import { beforeAll, describe, expect, test } from 'vitest';
import { serverForFile } from '../harness.ts';
import { type Send, sender } from './writing.ts';

const root = 'https://shop.example/odata';

let send: Send;

const server = serverForFile({ demo: true, env: { PUBLIC_URL: 'https://shop.example' } });
beforeAll(async () => {
  send = sender(server);
});

const sql = async (text: string): Promise<(string | null)[][]> =>
  (await server.database.query(text)).rows as (string | null)[][];

let count = 0;
const newSku = (): string => `W-${count++}`;
const lamp = (more: object = {}) => ({ sku: newSku(), name: 'Lamp', price: 12.5, ...more });

const made = async (more: object = {}): Promise<{ id: number; sku: string; etag: string }> => {
  const { body, headers } = await send('POST', '/products?$select=id,sku', lamp(more));
  return { id: body.id, sku: body.sku, etag: headers.get('etag')! };
};

describe('POST to a set', () => {
  test('makes an entity and gives it as it is', async () => {
    const product = lamp({ tags: ['a', 'b'], attributes: { size: [1, null] }, weight: 0.5, active: false });
    const { status, headers, body } = await send('POST', '/products', product);
    expect(status).toBe(201);
    expect(body).toMatchObject({ ...product, cost: null, stock: 0, label: `Lamp (${product.sku})` });
    expect(body['@odata.context']).toBe(`${root}/$metadata#products/$entity`);
    expect(body['@odata.etag']).toBe(headers.get('etag'));
    expect(headers.get('location')).toBe(`${root}/products(${body.id})`);
    expect(headers.get('odata-version')).toBe('4.0');
    const read = await send('GET', `/products(${body.id})`);
    expect(read.body).toEqual(body);
  });

  test('answers only where it lies to who prefers that', async () => {
    const { status, headers, text } = await send('POST', '/products', lamp(), { prefer: 'return=minimal' });
    expect(status).toBe(204);
    expect(text).toBe('');
    expect(headers.get('odata-entityid')).toMatch(/^https:\/\/shop\.example\/odata\/products\(\d+\)$/);
    expect(headers.get('location')).toBe(headers.get('odata-entityid'));
    expect(headers.get('preference-applied')).toBe('return=minimal');
    expect(headers.get('etag')).toMatch(/^W\/"\d+"$/);
  });

  test('shows what $select and $expand name', async () => {
    const path = '/products?$select=name&$expand=category($select=name)';
    const { body } = await send('POST', path, lamp({ categoryId: 1 }), { prefer: 'return=representation' });
    const [[name]] = (await sql('select name from "Category" where id = 1')) as [[string]];
    expect(body).toMatchObject({ name: 'Lamp', category: { name } });
    expect(body['@odata.context']).toBe(`${root}/$metadata#products(name,category(name))/$entity`);
    const options =
      '$select=id&$expand=products($select=id;$top=1;$filter=id gt $it/id)&$compute=id add 1 as next';
    const category = await send('PATCH', `/categories(1)?${options}`, { position: 3 });
    expect(category.body).toMatchObject({ id: 1, products: [{ id: expect.any(Number) }] });
  });

  test('passes over what the server itself sets, and annotations', async () => {
    const { status, body } = await send('POST', '/products', {
      ...lamp(),
      '@odata.type': '#Portolan.Product',
      '@odata.etag': 'W/"1"',
      '@type': '#Portolan.Product',
      'name@odata.type': '#String',
      'price@example.note': { any: ['thing'] },
      '#Portolan.Sell': {},
      id: -1,
      label: 'x',
      margin: 9,
      updatedAt: '2001-01-01T00:00:00Z',
    });
    expect(status).toBe(201);
    expect(body.id).toBeGreaterThan(0);
    expect(body.updatedAt).not.toMatch(/^2001/);
  });

  test('says all that is wrong, each with its place', async () => {
    const { status, body } = await send('POST', '/products', {
      name: 5,
      price: '1.234',
      stock: '7',
      active: 'true',
      nmae: 1,
    });
    expect(status).toBe(400);
    expect(body.error).toMatchObject({ code: 'INVALID_VALUE', target: 'name' });
    expect(
      body.error.details.map(({ code, target }: { code: string; target: string }) => `${target}: ${code}`),
    ).toEqual([
      'name: INVALID_VALUE',
      'price: OUT_OF_RANGE',
      'stock: INVALID_VALUE',
      'active: INVALID_VALUE',
      'nmae: UNKNOWN_FIELD',
      'sku: REQUIRED',
    ]);
    expect(body.error.details[4].message).toContain('Did you mean "name"?');
  });

  test('says what is taken already', async () => {
    const { sku } = await made();
    const { status, body } = await send('POST', '/products', { ...lamp(), sku });
    expect(status).toBe(409);
    expect(body.error.details).toMatchObject([{ code: 'NOT_UNIQUE', target: 'sku' }]);
  });

  test.each<[what: string, body: string, type: string | undefined, status: number]>([
    ['an empty body', '', 'application/json', 400],
    ['no JSON', '{', 'application/json', 400],
    ['a list', '[]', 'application/json', 400],
    ['null', 'null', 'application/json', 400],
    ['XML', '<a/>', 'application/atom+xml', 415],
    ['a form', 'a=b', 'application/x-www-form-urlencoded', 415],
    [
      'what is nested without end',
      `{"a":${'['.repeat(50_000)}${']'.repeat(50_000)}}`,
      'application/json',
      400,
    ],
    [
      'what is nested without end around a long number',
      `{"a":${'['.repeat(50_000)}1e400${']'.repeat(50_000)}}`,
      undefined,
      400,
    ],
  ])('refuses %s', async (_what, body, type, status) => {
    const reply = await send('POST', '/products', body, type ? { 'content-type': type } : {});
    expect(reply.status).toBe(status);
    expect(reply.body.error.message).toBeTruthy();
  });

  test.each([
    'application/json;odata=verbose',
    'application/json; charset=utf-8',
    'application/json;odata.metadata=minimal;IEEE754Compatible=true',
  ])('takes %s as JSON', async type => {
    const { status } = await send('POST', '/products', JSON.stringify(lamp()), { 'content-type': type });
    expect(status).toBe(201);
  });

  test('keeps every digit, as numbers and as strings', async () => {
    const body = `{"warehouseId":1,"productId":${(await made()).id},"quantity":1,"movements":9007199254740993}`;
    const numbers = await send('POST', '/stockLevels', body);
    expect(numbers.text).toContain('"movements":9007199254740993');
    const strings = await send(
      'POST',
      '/stockLevels',
      { warehouseId: 1, productId: (await made()).id, quantity: 1, movements: '9007199254740993' },
      { accept: 'application/json;IEEE754Compatible=true' },
    );
    expect(strings.body.movements).toBe('9007199254740993');
    const price = await send('POST', '/products', lamp({ price: '1234567890.10' }));
    expect(price.text).toContain('"price":1234567890.10');
    const long = await send(
      'POST',
      '/products',
      `{"sku":"${newSku()}","name":"x","price":1234567890.100000000000000000}`,
    );
    expect(long.text).toContain('"price":1234567890.10');
    const beyond = await send(
      'POST',
      '/products',
      `{"sku":"${newSku()}","name":"x","price":1234567890.100000000000000001}`,
    );
    expect(beyond.status).toBe(400);
    expect(beyond.body.error.target).toBe('price');
    const json = await send(
      'POST',
      '/products',
      `{"sku":"${newSku()}","name":"x","price":1,"attributes":{"n":12345678901234567890.5}}`,
    );
    expect(json.text).toContain('12345678901234567890.5');
  });

  test('takes values of every type as it gives them', async () => {
    const bytes = await send('POST', '/dataSheets', {
      productId: (await made()).id,
      preview: '-_8',
      language: 'de',
    });
    expect(bytes.body).toMatchObject({ preview: '-_8', language: 'de' });
    const order = await send('POST', '/orders', {
      number: newSku(),
      status: 'SHIPPED',
      total: 1,
      orderedAt: '2026-01-31T12:00:00+01:00',
      dueOn: '2026-02-28',
      customerId: 1,
    });
    expect(order.body).toMatchObject({
      status: 'SHIPPED',
      orderedAt: '2026-01-31T11:00:00.000Z',
      dueOn: '2026-02-28',
    });
    const warehouse = await send('POST', '/warehouses', {
      code: newSku(),
      name: 'x',
      city: 'y',
      opensAt: '08:30:00',
    });
    expect(warehouse.body.opensAt).toBe('08:30:00');
    const supplier = await send('POST', '/suppliers', {
      code: newSku(),
      name: 'x',
      country: 'DE',
      rating: 'INF',
    });
    expect(supplier.body.rating).toBe('INF');
  });

  test('answers clients of 4.01 in its form', async () => {
    const { body, headers } = await send('POST', '/products', lamp({ '@type': '#Portolan.Product' }), {
      'odata-version': '4.01',
      'odata-maxversion': '4.01',
    });
    expect(headers.get('odata-version')).toBe('4.01');
    expect(body['@context']).toBe(`${root}/$metadata#products/$entity`);
    expect(body['@etag']).toBe(headers.get('etag'));
    expect((await send('POST', '/products', lamp(), { 'odata-version': '5.0' })).status).toBe(400);
  });

  test('says everything of the new entity to who wants full metadata', async () => {
    const { body } = await send('POST', '/products', lamp(), {
      accept: 'application/json;odata.metadata=full',
    });
    expect(body).toMatchObject({
      '@odata.type': '#Portolan.Product',
      '@odata.id': `${root}/products(${body.id})`,
      'price@odata.type': '#Decimal',
    });
    expect(Object.keys(body).filter(name => name.startsWith('~'))).toEqual([]);
    const none = await send('POST', '/products', lamp(), { accept: 'application/json;odata.metadata=none' });
    expect(Object.keys(none.body).filter(name => name.includes('@'))).toEqual([]);
  });

  test('does not do what it could not tell', async () => {
    const product = lamp();
    const refused = await send('POST', '/products', product, { accept: 'application/atom+xml' });
    expect(refused.status).toBe(406);
    expect((await send('POST', '/products', product)).status).toBe(201);
  });

  test('is done once under an Idempotency-Key', async () => {
    const product = lamp();
    const headers = { 'idempotency-key': newSku() };
    const first = await send('POST', '/products', product, headers);
    const again = await send('POST', '/products', product, headers);
    expect(again.status).toBe(201);
    expect(again.text).toBe(first.text);
    expect(again.headers.get('location')).toBe(first.headers.get('location'));
    expect(again.headers.get('idempotent-replayed')).toBe('true');
    const other = await send('POST', '/products', lamp(), headers);
    expect(other.status).toBe(422);
    const refusal = { 'idempotency-key': newSku() };
    expect((await send('POST', '/products', product, refusal)).status).toBe(409);
    expect((await send('POST', '/products', lamp(), refusal)).status).toBe(201);
  });

  test('takes no more related records than a change may have', async () => {
    const many = Array.from({ length: 20_000 }, () => 'products(1)');
    const { status, body } = await send('POST', '/categories', {
      slug: newSku(),
      name: 'x',
      'products@odata.bind': many,
    });
    expect(status).toBe(400);
    expect(body.error.code).toBe('LIMIT_EXCEEDED');
  });

  test('takes no options of lists', async () => {
    expect((await send('POST', '/products?$filter=true', lamp())).status).toBe(400);
    expect((await send('POST', '/products/$filter(stock gt 0)', lamp())).status).toBe(405);
  });

  test('needs a credential', async () => {
    const response = await server.fetch('/odata/products', { json: lamp() });
    expect(response.status).toBe(401);
  });
});

describe('PATCH', () => {
  test('changes what it names and nothing else', async () => {
    const { id } = await made({ stock: 3 });
    const { status, text, headers } = await send('PATCH', `/products(${id})`, {
      name: 'Desk lamp',
      price: '7',
    });
    expect(status).toBe(204);
    expect(text).toBe('');
    expect(headers.get('odata-entityid')).toBe(`${root}/products(${id})`);
    const { body } = await send('GET', `/products(${id})`);
    expect(body).toMatchObject({ name: 'Desk lamp', price: 7, stock: 3 });
    expect(headers.get('etag')).toBe(body['@odata.etag']);
  });

  test('gives the entity to who prefers that, or names what to be shown', async () => {
    const { id, sku } = await made();
    const whole = await send(
      'PATCH',
      `/products(sku='${sku}')`,
      { stock: 5 },
      { prefer: 'return=representation' },
    );
    expect(whole.status).toBe(200);
    expect(whole.headers.get('preference-applied')).toBe('return=representation');
    expect(whole.body).toMatchObject({ id, sku, stock: 5 });
    const part = await send('PATCH', `/products(${id})?$select=stock`, { stock: 6 });
    expect(part.body).toEqual({
      '@odata.context': `${root}/$metadata#products(stock)/$entity`,
      '@odata.etag': part.headers.get('etag'),
      stock: 6,
    });
    const minimal = await send(
      'PATCH',
      `/products(${id})?$select=stock`,
      { stock: 7 },
      { prefer: 'return=minimal' },
    );
    expect(minimal.status).toBe(204);
  });

  test('takes the key again, but no other one', async () => {
    const { id, sku } = await made();
    expect((await send('PATCH', `/products(${id})`, { id, stock: 1 })).status).toBe(204);
    expect((await send('PATCH', `/products(sku='${sku}')`, { id, stock: 1 })).status).toBe(204);
    for (const path of [`/products(${id})`, `/products(sku='${sku}')`]) {
      const { status, body } = await send('PATCH', path, { id: id + 1, stock: 1 });
      expect(status).toBe(400);
      expect(body.error.target).toBe('id');
    }
    const level = await send('PATCH', '/stockLevels(warehouseId=1,productId=1)', {
      warehouseId: 2,
      quantity: 1,
    });
    expect(level.status).toBe(400);
  });

  test('renames by an alternate key', async () => {
    const { id, sku } = await made();
    const next = newSku();
    expect((await send('PATCH', `/products(sku='${sku}')`, { sku: next })).status).toBe(204);
    expect((await send('GET', `/products(sku='${next}')`)).body.id).toBe(id);
  });

  test('reaches what a path leads to', async () => {
    const { body: category } = await send('POST', '/categories', { slug: newSku(), name: 'x' });
    const { id } = await made({ categoryId: category.id });
    expect((await send('PATCH', `/products(${id})/category`, { name: 'y' })).status).toBe(204);
    expect((await send('PATCH', `/categories(${category.id})/products(${id})`, { stock: 4 })).status).toBe(
      204,
    );
    const { body } = await send('GET', `/products(${id})?$expand=category`);
    expect(body).toMatchObject({ stock: 4, category: { name: 'y' } });
    const other = await send('PATCH', `/categories(1)/products(${id})`, { stock: 5 });
    expect(other.status).toBe(404);
  });

  test('says when there is nothing to change', async () => {
    const { status, body } = await send('PATCH', '/products(99999999)', { stock: 1 });
    expect(status).toBe(404);
    expect(body.error).toMatchObject({ code: 'NOT_FOUND', target: 'id' });
    expect((await send('PATCH', '/products', { stock: 1 })).status).toBe(405);
    expect((await send('PATCH', '/product(1)', { stock: 1 })).status).toBe(404);
    expect((await send('PATCH', "/products('x')", { stock: 1 })).status).toBe(400);
  });
});

describe('PUT', () => {
  test('replaces: what it leaves out goes back to its default, or to null', async () => {
    const { id, sku } = await made({
      description: 'x',
      stock: 9,
      active: false,
      tags: ['a'],
      categoryId: 1,
      cost: 1,
    });
    const { status, body } = await send(
      'PUT',
      `/products(sku='${sku}')`,
      { name: 'New', price: 3 },
      { prefer: 'return=representation' },
    );
    expect(status).toBe(200);
    expect(body).toMatchObject({ id, sku, name: 'New', price: 3, description: null, stock: 0, active: true });
    expect(body).toMatchObject({ tags: [], categoryId: null, cost: null });
  });

  test('keeps what is bound', async () => {
    const { id, sku } = await made({ stock: 9 });
    const body = { sku, name: 'n', price: 1, 'category@odata.bind': 'categories(2)' };
    expect((await send('PUT', `/products(${id})`, body)).status).toBe(204);
    expect((await send('GET', `/products(${id})`)).body).toMatchObject({ categoryId: 2, stock: 0 });
  });

  test('needs what every entity needs', async () => {
    const { id } = await made();
    const { status, body } = await send('PUT', `/products(${id})`, { name: 'x' });
    expect(status).toBe(400);
    expect(body.error.details.map((one: { target: string }) => one.target)).toEqual(['sku', 'price']);
  });

  test('leaves alone what its caller may not write', async () => {
    const { id, sku } = await made({ cost: 4 });
    const clerk = sender(server, await server.createKey('products:read', 'products:write'));
    expect((await clerk('PUT', `/products(${id})`, { sku, name: 'x', price: 9 })).status).toBe(204);
    expect((await send('GET', `/products(${id})`)).body).toMatchObject({ cost: 4, price: 9 });
  });
});

describe('an update of what is not there', () => {
  test.each(['PATCH', 'PUT'])('%s makes it where its key may be chosen', async method => {
    const { id: productId } = await made();
    const path = `/stockLevels(warehouseId=2,productId=${productId})`;
    const { status, headers, body } = await send(method, path, { quantity: 7 });
    expect(status).toBe(201);
    expect(headers.get('location')).toBe(root + path);
    expect(body).toMatchObject({ warehouseId: 2, productId, quantity: 7 });
    expect((await send(method, path, { quantity: 8 })).status).toBe(204);
    const sku = newSku();
    const product = await send(
      method,
      `/products(sku='${sku}')`,
      { name: 'x', price: 1 },
      { prefer: 'return=minimal' },
    );
    expect(product.status).toBe(204);
    expect(product.headers.get('odata-entityid')).toMatch(/products\(\d+\)$/);
  });

  test('makes nothing with another key than the address says', async () => {
    const { status, body } = await send('PATCH', "/products(sku='W-here')", lamp());
    expect(status).toBe(400);
    expect(body.error.target).toBe('sku');
  });

  test('says what a new one would need', async () => {
    const { status, body } = await send('PATCH', "/products(sku='nowhere')", { stock: 1 });
    expect(status).toBe(404);
    expect(body.error.innererror.hint).toContain('name, price');
  });

  test('is held to If-Match and If-None-Match', async () => {
    const sku = newSku();
    const path = `/products(sku='${sku}')`;
    const product = { name: 'x', price: 1 };
    expect((await send('PATCH', path, product, { 'if-match': '*' })).status).toBe(412);
    expect((await send('PATCH', path, product, { 'if-match': 'W/"1"' })).status).toBe(412);
    expect((await send('PUT', path, product, { 'if-none-match': '*' })).status).toBe(201);
    expect((await send('PUT', path, product, { 'if-none-match': '*' })).status).toBe(412);
    expect((await send('PATCH', path, product, { 'if-match': '*' })).status).toBe(204);
    const none = await send('PATCH', '/products(99999999)', product, { 'if-match': '*' });
    expect(none.status).toBe(404);
    expect((await send('PATCH', '/products(99999999)', product, { 'if-none-match': '*' })).status).toBe(404);
    expect((await send('PATCH', '/products(1)', product, { 'if-none-match': '*' })).status).toBe(412);
  });

  test('of many at the same time makes one', async () => {
    const { id: productId } = await made();
    const path = `/stockLevels(warehouseId=3,productId=${productId})`;
    const all = await Promise.all(
      Array.from({ length: 8 }, (_, quantity) => send('PATCH', path, { quantity })),
    );
    const statuses = all.map(({ status }) => status).sort();
    expect(statuses.filter(status => status === 201)).toHaveLength(1);
    expect(statuses.filter(status => status === 204)).toHaveLength(7);
  });
});

describe('DELETE', () => {
  test('removes an entity, whatever the body', async () => {
    for (const [body, type] of [
      [undefined, undefined],
      ['null', 'application/json;odata=verbose'],
      ['', 'application/json'],
    ]) {
      const { id } = await made();
      const reply = await send('DELETE', `/products(${id})`, body, type ? { 'content-type': type } : {});
      expect(reply.status).toBe(204);
      expect((await send('GET', `/products(${id})`)).status).toBe(404);
      expect((await send('DELETE', `/products(${id})`)).status).toBe(404);
    }
    const { sku } = await made();
    expect((await send('DELETE', `/products(sku='${sku}')`)).status).toBe(204);
  });

  test('says what still refers to it', async () => {
    const { status, body } = await send('DELETE', '/customers(1)');
    expect(status).toBe(409);
    expect(body.error.details).toMatchObject([{ code: 'STILL_REFERENCED' }]);
  });
});

describe('one value', () => {
  test('is set by PUT and PATCH, and taken away by DELETE', async () => {
    const { id } = await made();
    const path = `/products(${id})/description`;
    expect((await send('PUT', path, { value: 'a' })).status).toBe(204);
    expect((await send('PATCH', path, { value: 'b' })).status).toBe(204);
    expect((await send('GET', path)).body.value).toBe('b');
    const shown = await send('PUT', path, { value: 'c' }, { prefer: 'return=representation' });
    expect(shown.body).toEqual({
      '@odata.context': `${root}/$metadata#products(${id})/description`,
      value: 'c',
    });
    const full = await send(
      'PUT',
      `/products(${id})/price`,
      { value: 2 },
      { prefer: 'return=representation', accept: 'application/json;odata.metadata=full' },
    );
    expect(full.body).toMatchObject({ '@odata.type': '#Decimal', value: 2 });
    expect((await send('DELETE', path)).status).toBe(204);
    expect((await send('GET', path)).status).toBe(204);
  });

  test('is set raw', async () => {
    const { id } = await made();
    const text = 'Ünï "quoted"\n<b>';
    const plain = { 'content-type': 'text/plain' };
    expect((await send('PUT', `/products(${id})/description/$value`, text, plain)).status).toBe(204);
    expect((await send('GET', `/products(${id})/description/$value`)).text).toBe(text);
    expect((await send('PUT', `/products(${id})/price/$value`, '12.30', plain)).status).toBe(204);
    expect((await send('GET', `/products(${id})/price/$value`)).text).toBe('12.30');
    expect((await send('PUT', `/products(${id})/price/$value`, 'x', plain)).status).toBe(400);
    expect((await send('DELETE', `/products(${id})/description/$value`)).status).toBe(204);
    const sheet = await send('POST', '/dataSheets', { productId: id });
    const bytes = Uint8Array.from([0, 255, 1, 128]);
    const octets = { 'content-type': 'application/octet-stream' };
    const path = `/dataSheets(${sheet.body.id})/preview/$value`;
    expect((await send('PUT', path, bytes, octets)).status).toBe(204);
    const response = await server.fetch(`/odata${path}`, { key: server.adminKey });
    expect(new Uint8Array(await response.arrayBuffer())).toEqual(bytes);
  });

  test('may be a list or JSON', async () => {
    const { id } = await made();
    expect((await send('PUT', `/products(${id})/tags`, { value: ['x', 'y'] })).status).toBe(204);
    const raw = await send('PUT', `/products(${id})/attributes/$value`, '[1]', {
      'content-type': 'text/plain',
    });
    expect(raw.status).toBe(204);
    expect((await send('GET', `/products(${id})/attributes/$value`)).text).toBe('[1]');
    expect((await send('PUT', `/products(${id})/attributes`, { value: { a: [1] } })).status).toBe(204);
    expect((await send('GET', `/products(${id})`)).body).toMatchObject({
      tags: ['x', 'y'],
      attributes: { a: [1] },
    });
  });

  test.each<[method: string, path: string, body: unknown, status: number]>([
    ['DELETE', 'name', undefined, 400],
    ['PUT', 'name', {}, 400],
    ['PUT', 'name', { value: null }, 400],
    ['PUT', 'price', { value: 'x' }, 400],
    ['PUT', 'id', { value: 5 }, 400],
    ['PUT', 'label', { value: 'x' }, 405],
    ['PUT', 'nothing', { value: 'x' }, 404],
    ['POST', 'name', { value: 'x' }, 405],
  ])('%s %s %j is refused', async (method, path, body, status) => {
    expect((await send(method, `/products(1)/${path}`, body)).status).toBe(status);
    expect((await send('PUT', '/products(99999999)/name', { value: 'x' })).status).toBe(404);
  });
});
