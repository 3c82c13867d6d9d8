import { beforeAll, describe, expect, test } from 'vitest';
import { subscribe } from '../changes/event-stream.ts';
import { serverForFile } from '../harness.ts';
import { ApiClient } from './api-client.ts';
import { restricted } from './restricted.ts';

let doors: ApiClient;

const server = serverForFile({ demo: true });
beforeAll(async () => {
  doors = new ApiClient(server, await server.createKey('read'));
});

describe.each(Object.entries(restricted))('without its scope, %s', (field, row) => {
  const { scope, selections, odata, change, subscriptions } = row;
  test.each(subscriptions)('is refused in a subscription: %s', async subscription => {
    expect(await refusalOf(await server.createKey('read'), subscription)).toBe('SCOPE_MISSING');
  });

  test('is left out of the change log and of reported changes', async () => {
    const [single = '', name] = field.split('.');
    const query = `{ changes(entity: "${single}", take: 1, newestFirst: true) { fields { name old new } } }`;
    const live = `subscription { ${single}Changed { fields { name new } } }`;
    const both = [await server.createKey('read'), await server.createKey('read', scope)];
    const streams = await Promise.all(both.map(key => subscribe(server, key, live)));
    await new ApiClient(server).answer('/graphql', { query: change });
    const seen = await Promise.all(
      both.map(async (key, index) => {
        const { text } = await new ApiClient(server, key).answer('/graphql', { query });
        const logged = JSON.parse(text).data.changes[0].fields as { name: string }[];
        const [told] = (await streams[index]!.take(1)) as unknown as [{ fields: { name: string }[] }];
        await streams[index]!.leave();
        return [logged, told.fields].map(fields => fields.some(one => one.name === name));
      }),
    );
    expect(seen).toEqual([
      [false, false],
      [true, true],
    ]);
  });

  test.each(selections)('is refused in the Query API: %s', async selection => {
    const { status, text } = await doors.answer('/api/query', { query: selection });
    expect(status).toBe(403);
    expect(JSON.parse(text).error).toMatchObject({ code: 'SCOPE_MISSING' });
    expect(text).toContain(scope);
  });

  test.each(selections)('is refused in GraphQL: %s', async selection => {
    const [roots, fragment = ''] = selection.split(' fragment ');
    const query = `{ ${roots} } ${fragment && `fragment ${fragment}`}`;
    const { text } = await doors.answer('/graphql', { query });
    const body = JSON.parse(text);
    expect(body.data ?? null).toBe(null);
    expect(body.errors[0].extensions.code).toBe('SCOPE_MISSING');
    expect(text).toContain(scope);
  });

  test.each(selections)('is refused in GraphQL executed by field: %s', async selection => {
    const [roots, fragment = ''] = selection.split(' fragment ');
    const query = `{ ${roots} __schema { queryType { name } } } ${fragment && `fragment ${fragment}`}`;
    const { text } = await doors.answer('/graphql', { query });
    expect(JSON.parse(text).errors[0].extensions.code).toBe('SCOPE_MISSING');
  });

  test.each(odata)('is refused in OData: %s', async url => {
    const { status, text } = await doors.answer(`/odata/${encodeURI(url)}`);
    // A key that the caller may not know of is no key.
    expect(url.includes('(email=') ? [400] : [403, 404]).toContain(status);
    expect(text).not.toContain('"value":[');
  });
});

/** @returns the code that a subscription is refused with; waits in vain for one that runs */
async function refusalOf(key: string, subscription: string): Promise<string | undefined> {
  const stream = await subscribe(server, key, `subscription { ${subscription} }`);
  const first = await stream.next();
  await stream.leave();
  return first?.errors?.[0]?.extensions.code;
}

