import { describe, expect, test } from 'vitest';
import { serverForFile } from '../harness.ts';
import { done, mutate, refused } from './mutations.ts';

const server = serverForFile({ demo: true });

describe('create', () => {
  test('adds one record, and answers what is asked of it', async () => {
    const text = `createProduct(data: { sku: "M-1", name: "Lamp", price: "12.50", tags: ["a", "b"],
      attributes: { light: { lumen: 800, warm: true } }, category: { connect: { id: 1 } } }) {
      sku price stock tags attributes category { id } label version }`;
    expect(await done(server, text)).toEqual({
      createProduct: {
        sku: 'M-1',
        price: '12.50',
        stock: 0,
        tags: ['a', 'b'],
        attributes: { light: { lumen: 800, warm: true } },
        category: { id: 1 },
        label: 'Lamp (M-1)',
        version: expect.stringMatching(/^\d+$/),
      },
    });
  });

  test('adds many, and gives them in their order', async () => {
    const data = Array.from({ length: 300 }, (_, n) => ({
      sku: `M-2-${n}`,
      name: `N ${n}`,
      price: String(n),
    }));
    const text =
      'mutation M($data: [ProductCreate!]!) { createProducts(data: $data) { sku price category { id } } }';
    const { createProducts } = (await done(server, text, { variables: { data } })) as {
      createProducts: object[];
    };
    expect(createProducts).toEqual(
      data.map(({ sku, price }) => ({ sku, price: `${price}.00`, category: null })),
    );
  });

  test('adds and connects along relations of every kind, in one transaction', async () => {
    const text = `createOrder(data: {
      number: "M-O1", total: "20",
      customer: { create: { number: "M-C1", name: "Ann", email: "ann@m.example", country: "DE" } },
      items: { create: [
        { quantity: 1, price: 10, product: { connect: { sku: "M-1" } } },
        { quantity: 2, price: 5, product: { create: {
          sku: "M-3", name: "New", price: 5,
          sheet: { create: { language: "de", preview: "3q2+7w==" } },
          collections: { create: [{ slug: "m-1", name: "M" }], connect: [{ id: 1 }] },
          supplier: { create: { code: "M-S", name: "S", country: "FR" } }
        } } }
      ] }
    }) { number status customer { name email } items { quantity product { sku supplier { code } sheet { language preview }
      collections(orderBy: [{ slug: asc }]) { slug } } } }`;
    const answer = (await done(server, text)) as {
      createOrder: { items: { product: { collections: object[] } }[] };
    };
    expect(answer.createOrder).toMatchObject({
      number: 'M-O1',
      status: 'PENDING',
      customer: { name: 'Ann', email: 'ann@m.example' },
      items: [
        { quantity: 1, product: { sku: 'M-1', supplier: null, sheet: null, collections: [] } },
        {
          quantity: 2,
          product: { sku: 'M-3', supplier: { code: 'M-S' }, sheet: { language: 'de', preview: '3q2+7w==' } },
        },
      ],
    });
    expect(answer.createOrder.items[1]!.product.collections).toHaveLength(2);
    // The same again is refused at its first repetition, and leaves nothing of the rest.
    expect(await refused(server, text)).toMatchObject({
      code: 'CONFLICT',
      path: ['createOrder'],
      data: null,
    });
    expect(await done(server, '{ ordersCount(where: { number: { equals: "M-O1" } }) }')).toEqual({
      ordersCount: 1,
    });
  });

  test('takes every value as it is, however it looks', async () => {
    const nasty = [
      `'); DROP TABLE "Product"; --`,
      '$1',
      '\\',
      '"',
      '\u2028\u{1F600}',
      '{a,"b"}',
      '$' + '{x}',
      'NULL',
      '',
    ];
    const data = nasty.map((name, n) => ({
      sku: `M-4-${n}`,
      name,
      price: 1,
      tags: nasty,
      attributes: nasty,
    }));
    const text =
      'mutation M($data: [ProductCreate!]!) { createProducts(data: $data) { name tags attributes } }';
    expect(await done(server, text, { variables: { data } })).toEqual({
      createProducts: nasty.map(name => ({ name, tags: nasty, attributes: nasty })),
    });
  });
});

