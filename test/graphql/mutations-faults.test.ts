import { beforeAll, describe, expect, test } from 'vitest';
import { serverForFile, startServer } from '../harness.ts';
import { done, mutate, refused } from './mutations.ts';

const server = serverForFile({ demo: true });
beforeAll(async () => {
  await done(server, 'createProduct(data: { sku: "F-1", name: "Lamp", price: 1 }) { id }');
});

const products = 'mutation M($input: [ProductCreate!]!) { createProducts(data: $input) { id } }';

describe('what is wrong with values', () => {
  test('reports all errors at once, each with its path', async () => {
    const input = [
      { sku: 'x'.repeat(65), name: 'ok', price: '1.234', stock: 'many' },
      {
        name: 5,
        price: 'abc',
        weight: '1',
        active: 'yes',
        attributes: null,
        nmae: 'x',
        createdAt: '2026-02-30',
      },
      { sku: 'F-2', name: 'a\0', price: '12345678901', tags: ['ok', 7], description: '\ud800' },
      'no object',
    ];
    const { status, errors } = await mutate(server, products, { variables: { input } });
    expect(status).toBe(400);
    expect(errors).toHaveLength(1);
    expect(errors![0]!.path).toEqual(['createProducts']);
    const faults = errors![0]!.extensions.faults!.map(({ path, code }) => `${path} ${code}`);
    expect(faults.toSorted()).toEqual(
      [
        'data[0].stock INVALID_VALUE',
        'data[1].name INVALID_VALUE',
        'data[1].price INVALID_VALUE',
        'data[1].weight INVALID_VALUE',
        'data[1].active INVALID_VALUE',
        'data[1].createdAt INVALID_VALUE',
        'data[1].sku REQUIRED',
        'data[1].nmae UNKNOWN_FIELD',
        'data[2].tags[1] INVALID_VALUE',
        'data[3] INVALID_VALUE',
        'data[0].sku TOO_LONG',
        'data[0].price OUT_OF_RANGE',
        'data[2].name INVALID_VALUE',
        'data[2].price OUT_OF_RANGE',
        'data[2].description INVALID_VALUE',
      ].toSorted(),
    );
    for (const fault of errors![0]!.extensions.faults!) expect(fault.message).toMatch(/\w/);
  });

  test('says the near name, and never one that the caller may not know of', async () => {
    const key = await server.createKey('read', 'write');
    const faultOf = async (product: object) => {
      const { errors } = await mutate(server, products, { key, variables: { input: [product] } });
      return errors![0]!.extensions.faults![0] as { message: string; hint?: string };
    };
    expect(await faultOf({ sku: 'a', name: 'b', price: 1, stok: 1 })).toMatchObject({
      hint: 'Did you mean "stock"?',
    });
    expect(JSON.stringify(await faultOf({ sku: 'a', name: 'b', price: 1, costs: 1 }))).not.toMatch(/"cost"/);
  });

  test('reports errors in nested records', async () => {
    const text = `createOrder(data: { number: "F-O", total: "1.999",
      customer: { create: { number: "F-C", email: "x", name: "n", country: "DEU" } },
      items: { create: [{ quantity: 1, price: 1 }, { quantity: 1, price: 1, orderId: 5, product: { connect: {} } }] } }) { id }`;
    expect(await refused(server, text.replace(', product: { connect: {} }', ''))).toMatchObject({
      code: 'INVALID_VALUE',
      faults: [
        'data.total OUT_OF_RANGE',
        'data.customer.create.country TOO_LONG',
        'data.items.create[0].productId REQUIRED',
        'data.items.create[1].orderId READ_ONLY',
        'data.items.create[1].productId REQUIRED',
      ],
    });
    expect(await refused(server, text)).toMatchObject({ code: 'INVALID_OPERATION' });
  });

  test.each([
    ['category: { create: { slug: "a", name: "a" }, connect: { id: 1 } }', ['data.category INVALID_VALUE']],
    ['category: {}', ['data.category INVALID_VALUE']],
    ['categoryId: 1, category: { connect: { id: 1 } }', ['data.category INVALID_VALUE']],
    ['category: { connect: { slug: "no such" } }', ['data.category.connect.slug NO_SUCH_REFERENCE']],
    ['category: { connect: { id: 999999 } }', ['data.category.connect NO_SUCH_REFERENCE']],
    ['categoryId: 999999', ['data.categoryId NO_SUCH_REFERENCE']],
    [
      'collections: { connect: [{ id: 1 }, { id: 999999 }, { slug: "none" }] }',
      [
        'data.collections.connect[1].id NO_SUCH_REFERENCE',
        'data.collections.connect[2].slug NO_SUCH_REFERENCE',
      ],
    ],
    ['orderItems: { connect: [{ id: 999999 }] }', ['data.orderItems.connect[0].id NO_SUCH_REFERENCE']],
    [
      'orderItems: { create: [{ orderId: 999999, quantity: 1, price: 1 }] }',
      ['data.orderItems.create[0].orderId NO_SUCH_REFERENCE'],
    ],
  ])('is told of a relation: %s', async (relation, faults) => {
    const text = `createProduct(data: { sku: "F-R", name: "x", price: 1, ${relation} }) { id }`;
    expect(await refused(server, text)).toMatchObject({ code: 'INVALID_VALUE', faults });
    expect(await done(server, '{ product(sku: "F-R") { id } }')).toEqual({ product: null });
  });

  test('reports the path in a variable', async () => {
    const text = `mutation M($price: Decimal!, $stock: Int) {
      createProduct(data: { sku: "F-V", name: "x", price: $price, stock: $stock, weight: "heavy" }) { id } }`;
    const answer = (variables: object) =>
      refused(server, text.replace(', weight: "heavy"', ''), { variables });
    expect(await answer({ price: 'dear', stock: 1.5 })).toMatchObject({
      faults: ['data.price INVALID_VALUE', 'data.stock INVALID_VALUE'],
    });
    expect(await answer({ stock: 1 })).toMatchObject({ faults: ['data.price REQUIRED'] });
    expect(await refused(server, text, { variables: { price: 1 } })).toMatchObject({ code: 'INVALID_VALUE' });
  });

  test('in an operation without variables points to the place in the text', async () => {
    const { errors } = await mutate(
      server,
      'mutation {\n  createProduct(data: { sku: "a", name: "b", price: 1.234 }) { id }\n}',
    );
    expect(errors![0]!.locations).toEqual([{ line: 2, column: 53 }]);
  });
});