describe('a key without the scope', () => {
  test('sees nothing of restricted fields in $metadata', async () => {
    const { text } = await doors.answer('/odata/$metadata');
    expect(text).toContain('Name="products"');
    for (const name of ['cost', 'margin', 'email', 'phone']) expect(text).not.toContain(`Name="${name}"`);
  });

  test('sees nothing of them in introspection', async () => {
    const query = '{ __schema { types { name fields { name } inputFields { name } enumValues { name } } } }';
    const { text } = await doors.answer('/graphql', { query });
    expect(text).toContain('"sku"');
    // A caller's own account has an address too.
    const types = JSON.parse(text).data.__schema.types.filter(
      ({ name }: { name: string }) => name !== 'MyUser',
    );
    for (const name of ['cost', 'margin', 'email', 'phone'])
      expect(JSON.stringify(types)).not.toContain(`"name":"${name}"`);
  });

  test('gets no hint at them from a misspelt name', async () => {
    for (const wrong of ['costs', 'cots', 'margn', 'margins']) {
      for (const query of [
        `products { ${wrong} }`,
        `products(orderBy: [{ ${wrong}: asc }]) { id }`,
        `products(where: { ${wrong}: { gt: 1 } }) { id }`,
        `products(where: { compare: { of: { field: ${wrong} }, gt: { number: 1 } } }) { id }`,
        `productsAggregate { sum { ${wrong} } }`,
        `productsGroupBy { key { ${wrong} } }`,
        `productsGroupBy(having: { avg: { ${wrong}: { gt: 1 } } }) { key { id } }`,
        `productsGroupBy(orderBy: [{ max: { ${wrong}: asc } }]) { key { id } }`,
        `categories { productsAggregate { min { ${wrong} } } }`,
        `categories(where: { productsAggregate: { sum: { ${wrong}: { gt: 1 } } } }) { id }`,
        `categories(orderBy: [{ productsAggregate: { sum: { ${wrong}: asc } } }]) { id }`,
      ]) {
        const { text } = await doors.answer('/api/query', { query });
        expect(text).not.toMatch(/\b(cost|margin)\b/);
        const graphql = await doors.answer('/graphql', { query: `{ ${query} }` });
        expect(graphql.text).not.toMatch(/\b(cost|margin)\b/);
      }
      const body = {
        query: 'query ($where: ProductWhere) { products(where: $where) { id } }',
        variables: { where: { compare: [{ of: { field: wrong }, gt: { number: 1 } }] } },
      };
      for (const path of ['/graphql', '/api/query'])
        expect((await doors.answer(path, body)).text).not.toMatch(/\b(cost|margin)\b/);
      const odata = await doors.answer(`/odata/products?$filter=${wrong} gt 1`);
      expect(odata.text).not.toMatch(/\b(cost|margin)\b/);
    }
  });

  test('gets whole records without them', async () => {
    const { status, text } = await doors.answer('/odata/products?$top=1');
    expect(status).toBe(200);
    expect(Object.keys(JSON.parse(text).value[0])).not.toContain('cost');
  });
});

describe('a cursor of an order by a restricted field', () => {
  const field = (after = '') =>
    `productsConnection(first: 1, orderBy: [{ cost: asc }]${after}) { pageInfo { endCursor } }`;

  test('is of no use to a key without the scope, and shows nothing', async () => {
    const { text } = await new ApiClient(server).answer('/api/query', { query: field() });
    const { endCursor } = JSON.parse(text).productsConnection.pageInfo;
    const { rows } = await server.database.query(
      'SELECT cost FROM "Product" ORDER BY cost NULLS FIRST, id LIMIT 1',
    );
    expect(Buffer.from(endCursor, 'base64url').toString('latin1')).not.toContain(`"${rows[0]![0]}"`);
    const after = `, after: "${endCursor}"`;
    expect((await new ApiClient(server).answer('/api/query', { query: field(after) })).status).toBe(200);
    expect((await doors.answer('/api/query', { query: field(after) })).status).toBe(403);
    const elsewhere = `productsConnection(after: "${endCursor}") { nodes { id } }`;
    expect((await doors.answer('/api/query', { query: elsewhere })).status).toBe(400);
  });

  test('nor does a next link lead on', async () => {
    const url = '/odata/products?$select=id&$orderby=cost&$top=5000';
    const headers = { 'x-api-key': server.adminKey, prefer: 'maxpagesize=2' };
    const body = (await (await server.fetch(url, { headers })).json()) as Record<string, string>;
    const link = new URL(body['@odata.nextLink']!);
    const { status } = await doors.answer(`${link.pathname}${link.search}`);
    expect(status).toBe(403);
  });
});

describe('without a credential', () => {
  test.each(['{ changes { id } }', 'subscription { productChanged { key } }'])(
    '%s is refused',
    async query => {
      const headers = { accept: 'text/event-stream, application/json' };
      const response = await server.fetch('/graphql', { json: { query }, headers });
      expect(response.status).toBe(401);
      expect(response.headers.get('www-authenticate')).toBeTruthy();
    },
  );
});

