// Links between entities: made with them, and by themselves.

import { beforeAll, describe, expect, test } from 'vitest';
import { serverForFile } from '../harness.ts';
import { type Send, sender } from './writing.ts';

const root = 'https://shop.example/odata';

let send: Send;

const server = serverForFile({ demo: true, env: { PUBLIC_URL: 'https://shop.example' } });
beforeAll(async () => {
  send = sender(server);
});

let count = 0;
const newName = (): string => `R-${count++}`;
const lamp = (more: object = {}) => ({ sku: newName(), name: 'Lamp', price: 12.5, ...more });
const made = async (more: object = {}): Promise<number> =>
  (await send('POST', '/products', lamp(more))).body.id;
const newCategory = async (more: object = {}): Promise<number> =>
  (await send('POST', '/categories', { slug: newName(), name: 'x', ...more })).body.id;
const categoryOf = async (id: number): Promise<number | null> =>
  (await send('GET', `/products(${id})`)).body.categoryId;
const productsOf = async (category: number): Promise<number[]> =>
  (await send('GET', `/categories(${category})/products?$select=id&$orderby=id`)).body.value.map(
    ({ id }: { id: number }) => id,
  );

describe('a new entity', () => {
  test.each([
    'categories(2)',
    '/categories(2)',
    '/odata/categories(2)',
    `${root}/categories(2)`,
    'categories(id=2)',
  ])('is bound to what exists as %s', async reference => {
    for (const link of [
      { 'category@odata.bind': reference },
      { 'category@bind': reference },
      { category: { '@id': reference } },
      { category: { '@odata.id': reference } },
    ]) {
      const { status, body } = await send('POST', '/products', lamp(link));
      expect(status).toBe(201);
      expect(body.categoryId).toBe(2);
    }
  });

  test('is bound by an alternate key, to many, and to nothing', async () => {
    const slug = newName();
    const category = await newCategory({ slug });
    const id = await made({ 'category@odata.bind': `categories(slug='${slug}')` });
    expect(await categoryOf(id)).toBe(category);
    const whole = await newCategory({ 'products@odata.bind': [`products(${id})`] });
    expect(await productsOf(whole)).toEqual([id]);
    expect(await categoryOf(await made({ category: null, 'supplier@odata.bind': null }))).toBeNull();
  });

  test('brings along what is nested in it, several levels deep', async () => {
    const first = lamp({ sheet: { pages: 3 }, supplier: { code: newName(), name: 'Maker', country: 'DE' } });
    const body = {
      slug: newName(),
      name: 'Outside',
      parent: { slug: newName(), name: 'World' },
      products: [first, lamp(), { '@id': `products(${await made()})` }],
    };
    const { status, body: shown } = await send('POST', '/categories', body);
    expect(status).toBe(201);
    expect(shown.parent).toMatchObject({ name: 'World' });
    expect(shown.products).toHaveLength(3);
    const [shownFirst] = shown.products.filter((one: { sku: string }) => one.sku === first.sku);
    expect(shownFirst).toMatchObject({
      categoryId: shown.id,
      sheet: { pages: 3 },
      supplier: { name: 'Maker' },
    });
    expect(await productsOf(shown.id)).toHaveLength(3);
  });

  test('is made with all that is nested in it or not at all, and faults say where', async () => {
    const slug = newName();
    const { status, body } = await send('POST', '/categories', {
      slug,
      name: 'x',
      products: [lamp(), { sku: newName(), name: 5, sheet: { pages: 'many' } }],
    });
    expect(status).toBe(400);
    expect(body.error.details.map(({ target }: { target: string }) => target)).toEqual([
      'products[1]/name',
      'products[1]/sheet/pages',
      'products[1]/price',
    ]);
    const taken = await send('POST', '/categories', {
      slug,
      name: 'x',
      products: [lamp(), lamp({ sku: 'BAK-10001' })],
    });
    expect(taken.status).toBe(409);
    expect(taken.body.error.target).toBe('products[1]/sku');
    expect((await send('GET', `/categories(slug='${slug}')`)).status).toBe(404);
  });

  test('of a collection belongs to whom the path names', async () => {
    const category = await newCategory();
    const { status, headers, body } = await send('POST', `/categories(${category})/products`, lamp());
    expect(status).toBe(201);
    expect(headers.get('location')).toBe(`${root}/products(${body.id})`);
    expect(body['@odata.context']).toBe(`${root}/$metadata#products/$entity`);
    expect(body.categoryId).toBe(category);
    for (const categoryId of [category, null]) {
      const again = await send('POST', `/categories(${category})/products`, lamp({ categoryId }));
      expect(again.body.categoryId).toBe(category);
    }
    expect((await send('POST', `/categories(${category})/products`, lamp({ categoryId: 1 }))).status).toBe(
      400,
    );
    const { body: collection } = await send('POST', '/collections', { slug: newName(), name: 'x' });
    const { body: product } = await send('POST', `/collections(${collection.id})/products`, lamp());
    const { body: read } = await send('GET', `/collections(${collection.id})?$expand=products($select=id)`);
    expect(read.products).toMatchObject([{ id: product.id }]);
    const deep = await send('POST', `/products(${body.id})/category/products`, lamp());
    expect(deep.body.categoryId).toBe(category);
    expect((await send('POST', '/categories(99999999)/products', lamp())).status).toBe(404);
    expect((await send('POST', '/products(1)/category', { name: 'x', slug: newName() })).status).toBe(405);
  });

  test.each<[what: string, link: object]>([
    ['another set', { 'category@odata.bind': 'products(1)' }],
    ['a whole set', { 'category@odata.bind': 'categories' }],
    ['another service', { 'category@odata.bind': 'https://elsewhere.example/odata/categories(1)' }],
    ['nothing', { 'category@odata.bind': 'categories(99999999)' }],
    ['nothing by another key', { category: { '@id': "categories(slug='nowhere')" } }],
    ['a number', { 'category@odata.bind': 1 }],
    ['a list', { 'category@odata.bind': ['categories(1)'] }],
    ['what is no address', { 'category@odata.bind': ')(' }],
    ['an earlier request, where there is none', { 'category@odata.bind': '$1' }],
    ['one of two', { category: { '@id': 'categories(1)', name: 'x' } }],
    ['both ways', { categoryId: 1, 'category@odata.bind': 'categories(2)' }],
    ['a text', { category: 'categories(1)' }],
  ])('is not bound to %s', async (_what, link) => {
    const { status, body } = await send('POST', '/products', lamp(link));
    expect(status).toBe(400);
    expect(body.error.target ?? body.error.message).toMatch(/category|url|request/);
  });

  test('binds only relations', async () => {
    expect((await send('POST', '/products', lamp({ 'name@odata.bind': 'products(1)' }))).status).toBe(400);
    expect((await send('POST', '/products', lamp({ 'nothing@odata.bind': 'products(1)' }))).status).toBe(400);
  });
});