describe('what the database finds', () => {
  test.each([
    ['createProduct(data: { sku: "F-1", name: "x", price: 1 }) { id }', 'data.sku NOT_UNIQUE', 'CONFLICT'],
    ['updateProduct(id: 1, data: { sku: "F-1" }) { id }', 'data.sku NOT_UNIQUE', 'CONFLICT'],
    [
      'updateProduct(id: 1, data: { supplierId: 999999 }) { id }',
      'data.supplierId NO_SUCH_REFERENCE',
      'INVALID_VALUE',
    ],
    [
      'updateProducts(where: { id: { in: [1, 2] } }, data: { supplierId: 999999 }) { count }',
      'data.supplierId NO_SUCH_REFERENCE',
      'INVALID_VALUE',
    ],
    [
      'createStockLevel(data: { warehouseId: 1, productId: 1, quantity: 1 }) { quantity } b: createStockLevel(data: { warehouseId: 1, productId: 1, quantity: 1 }) { quantity }',
      'data.warehouseId NOT_UNIQUE',
      'CONFLICT',
    ],
  ])('is told by field, not by constraint: %s', async (text, fault, code) => {
    const answer = await refused(server, text);
    expect(answer).toMatchObject({ code, faults: [fault] });
    expect(answer.message).not.toMatch(/_key|_fkey|_pkey|constraint/);
  });

  test('names every row at fault', async () => {
    const input = ['F-3', 'F-1', 'F-3', 'F-4'].map(sku => ({ sku, name: 'x', price: 1 }));
    expect(await refused(server, products, { variables: { input } })).toMatchObject({
      code: 'CONFLICT',
      faults: ['data[1].sku NOT_UNIQUE', 'data[2].sku NOT_UNIQUE'],
    });
  });
});