describe('a key for one set', () => {
  test('reads that set and nothing else, through any door', async () => {
    const one = new ApiClient(server, await server.createKey('products:read'));
    expect((await one.answer('/api/query', { query: 'products(take: 1) { id }' })).status).toBe(200);
    for (const query of [
      'categories { id }',
      'products { category { id } }',
      'products(where: { category: { is: { id: { gt: 1 } } } }) { id }',
      'products(orderBy: [{ category: { id: asc } }]) { id }',
      'categoriesCount',
      'products { orderItemsCount }',
      'categoriesAggregate { count }',
      'categoriesGroupBy { key { id } }',
      'products { orderItemsAggregate { count } }',
      'productsGroupBy { key { category { name } } }',
      'productsGroupBy { key { category { __typename } } }',
      'products(where: { orderItemsAggregate: { count: { gt: 1 } } }) { id }',
      'products(orderBy: [{ orderItemsAggregate: { count: asc } }]) { id }',
    ]) {
      expect((await one.answer('/api/query', { query })).status, query).toBe(403);
    }
    for (const url of [
      'categories',
      'products?$filter=category/id gt 1',
      'products?$orderby=category/id',
      'products?$expand=category',
      'products?$filter=category eq null',
      'products?$filter=orderItems/any()',
      'categories/$count',
    ]) {
      expect([403, 404], url).toContain((await one.answer(`/odata/${encodeURI(url)}`)).status);
    }
    const { text } = await one.answer('/odata/$metadata');
    expect(text).not.toContain('Name="categories"');
    expect(text).not.toContain('Category');
  });

  test('writes nothing through OData unless it may, along no relation', async () => {
    const writes = [
      ['POST', '/products', { sku: 'N', name: 'n', price: 1 }],
      ['PATCH', '/products(1)', { stock: 1 }],
      ['PATCH', '/products(1)/category', { name: 'n' }],
      ['PATCH', '/orderItems(1)/product', { stock: 1 }],
      ['PUT', '/products(1)/name', { value: 'n' }],
      ['DELETE', '/products(1)', undefined],
      ['DELETE', '/products(1)/category', undefined],
      ['DELETE', '/products(1)/category/$ref', undefined],
      ['POST', '/products(1)/orderItems', { quantity: 1, price: 1, orderId: 1 }],
      ['POST', '/products(1)/orderItems/$ref', { '@odata.id': 'orderItems(1)' }],
      ['POST', '/categories', { slug: 'n', name: 'n', products: [{ '@odata.id': 'products(1)' }] }],
    ] as const;
    for (const scopes of [['products:read'], ['read'], ['read', 'suppliers:write'], ['admin']]) {
      const key = await server.createKey(...scopes);
      for (const [method, path, body] of writes) {
        const init = {
          key,
          method,
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(body),
        };
        const { status } = await server.fetch(`/odata${path}`, init);
        expect(status, `${scopes} ${method} ${path}`).toBe(403);
      }
    }
  });

  test('follows the changes of that set and of nothing else', async () => {
    const key = await server.createKey('products:read');
    for (const subscription of [
      'categoryChanged { key }',
      'productChanged { node { category { id } } }',
      'productChanged { node { orderItemsCount } }',
      'productChanged(where: { category: { is: { id: { gt: 1 } } } }) { key }',
      'productChanged(where: { orderItems: { some: {} } }, kinds: [delete]) { key }',
    ]) {
      expect(await refusalOf(key, subscription), subscription).toBe('SCOPE_MISSING');
    }
    const all = new ApiClient(server);
    await all.answer('/graphql', {
      query: 'mutation { updateCategory(id: 1, data: { position: 77 }) { id } }',
    });
    await all.answer('/graphql', { query: 'mutation { updateProduct(id: 1, data: { stock: 77 }) { id } }' });
    const one = new ApiClient(server, key);
    const { text } = await one.answer('/graphql', { query: '{ changes(take: 1000) { entity } }' });
    const entities = JSON.parse(text).data.changes.map((change: { entity: string }) => change.entity);
    expect(new Set(entities)).toEqual(new Set(['Product']));
    const other = await one.answer('/graphql', { query: '{ changes(entity: "Category") { id } }' });
    expect(JSON.parse(other.text).errors[0].extensions.code).toBe('SCOPE_MISSING');
    const none = new ApiClient(server, await server.createKey('admin'));
    expect((await none.answer('/graphql', { query: '{ changes { id } }' })).text).toContain('SCOPE_MISSING');
  });

  test('with the restricted scope reads the restricted field', async () => {
    const one = new ApiClient(server, await server.createKey('products:read', 'products.cost:read'));
    expect(
      (
        await one.answer('/api/query', {
          query: 'products(take: 1, where: { cost: { gt: "1" } }) { cost margin }',
        })
      ).status,
    ).toBe(200);
    expect((await one.answer('/odata/products?$top=1&$select=cost,margin')).status).toBe(200);
  });
});