describe('an update', () => {
  test('binds, and cuts', async () => {
    const id = await made({ categoryId: 1 });
    expect((await send('PATCH', `/products(${id})`, { 'category@odata.bind': 'categories(3)' })).status).toBe(
      204,
    );
    expect(await categoryOf(id)).toBe(3);
    expect((await send('PATCH', `/products(${id})`, { category: { '@id': 'categories(2)' } })).status).toBe(
      204,
    );
    expect(await categoryOf(id)).toBe(2);
    expect((await send('PATCH', `/products(${id})`, { category: null })).status).toBe(204);
    expect(await categoryOf(id)).toBeNull();
    await send('PATCH', `/products(${id})`, { categoryId: 2 });
    expect((await send('PATCH', `/products(${id})`, { 'category@odata.bind': null })).status).toBe(204);
    expect(await categoryOf(id)).toBeNull();
  });

  test('adds what is bound to many, and says all of what a list names', async () => {
    const { body } = await send('POST', '/collections', { slug: newName(), name: 'x' });
    const [a, b, c] = [await made(), await made(), await made()];
    const path = `/collections(${body.id})`;
    const members = async () =>
      (await send('GET', `${path}/products?$select=id&$orderby=id`)).body.value.map(
        (one: { id: number }) => one.id,
      );
    await send('PATCH', path, { 'products@odata.bind': [`products(${a})`] });
    await send('PATCH', path, { 'products@odata.bind': [`products(${b})`] });
    expect(await members()).toEqual([a, b]);
    expect(
      (await send('PATCH', path, { products: [{ '@id': `products(${b})` }, { '@id': `products(${c})` }] }))
        .status,
    ).toBe(204);
    expect(await members()).toEqual([b, c]);
    expect(
      (await send('PUT', `${path}/products/$ref`, { value: [{ '@id': `products(${a})` }] })).status,
    ).toBe(204);
    expect(await members()).toEqual([a]);
  });

  test('changes no other entity along the way', async () => {
    const id = await made({ categoryId: 1 });
    const { status, body } = await send('PATCH', `/products(${id})`, { category: { name: 'x' } });
    expect(status).toBe(400);
    expect(body.error.target).toBe('category');
    expect((await send('PATCH', '/categories(1)', { products: [lamp()] })).status).toBe(400);
    expect((await send('PATCH', '/orders(1)', { customer: null })).status).toBe(400);
  });
});

