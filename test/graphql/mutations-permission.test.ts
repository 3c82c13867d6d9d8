import { describe, expect, test } from 'vitest';
import { platform } from '../../src/graphql/platform/platform.ts';
import { serverForFile } from '../harness.ts';
import { done, mutate, refused } from './mutations.ts';

const keys = new Map<string, string>();
const keyOf = async (...scopes: string[]) => {
  const name = scopes.join(' ');
  if (!keys.has(name)) keys.set(name, await server.createKey(...scopes));
  return keys.get(name)!;
};
const server = serverForFile({ demo: true });

const product = 'sku: "P-X", name: "x", price: 1';

/** Scopes that do not suffice, a mutation, and the scope that is missing. */
const refusals: [scopes: string[], mutation: string, missing: string][] = [
  [['read'], `createProduct(data: { ${product} }) { id }`, 'products:write'],
  [['read'], 'updateProduct(id: 1, data: { stock: 1 }) { id }', 'products:write'],
  [['read'], 'updateProducts(all: true, data: { stock: 1 }) { count }', 'products:write'],
  [['read'], `upsertProduct(data: { ${product} }) { id }`, 'products:write'],
  [['read'], 'deleteProduct(id: 1) { id }', 'products:write'],
  [['read'], 'deleteProducts(all: true) { count }', 'products:write'],
  [['read', 'categories:write'], 'deleteProduct(id: 1) { id }', 'products:write'],
  [['admin', 'read'], 'deleteProduct(id: 1) { id }', 'products:write'],
  // Restricted fields, in every place where they can be written.
  [['read', 'write'], `createProduct(data: { ${product}, cost: 1 }) { id }`, 'products.cost:write'],
  [['read', 'write'], 'updateProduct(id: 1, data: { cost: 1 }) { id }', 'products.cost:write'],
  [['read', 'write'], 'updateProducts(all: true, data: { cost: null }) { count }', 'products.cost:write'],
  [['read', 'write'], `upsertProducts(data: [{ ${product}, cost: 1 }]) { id }`, 'products.cost:write'],
  [
    ['read', 'write', 'products.cost:read'],
    'updateProduct(id: 1, data: { cost: 1 }) { id }',
    'products.cost:write',
  ],
  [
    ['read', 'write'],
    `createCategory(data: { slug: "p", name: "p", products: { create: [{ ${product}, cost: 1 }] } }) { id }`,
    'products.cost:write',
  ],
  // Restricted fields, read by a condition, a key or the answer.
  [
    ['read', 'write'],
    'updateProducts(where: { cost: { gt: 1 } }, data: { stock: 1 }) { count }',
    'products.cost:read',
  ],
  [['read', 'write'], 'deleteProducts(where: { margin: { gt: 0 } }) { count }', 'products.cost:read'],
  [
    ['read', 'write'],
    'deleteOrderItems(where: { product: { cost: { gt: 1 } } }) { count }',
    'products.cost:read',
  ],
  [['read', 'write'], 'updateProduct(id: 1, data: { stock: 1 }) { cost }', 'products.cost:read'],
  [['read', 'write'], 'deleteProduct(id: 1) { margin }', 'products.cost:read'],
  [
    ['read', 'write', 'products.cost:write'],
    'updateProduct(id: 1, data: { cost: 1 }) { margin }',
    'products.cost:read',
  ],
  [
    ['read', 'write'],
    'updateCustomer(email: "a@b.example", data: { city: "x" }) { id }',
    'customers.contact:read',
  ],
  [['read', 'write'], 'deleteCustomer(email: "a@b.example") { id }', 'customers.contact:read'],
  [
    ['read', 'write'],
    'createOrder(data: { number: "p", total: 1, customer: { connect: { email: "a@b.example" } } }) { id }',
    'customers.contact:read',
  ],
  // Along relations.
  [
    ['read', 'products:write'],
    `createProduct(data: { ${product}, category: { create: { slug: "p", name: "p" } } }) { id }`,
    'categories:write',
  ],
  [
    ['read', 'categories:write'],
    'updateCategory(id: 1, data: { products: { connect: [{ id: 1 }] } }) { id }',
    'products:write',
  ],
  [
    ['read', 'categories:write'],
    `updateCategory(id: 1, data: { products: { create: [{ ${product} }] } }) { id }`,
    'products:write',
  ],
  [
    ['read', 'products:write'],
    'updateProduct(id: 1, data: { collections: { connect: [{ id: 1 }] } }) { id }',
    'collections:write',
  ],
  [
    ['read', 'products:write'],
    'updateProduct(id: 1, data: { collections: { set: [] } }) { id }',
    'collections:write',
  ],
  [
    ['read', 'products:write'],
    'updateProduct(id: 1, data: { sheet: { create: { language: "de" } } }) { id }',
    'dataSheets:write',
  ],
  [
    ['read', 'orders:write'],
    `createOrder(data: { number: "p", total: 1, customerId: 1, items: { create: [{ quantity: 1, price: 1, productId: 1 }] } }) { id }`,
    'orderItems:write',
  ],
  [
    ['read', 'orders:write', 'orderItems:write'],
    `createOrder(data: { number: "p", total: 1, customerId: 1, items: { create: [{ quantity: 1, price: 1, product: { create: { ${product} } } }] } }) { id }`,
    'products:write',
  ],
  // Writing is not reading.
  [['products:write'], 'updateProduct(id: 1, data: { stock: 1 }) { id }', 'products:read'],
  [['products:write'], 'deleteProduct(id: 1) { name }', 'products:read'],
  [
    ['products:write'],
    'updateProducts(where: { stock: { gt: 1 } }, data: { stock: 1 }) { count }',
    'products:read',
  ],
  [['products:write'], 'updateProduct(id: 1, data: { stock: 1 }) { version }', 'products:read'],
  [
    ['products:read', 'products:write'],
    'updateProduct(id: 1, data: { category: { connect: { slug: "x" } } }) { id }',
    'categories:read',
  ],
  [
    ['products:read', 'products:write'],
    'updateProduct(id: 1, data: { stock: 1 }) { category { id } }',
    'categories:read',
  ],
];