describe('faults of values and records that are not there', () => {
  const rows = (values: string) => `createProducts(data: [{ ${values} }]) { id }`;

  test.each<[text: string, faults: string[]]>([
    [
      rows(`sku: "F-T", name: "x", price: "1.999", category: { connect: { slug: "none" } }, supplier: { connect: { id: 999999 } },
        collections: { connect: [{ id: 1 }, { slug: "nope" }] }`),
      [
        'data[0].price OUT_OF_RANGE',
        'data[0].category.connect.slug NO_SUCH_REFERENCE',
        'data[0].collections.connect[1].slug NO_SUCH_REFERENCE',
        'data[0].supplier.connect.id NO_SUCH_REFERENCE',
      ],
    ],
    [
      rows('sku: "F-T", name: "x", price: 1, category: { connect: { slug: "none" } }, supplierId: 999999'),
      ['data[0].category.connect.slug NO_SUCH_REFERENCE', 'data[0].supplierId NO_SUCH_REFERENCE'],
    ],
    [
      rows(
        'sku: "F-T", name: "x", price: 1, category: { connect: { id: 999998 } }, supplier: { connect: { id: 999999 } }',
      ),
      ['data[0].category.connect NO_SUCH_REFERENCE', 'data[0].supplier.connect.id NO_SUCH_REFERENCE'],
    ],
    [
      `createOrder(data: { number: "F-T", total: "1.999", customerId: 999999,
        items: { create: [{ quantity: 1, price: 1, productId: 999999 }, { quantity: 1, price: "1.999", product: { connect: { sku: "none" } } }] } }) { id }`,
      [
        'data.customerId NO_SUCH_REFERENCE',
        'data.items.create[0].productId NO_SUCH_REFERENCE',
        'data.items.create[1].product.connect.sku NO_SUCH_REFERENCE',
        'data.items.create[1].price OUT_OF_RANGE',
        'data.total OUT_OF_RANGE',
      ],
    ],
    [
      'updateProduct(id: 1, data: { price: "1.999", supplierId: 999999, category: { connect: { slug: "none" } } }) { id }',
      [
        'data.category.connect.slug NO_SUCH_REFERENCE',
        'data.price OUT_OF_RANGE',
        'data.supplierId NO_SUCH_REFERENCE',
      ],
    ],
    [
      'createProduct(data: { sku: "F-1", name: "x", price: 1, supplierId: 999999 }) { id }',
      ['data.sku NOT_UNIQUE', 'data.supplierId NO_SUCH_REFERENCE'],
    ],
  ])('come together: %s', async (text, faults) => {
    const answer = await refused(server, text);
    expect(answer.code).toBe('INVALID_VALUE');
    expect(answer.faults?.toSorted()).toEqual(faults.toSorted());
  });

  test('come together for each mutation of a request, and with those of variables', async () => {
    const text = `mutation M($stock: Int) {
      a: createProduct(data: { sku: "F-U", name: "x", price: 1, stock: $stock, supplierId: 999999 }) { id }
      b: createProduct(data: { sku: "F-W", name: "x", price: "1.999", category: { connect: { slug: "none" } } }) { id }
    }`;
    const { errors } = await mutate(server, text, { variables: { stock: 'many' } });
    const told = errors!.map(({ path, extensions }) => [
      path,
      extensions.faults!.map(fault => `${fault.path} ${fault.code}`).toSorted(),
    ]);
    expect(told).toEqual([
      [['a'], ['data.stock INVALID_VALUE', 'data.supplierId NO_SUCH_REFERENCE']],
      [['b'], ['data.category.connect.slug NO_SUCH_REFERENCE', 'data.price OUT_OF_RANGE']],
    ]);
  });

  test('never name a record that the request itself makes', async () => {
    const text = `a: createCategory(data: { slug: "f-new", name: "x" }) { id }
      b: createProduct(data: { sku: "F-X", name: "x", price: 1, supplierId: 999999, category: { connect: { slug: "f-new" } } }) { id }`;
    expect((await refused(server, text)).faults).toEqual(['data.supplierId NO_SUCH_REFERENCE']);
  });

  test('tell a key nothing of records that it may not read', async () => {
    const key = await server.createKey('products:read', 'products:write');
    const text = rows('sku: "F-T", name: "x", price: "1.999", category: { connect: { slug: "none" } }');
    expect((await refused(server, text, { key })).code).toBe('SCOPE_MISSING');
  });
});

describe('a change that is too large', () => {
  test('is refused before anything is done', async () => {
    const small = await startServer({ env: { TAKE_MAX: '10', TAKE_DEFAULT: '10' } });
    try {
      const input = Array.from({ length: 11 }, (_, n) => ({ sku: `${n}`, name: 'x', price: 1 }));
      expect(await refused(small, products, { variables: { input } })).toMatchObject({
        code: 'LIMIT_EXCEEDED',
      });
      const nested = Array.from({ length: 6 }, (_, n) => ({
        sku: `${n}`,
        name: 'x',
        price: 1,
        supplier: { create: { code: `${n}`, name: 'x', country: 'DE' } },
      }));
      expect(await refused(small, products, { variables: { input: nested } })).toMatchObject({
        code: 'LIMIT_EXCEEDED',
      });
    } finally {
      await small.close();
    }
  });
});