describe('update', () => {
  test.each(['id: 1', 'sku: "M-1"'])('changes one record by %s', async key => {
    const text = `updateProduct(${key}, data: { stock: 5 }) { stock }`;
    expect(await done(server, text)).toEqual({ updateProduct: { stock: 5 } });
  });

  test('sets what is null, and leaves what is left out', async () => {
    await done(server, 'updateProduct(sku: "M-1", data: { description: "x", weight: 2.5 }) { id }');
    const text = 'updateProduct(sku: "M-1", data: { description: null }) { description weight name }';
    expect(await done(server, text)).toEqual({
      updateProduct: { description: null, weight: 2.5, name: 'Lamp' },
    });
  });

  test('connects, disconnects and sets relations', async () => {
    const slugs = async (data: string) => {
      const text = `updateProduct(sku: "M-1", data: { ${data} }) { category { id } collections(orderBy: [{ id: asc }]) { id } }`;
      const { updateProduct } = (await done(server, text)) as {
        updateProduct: { category: { id: number } | null; collections: { id: number }[] };
      };
      return [updateProduct.category?.id ?? null, updateProduct.collections.map(one => one.id)];
    };
    expect(await slugs('collections: { connect: [{ id: 1 }, { id: 2 }] }')).toEqual([1, [1, 2]]);
    expect(await slugs('collections: { connect: [{ id: 2 }], disconnect: [{ id: 1 }] }')).toEqual([1, [2]]);
    expect(
      await slugs('collections: { set: [{ id: 3 }, { id: 1 }] }, category: { disconnect: true }'),
    ).toEqual([null, [1, 3]]);
    expect(await slugs('collections: { set: [] }, category: { connect: { id: 2 } }')).toEqual([2, []]);
  });

  test('sets the time of the change', async () => {
    const [before, after] = [
      await done(server, '{ product(sku: "M-1") { updatedAt } }'),
      await done(server, 'updateProduct(sku: "M-1", data: { stock: 6 }) { updatedAt }'),
    ] as unknown as [{ product: { updatedAt: string } }, { updateProduct: { updatedAt: string } }];
    expect(after.updateProduct.updatedAt > before.product.updatedAt).toBe(true);
  });

  test('answers NOT_FOUND where there is no such record', async () => {
    expect(await refused(server, 'updateProduct(sku: "none", data: { stock: 5 }) { id }')).toMatchObject({
      code: 'NOT_FOUND',
      path: ['updateProduct'],
      data: null,
    });
  });

  test('of many changes those that meet a condition, and counts them', async () => {
    const text =
      'updateProducts(where: { sku: { startsWith: "M-2-1" } }, data: { stock: 3 }) { n: count __typename }';
    expect(await done(server, text)).toEqual({ updateProducts: { n: 111, __typename: 'ChangedRows' } });
  });

  test.each([
    'updateProducts(data: { stock: 3 }) { count }',
    'updateProducts(where: {}, data: { stock: 3 }) { count }',
    'updateProducts(where: { AND: [{ name: {} }] }, data: { stock: 3 }) { count }',
    'updateProducts(where: { NOT: { OR: [] } }, data: { stock: 3 }) { count }',
    'updateProducts(where: { id: { notIn: [] } }, data: { stock: 3 }) { count }',
    'updateProducts(where: { id: { gt: 3 } }, all: true, data: { stock: 3 }) { count }',
    'deleteProducts { count }',
    'deleteProducts(where: {}) { count }',
    'deleteProducts(where: {}, all: false) { count }',
  ])('refuses to mean all without saying so: %s', async text => {
    expect(await refused(server, text)).toMatchObject({ code: 'INVALID_OPERATION' });
  });

  test('takes all where that is said', async () => {
    expect(await done(server, 'updateCollections(all: true, data: { season: SPRING }) { count }')).toEqual({
      updateCollections: { count: expect.any(Number) },
    });
    expect(await done(server, '{ collectionsCount(where: { season: { not: SPRING } }) }')).toEqual({
      collectionsCount: 0,
    });
  });
});

