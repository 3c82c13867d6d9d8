// Who may write what through OData: the same as through GraphQL, in every place where something is written.

import { beforeAll, describe, expect, test } from 'vitest';
import { serverForFile } from '../harness.ts';
import { type Send, sender } from './writing.ts';

let all: Send;
const senders = new Map<string, Send>();

const as = async (...scopes: string[]): Promise<Send> => {
  const name = scopes.join(' ');
  if (!senders.has(name)) senders.set(name, sender(server, await server.createKey(...scopes)));
  return senders.get(name)!;
};

const server = serverForFile({ demo: true, env: { PUBLIC_URL: 'https://shop.example' } });
beforeAll(async () => {
  all = sender(server);
});

const root = 'https://shop.example/odata';
const lamp = { sku: 'P-X', name: 'x', price: 1 };

type Case = [scopes: string[], method: string, path: string, body: unknown, missing: string];

const refusals: Case[] = [
  [['read'], 'POST', '/products', lamp, 'products:write'],
  [['read'], 'POST', '/categories(1)/products', lamp, 'products:write'],
  [['read'], 'PATCH', '/products(1)', { stock: 1 }, 'products:write'],
  [['read'], 'PATCH', '/products(1)', {}, 'products:write'],
  [['read'], 'PATCH', "/products(sku='P-X')", lamp, 'products:write'],
  [['read'], 'PUT', '/products(1)', lamp, 'products:write'],
  [['read'], 'DELETE', '/products(1)', undefined, 'products:write'],
  [['read'], 'PUT', '/products(1)/name', { value: 'x' }, 'products:write'],
  [['read'], 'PUT', '/products(1)/name/$value', 'x', 'products:write'],
  [['read'], 'DELETE', '/products(1)/description', undefined, 'products:write'],
  [['read'], 'PUT', '/products(1)/category/$ref', { '@odata.id': 'categories(1)' }, 'products:write'],
  [['read'], 'DELETE', '/products(1)/category/$ref', undefined, 'products:write'],
  [['read'], 'POST', '/categories(1)/products/$ref', { '@odata.id': 'products(1)' }, 'categories:write'],
  [['read'], 'PATCH', '/products(1)/category', { name: 'x' }, 'categories:write'],
  [['read', 'products:write'], 'PATCH', '/products(1)/category', { name: 'x' }, 'categories:write'],
  [['read', 'products:write'], 'DELETE', '/products(1)/category', undefined, 'categories:write'],
  [['read', 'categories:write'], 'DELETE', '/products(1)', undefined, 'products:write'],
  [['admin', 'read'], 'DELETE', '/products(1)', undefined, 'products:write'],
  [['categories:read'], 'PATCH', '/products(1)', { stock: 1 }, 'products:write'],
  // Restricted fields, in every place where they can be written.
  [['read', 'write'], 'POST', '/products', { ...lamp, cost: 1 }, 'products.cost:write'],
  [['read', 'write'], 'PATCH', '/products(1)', { cost: 1 }, 'products.cost:write'],
  [['read', 'write'], 'PUT', '/products(1)', { ...lamp, cost: null }, 'products.cost:write'],
  [['read', 'write'], 'PATCH', "/products(sku='P-X')", { ...lamp, cost: 1 }, 'products.cost:write'],
  [['read', 'write'], 'PUT', '/products(1)/cost', { value: 1 }, 'products.cost:write'],
  [['read', 'write'], 'DELETE', '/products(1)/cost', undefined, 'products.cost:write'],
  [['read', 'write', 'products.cost:read'], 'PUT', '/products(1)/cost', { value: 1 }, 'products.cost:write'],
  [['read', 'write', 'products.cost:read'], 'PATCH', '/products(1)', { cost: 1 }, 'products.cost:write'],
  [
    ['read', 'write'],
    'POST',
    '/categories',
    { slug: 'p', name: 'p', products: [{ ...lamp, cost: 1 }] },
    'products.cost:write',
  ],
  // Restricted fields, read by a key or the answer.
  [['read', 'write'], 'PATCH', '/products(1)?$select=cost', { stock: 1 }, 'products.cost:read'],
  [['read', 'write'], 'POST', '/products?$select=margin', lamp, 'products.cost:read'],
  [['read', 'write'], 'POST', '/products?$compute=cost mul 2 as c', lamp, 'products.cost:read'],
  [
    ['read', 'write', 'customers.contact:write'],
    'PATCH',
    "/customers(email='a@b.example')",
    { city: 'x' },
    'customers.contact:read',
  ],
  // Along relations.
  [
    ['read', 'products:write'],
    'POST',
    '/products',
    { ...lamp, category: { slug: 'p', name: 'p' } },
    'categories:write',
  ],
  [
    ['read', 'categories:write'],
    'PATCH',
    '/categories(1)',
    { 'products@odata.bind': ['products(1)'] },
    'products:write',
  ],
  [
    ['read', 'categories:write'],
    'POST',
    '/categories(1)/products/$ref',
    { '@odata.id': 'products(1)' },
    'products:write',
  ],
  [['read', 'categories:write'], 'POST', '/categories(1)/products', lamp, 'products:write'],
  [['read', 'products:write'], 'POST', '/collections(1)/products', lamp, 'collections:write'],
  [
    ['read', 'orders:write'],
    'POST',
    '/orders',
    { number: 'p', total: 1, customerId: 1, items: [{ quantity: 1, price: 1, productId: 1 }] },
    'orderItems:write',
  ],
  // Writing is not reading.
  [
    ['products:write'],
    'POST',
    '/products',
    { ...lamp, 'category@odata.bind': 'categories(1)' },
    'categories:read',
  ],
  [
    ['products:read', 'products:write'],
    'PATCH',
    '/products(1)',
    { 'category@odata.bind': 'categories(1)' },
    'categories:read',
  ],
  [
    ['products:write', 'categories:write'],
    'PATCH',
    '/products(1)',
    { 'category@odata.bind': 'categories(1)' },
    'categories:read',
  ],
  [['products:read', 'products:write'], 'POST', '/products?$expand=category', lamp, 'categories:read'],
  [
    ['products:write', 'categories:write'],
    'PATCH',
    '/categories(1)/products(1)',
    { stock: 1 },
    'products:read',
  ],
  [
    ['products:write', 'categories:read'],
    'PATCH',
    '/categories(1)/products(1)',
    { stock: 1 },
    'products:read',
  ],
];