describe('$ref', () => {
  test('gives addresses', async () => {
    const category = await newCategory();
    const ids = [await made({ categoryId: category }), await made({ categoryId: category })];
    const many = await send('GET', `/categories(${category})/products/$ref?$orderby=id&$count=true`);
    expect(many.body).toEqual({
      '@odata.context': `${root}/$metadata#Collection($ref)`,
      '@odata.count': 2,
      value: ids.map(id => ({ '@odata.id': `${root}/products(${id})` })),
    });
    const one = await send('GET', `/products(${ids[0]})/category/$ref`);
    expect(one.body).toEqual({
      '@odata.context': `${root}/$metadata#$ref`,
      '@odata.id': `${root}/categories(${category})`,
    });
    const page = await send('GET', `/categories(${category})/products/$ref?$orderby=id`, undefined, {
      prefer: 'maxpagesize=1',
      'odata-maxversion': '4.01',
    });
    expect(page.body.value).toEqual([{ '@id': `${root}/products(${ids[0]})` }]);
    expect(page.body['@nextLink']).toContain(`/products/$ref?`);
    const next = await send('GET', page.body['@nextLink'].slice(root.length));
    expect(next.body.value).toEqual([{ '@odata.id': `${root}/products(${ids[1]})` }]);
    const level = await send('GET', '/stockLevels/$ref?$top=1&$orderby=warehouseId,productId');
    expect(level.body.value).toEqual([{ '@odata.id': `${root}/stockLevels(warehouseId=1,productId=1)` }]);
  });

  test('has nothing to give where nothing is linked', async () => {
    const id = await made();
    expect((await send('GET', `/products(${id})/category/$ref`)).status).toBe(204);
    expect((await send('GET', '/products(99999999)/category/$ref')).status).toBe(404);
    expect((await send('GET', '/products(1)/name/$ref')).status).toBe(404);
    expect((await send('GET', '/products/$ref/$count')).status).toBe(400);
    expect((await send('GET', '/products/$ref?$select=id')).status).toBe(400);
  });

  test('leads a relation of one elsewhere, or nowhere', async () => {
    const id = await made();
    for (const [reference, expected] of [
      [`${root}/categories(2)`, 2],
      ['categories(3)', 3],
    ] as const) {
      expect((await send('PUT', `/products(${id})/category/$ref`, { '@odata.id': reference })).status).toBe(
        204,
      );
      expect(await categoryOf(id)).toBe(expected);
    }
    expect((await send('DELETE', `/products(${id})/category/$ref`)).status).toBe(204);
    expect(await categoryOf(id)).toBeNull();
    expect((await send('DELETE', '/orders(1)/customer/$ref')).status).toBe(400);
  });

  test('adds to a relation of many, and takes away', async () => {
    const category = await newCategory();
    const id = await made();
    const path = `/categories(${category})/products`;
    const add = () => send('POST', `${path}/$ref`, { '@odata.id': `products(${id})` });
    for (const drop of [
      `${path}/$ref?$id=products(${id})`,
      `${path}/$ref?$id=${encodeURIComponent(`${root}/products(${id})`)}`,
      `${path}(${id})/$ref`,
    ]) {
      expect((await add()).status).toBe(204);
      expect(await productsOf(category)).toEqual([id]);
      expect((await send('DELETE', drop)).status).toBe(204);
      expect(await productsOf(category)).toEqual([]);
      expect((await send('DELETE', drop)).status).toBe(404);
    }
    expect((await send('GET', `/products(${id})`)).status).toBe(200);
  });

  test('works through a table in between', async () => {
    const { body } = await send('POST', '/collections', { slug: newName(), name: 'x' });
    const id = await made();
    const path = `/collections(${body.id})/products`;
    expect((await send('POST', `${path}/$ref`, { '@id': `products(${id})` })).status).toBe(204);
    expect((await send('POST', `${path}/$ref`, { '@id': `products(${id})` })).status).toBe(204);
    expect((await send('GET', `${path}/$count`)).body).toBe(1);
    expect((await send('DELETE', `${path}(${id})/$ref`)).status).toBe(204);
    expect((await send('GET', `${path}/$count`)).body).toBe(0);
  });

  test.each<[method: string, path: string, body: unknown, status: number]>([
    ['POST', '/categories(1)/products/$ref', {}, 400],
    ['POST', '/categories(1)/products/$ref', { '@odata.id': 'categories(1)' }, 400],
    ['POST', '/categories(1)/products/$ref', { '@odata.id': 'products(99999999)' }, 400],
    ['POST', '/categories(99999999)/products/$ref', { '@odata.id': 'products(1)' }, 404],
    ['DELETE', '/categories(1)/products/$ref', undefined, 400],
    ['DELETE', '/categories(1)/products/$ref?$id=nowhere(1)', undefined, 400],
    ['POST', '/products(1)/category/$ref', { '@odata.id': 'categories(1)' }, 405],
    ['PUT', '/products(1)/$ref', { '@odata.id': 'products(2)' }, 405],
    ['PUT', '/categories(1)/products/$ref', { '@odata.id': 'products(2)' }, 400],
  ])('%s %s %j is refused', async (method, path, body, status) => {
    const reply = await send(method, path, body);
    expect(reply.status, reply.text).toBe(status);
  });
});