describe('upsert', () => {
  test('adds what is new and changes what is there', async () => {
    const text = (name: string) =>
      `upsertSupplier(data: { code: "M-U", name: "${name}", country: "DE" }) { name rating }`;
    expect(await done(server, text('one'))).toEqual({ upsertSupplier: { name: 'one', rating: null } });
    await done(server, 'updateSupplier(code: "M-U", data: { rating: 4.5 }) { id }');
    expect(await done(server, text('two'))).toEqual({ upsertSupplier: { name: 'two', rating: 4.5 } });
  });

  test('of many refuses a key that comes twice', async () => {
    const text = `upsertSuppliers(data: [{ code: "M-V", name: "a", country: "DE" }, { code: "M-V", name: "b", country: "DE" }]) { id }`;
    expect(await refused(server, text)).toMatchObject({ faults: ['data[1].code DUPLICATE_KEY'] });
  });

  test('works where the key is made of two fields', async () => {
    const text =
      'upsertStockLevel(data: { warehouseId: 1, productId: 1, quantity: 7, movements: "9007199254740993" }) { quantity movements }';
    expect(await done(server, text)).toEqual({
      upsertStockLevel: { quantity: 7, movements: '9007199254740993' },
    });
    const update = 'updateStockLevel(warehouseId: 1, productId: 1, data: { quantity: 8 }) { quantity }';
    expect(await done(server, update)).toEqual({ updateStockLevel: { quantity: 8 } });
  });
});

describe('delete', () => {
  test('gives the record as it was', async () => {
    const text = 'deleteProduct(sku: "M-4-0") { name label category { id } }';
    expect(await done(server, text)).toEqual({
      deleteProduct: {
        name: `'); DROP TABLE "Product"; --`,
        label: expect.stringContaining('M-4-0'),
        category: null,
      },
    });
    expect(await refused(server, text)).toMatchObject({ code: 'NOT_FOUND' });
  });

  test('is refused while others refer to the record', async () => {
    expect(await refused(server, 'deleteProduct(sku: "M-3") { id }')).toMatchObject({
      code: 'CONFLICT',
      message: 'Other records still refer to it.',
    });
  });

  test('of many counts them', async () => {
    expect(await done(server, 'deleteProducts(where: { sku: { startsWith: "M-4-" } }) { count }')).toEqual({
      deleteProducts: { count: 8 },
    });
  });
});

describe('several mutations', () => {
  const two = `a: createSupplier(data: { code: "M-W", name: "w", country: "DE" }) { id }
    b: createSupplier(data: { code: "M-U", name: "taken", country: "DE" }) { id }`;

  test('are all done or none, and the error says which failed', async () => {
    expect(await refused(server, two)).toMatchObject({ code: 'CONFLICT', path: ['b'], data: null });
    expect(await done(server, '{ supplier(code: "M-W") { id } }')).toEqual({ supplier: null });
  });

  test('each see what those before them did', async () => {
    const text = `a: createSupplier(data: { code: "M-X", name: "x", country: "DE" }) { name }
      b: updateSupplier(code: "M-X", data: { name: "y" }) { name products { id } }
      c: deleteSupplier(code: "M-X") { name }  __typename`;
    expect(await done(server, text)).toEqual({
      a: { name: 'x' },
      b: { name: 'y', products: [] },
      c: { name: 'y' },
      __typename: 'Mutation',
    });
  });

  test('count each for itself where that is asked for', async () => {
    const { data, errors } = await mutate(server, `mutation @independent { ${two} }`);
    expect(data).toEqual({ a: { id: expect.any(Number) }, b: null });
    expect(errors).toHaveLength(1);
    expect(errors![0]).toMatchObject({ path: ['b'], extensions: { code: 'CONFLICT' } });
    expect(await done(server, '{ supplier(code: "M-W") { name } }')).toEqual({ supplier: { name: 'w' } });
  });
});

describe('mutations', () => {
  test('come by POST alone', async () => {
    const query = encodeURIComponent('mutation { deleteProducts(all: true) { count } }');
    const response = await server.fetch(`/graphql?query=${query}`, { key: server.adminKey });
    expect(response.status).toBe(405);
    expect(response.headers.get('allow')).toBe('POST');
    expect(await done(server, '{ productsCount(where: { sku: { equals: "M-1" } }) }')).toEqual({
      productsCount: 1,
    });
  });

  test('are not done where the answer could not be told', async () => {
    for (const accept of ['image/png', 'text/event-stream']) {
      const response = await server.fetch('/graphql', {
        key: server.adminKey,
        json: { query: 'mutation { deleteProducts(all: true) { count } }' },
        headers: { accept },
      });
      const text = await response.text();
      expect(response.status === 406 || text.includes('NOT_ACCEPTABLE'), text).toBe(true);
    }
    expect(await done(server, '{ productsCount(where: { sku: { equals: "M-1" } }) }')).toEqual({
      productsCount: 1,
    });
  });

  test('are refused by the Query API', async () => {
    const response = await server.fetch('/api/query', {
      key: server.adminKey,
      json: { query: 'mutation { deleteProducts(all: true) { count } }' },
    });
    expect(response.status).toBe(400);
  });
});