const state = async () =>
  (
    await server.database.query(
      'select count(*), sum(stock), sum(cost), sum("categoryId"), max(name), (select count(*) from "Category"), (select max(name) from "Category"), (select count(*) from "Order") from "Product"',
    )
  ).rows;

describe('without the scope', () => {
  test.each(refusals)('%j is refused: %s %s %j', async (scopes, method, path, body, missing) => {
    const before = await state();
    const reply = await (await as(...scopes))(method, path, body);
    expect(reply.status, reply.text).toBe(403);
    expect(reply.body.error).toMatchObject({ code: 'SCOPE_MISSING', target: missing });
    expect(await state()).toEqual(before);
  });

  test('nobody writes without a credential', async () => {
    for (const [method, path] of [
      ['POST', '/products'],
      ['PATCH', '/products(1)'],
      ['PUT', '/products(1)/name'],
      ['DELETE', '/products(1)'],
      ['DELETE', '/products(1)/category/$ref'],
    ] as const) {
      const { status } = await server.fetch(`/odata${path}`, {
        method,
        headers: { 'content-type': 'application/json' },
      });
      expect(status, `${method} ${path}`).toBe(401);
    }
  });
});

describe('who may write but not read', () => {
  test('returns the status and the location of a new entity', async () => {
    const blind = await as('products:write');
    for (const prefer of ['return=representation', 'return=minimal', '']) {
      const sku = `blind-${prefer.length}`;
      const { status, text, headers } = await blind(
        'POST',
        '/products',
        { ...lamp, sku },
        prefer ? { prefer } : {},
      );
      expect(status).toBe(204);
      expect(text).toBe('');
      expect(headers.get('location')).toBe(`${root}/products(sku='${sku}')`);
      expect(headers.get('etag')).toBeNull();
      const applied = prefer === 'return=minimal' ? prefer : null;
      expect(headers.get('preference-applied')).toBe(applied);
    }
    const path = "/products(sku='blind-0')";
    expect((await blind('PATCH', path, { stock: 3 }, { prefer: 'return=representation' })).status).toBe(204);
    expect(
      (await blind('PUT', `${path}/name`, { value: 'n' }, { prefer: 'return=representation' })).text,
    ).toBe('');
    expect((await all('GET', path)).body).toMatchObject({ stock: 3, name: 'n' });
    expect((await blind('GET', path)).status).toBe(403);
    expect((await blind('DELETE', path)).status).toBe(204);
  });

  test('is shown of what it wrote only what it may read', async () => {
    const clerk = await as('products:read', 'products:write', 'products.cost:write');
    const { body, status } = await clerk('POST', '/products', { ...lamp, sku: 'clerk', cost: 5 });
    expect(status).toBe(201);
    expect(body).toMatchObject({ sku: 'clerk' });
    expect(body).not.toHaveProperty('cost');
    expect(body).not.toHaveProperty('margin');
    const { text, status: set } = await clerk(
      'PUT',
      "/products(sku='clerk')/cost",
      { value: 6 },
      { prefer: 'return=representation' },
    );
    expect([set, text]).toEqual([204, '']);
    expect((await all('GET', "/products(sku='clerk')?$select=cost")).body.cost).toBe(6);
  });

  test('does not see nested records of sets that it may not read', async () => {
    const maker = await as('products:read', 'products:write', 'dataSheets:write');
    const { status, body } = await maker('POST', '/products', { ...lamp, sku: 'maker', sheet: { pages: 7 } });
    expect(status).toBe(201);
    expect(body).not.toHaveProperty('sheet');
    expect((await all('GET', "/products(sku='maker')/sheet")).body.pages).toBe(7);
  });
});