describe('without the scope', () => {
  test.each(refusals)('%s is refused: %s', async (scopes, mutation, missing) => {
    const before = await done(
      server,
      '{ productsAggregate { count sum { stock } } categoriesCount ordersCount }',
    );
    expect(await refused(server, mutation, { key: await keyOf(...scopes) })).toMatchObject({
      code: 'SCOPE_MISSING',
      scope: missing,
      data: undefined,
    });
    expect(
      await done(server, '{ productsAggregate { count sum { stock } } categoriesCount ordersCount }'),
    ).toEqual(before);
  });

  test('one mutation that is not allowed stops those before it', async () => {
    const key = await keyOf('read', 'products:write');
    const text = `a: createProduct(data: { ${product} }) { id } b: deleteOrders(all: true) { count }`;
    expect(await refused(server, text, { key })).toMatchObject({ code: 'SCOPE_MISSING', path: ['b'] });
    expect(await done(server, '{ product(sku: "P-X") { id } }')).toEqual({ product: null });
  });

  test('nobody writes without a credential', async () => {
    const response = await server.fetch('/graphql', {
      json: { query: 'mutation { deleteProducts(all: true) { count } }' },
    });
    expect(response.status).toBe(401);
  });
});

describe('with the scope', () => {
  test.each([
    [['products:write'], 'createProduct(data: { sku: "P-1", name: "x", price: 1 }) { __typename }'],
    [['products:write'], 'updateProduct(sku: "P-1", data: { stock: 1, categoryId: 1 }) { __typename }'],
    [['products:write'], 'upsertProducts(data: [{ sku: "P-1", name: "y", price: 1 }]) { __typename }'],
    [
      ['products:write', 'products.cost:write'],
      'updateProduct(sku: "P-1", data: { cost: 1 }) { __typename }',
    ],
    [
      ['read', 'products:write'],
      'updateProduct(sku: "P-1", data: { category: { connect: { id: 1 } } }) { id category { name } }',
    ],
    [
      ['read', 'products:write', 'collections:write'],
      'updateProduct(sku: "P-1", data: { collections: { connect: [{ id: 1 }] } }) { id collections { id } }',
    ],
    [['products:write'], 'deleteProduct(sku: "P-1") { __typename }'],
  ])('%s it is done: %s', async (scopes, mutation) => {
    expect((await mutate(server, mutation, { key: await keyOf(...scopes) })).errors).toBeUndefined();
  });
});

describe('introspection', () => {
  const names = async (...scopes: string[]) => {
    const query = '{ __schema { mutationType { fields { name } } types { name inputFields { name } } } }';
    const key = await keyOf(...scopes);
    const { data } = (await (await server.fetch('/graphql', { key, json: { query } })).json()) as {
      data: {
        __schema: {
          mutationType: { fields: { name: string }[] } | null;
          types: { name: string; inputFields: { name: string }[] | null }[];
        };
      };
    };
    const fieldsOf = (type: string) =>
      data.__schema.types.find(one => one.name === type)?.inputFields?.map(one => one.name);
    // What a person does with what is their own is everybody's.
    const own = new Set(platform.flatMap(part => part.mutations ?? []));
    const all = data.__schema.mutationType?.fields.map(one => one.name) ?? [];
    return { mutations: all.filter(name => !own.has(name)), fieldsOf };
  };

  test('shows no mutations to callers who can only read', async () => {
    expect((await names('read')).mutations).toEqual([]);
  });

  test('shows the mutations of the sets that can be written, and the fields', async () => {
    const { mutations, fieldsOf } = await names('read', 'products:write');
    expect(mutations).toEqual([
      'createProduct',
      'createProducts',
      'updateProduct',
      'updateProducts',
      'upsertProduct',
      'upsertProducts',
      'deleteProduct',
      'deleteProducts',
    ]);
    expect(fieldsOf('ProductCreate')).toContain('category');
    for (const hidden of ['cost', 'collections', 'orderItems', 'sheet'])
      expect(fieldsOf('ProductCreate')).not.toContain(hidden);
    expect(fieldsOf('CategoryLink')).toEqual(['connect']);
  });
});
