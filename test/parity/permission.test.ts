import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { subscribe } from '../changes/event-stream.ts';
import { startServer, type TestServer } from '../harness.ts';
import { Doors } from './doors.ts';

interface Restricted {
  readonly scope: string;
  /** Changes it, as a caller with every scope. */
  readonly change: string;
  /** Subscriptions that refer to it. */
  readonly subscriptions: readonly string[];
  /** Selections for GraphQL and the Query API, each refers to the field in another way. */
  readonly selections: readonly string[];
  readonly odata: readonly string[];
}

/** Every restricted field of the demo, and every way to refer to it. */
const restricted: Record<string, Restricted> = {
  'product.cost': {
    scope: 'products.cost:read',
    change: 'mutation { updateProduct(id: 1, data: { cost: "1.2345" }) { id } }',
    subscriptions: [
      'productChanged { node { cost } }',
      'productChanged { node { margin } }',
      'productChanged { node { x: cost } n: node { id } }',
      'productChanged(where: { cost: { gt: "5" } }) { key }',
      'productChanged(where: { NOT: { margin: { gt: "0.1" } } }) { position }',
      'productChanged(where: { compare: { of: { field: price }, lt: { field: cost } } }) { kind }',
      'productChanged(kinds: [delete], where: { cost: { equals: null } }) { key }',
      'categoryChanged { node { products { cost } } }',
      'categoryChanged { node { productsAggregate { max { cost } } } }',
      'categoryChanged(where: { products: { some: { cost: { gt: "5" } } } }) { key }',
      'categoryChanged(kinds: [delete], where: { products: { none: { margin: { gt: "1" } } } }) { key }',
    ],
    selections: [
      'products { cost }',
      'products { x: cost }',
      'product(id: 1) { cost }',
      'products { margin }',
      'products(where: { cost: { gt: "5" } }) { id }',
      'products(where: { NOT: { cost: { equals: null } } }) { id }',
      'products(where: { margin: { gt: "0.1" } }) { id }',
      'products(where: { OR: [{ id: { equals: 1 } }, { cost: { lt: "5" } }] }) { id }',
      'products(orderBy: [{ cost: asc }]) { id }',
      'products(orderBy: [{ margin: desc }]) { id }',
      'productsCount(where: { cost: { gt: "5" } })',
      'categories { products { cost } }',
      'categories { products(where: { cost: { gt: "5" } }) { id } }',
      'categories { products(orderBy: [{ cost: asc }]) { id } }',
      'categories { productsCount(where: { cost: { gt: "5" } }) }',
      'categories(where: { products: { some: { cost: { gt: "5" } } } }) { id }',
      'categories(where: { products: { none: { margin: { gt: "5" } } } }) { id }',
      'orderItems(where: { product: { is: { cost: { gt: "5" } } } }) { id }',
      'orderItems(orderBy: [{ product: { cost: asc } }]) { id }',
      'products { ...F } fragment F on Product { cost }',
      'productsConnection { nodes { cost } }',
      'productsConnection { edges { node { margin } } }',
      'productsConnection(orderBy: [{ cost: asc }]) { edges { cursor } }',
      'productsConnection(orderBy: [{ margin: desc }]) { pageInfo { endCursor } }',
      'productsConnection(where: { cost: { gt: "5" } }) { totalCount }',
      'productsConnection(where: { cost: { gt: "5" } }) { totalCountEstimate }',
      'categories { productsConnection { edges { node { cost } } } }',
      'categories { productsConnection(orderBy: [{ cost: asc }]) { pageInfo { startCursor } } }',
      'categories { productsConnection(where: { cost: { gt: "5" } }) { totalCount } }',
      'orderItemsConnection(orderBy: [{ product: { cost: asc } }]) { edges { cursor } }',
      'products(where: { cost: { round: { equals: "5" } } }) { id }',
      'products(where: { compare: { of: { field: cost }, gt: { number: 5 } } }) { id }',
      'products(where: { compare: { of: { field: price }, lt: { field: cost } } }) { id }',
      'products(where: { compare: { of: { field: price }, lt: { mul: [{ field: margin }, { number: 2 }] } } }) { id }',
      'products(search: "oak", where: { NOT: { compare: { of: { field: price }, lt: { field: cost } } } }) { id }',
      'productsCount(where: { compare: { of: { round: { field: cost } }, equals: { field: stock } } })',
      'orderItems(where: { compare: { of: { product: { field: cost } }, gt: { field: quantity } } }) { id }',
      'categories(where: { products: { some: { compare: { of: { field: cost }, gt: { number: 1 } } } } }) { id }',
      'categories { products(search: "oak") { cost } }',
      'productsAggregate { countDistinct { cost } }',
      'productsAggregate { sum { cost } }',
      'productsAggregate { avg { cost } }',
      'productsAggregate { min { cost } }',
      'productsAggregate { max { cost } }',
      'productsAggregate { x: countDistinct { y: margin } }',
      'productsAggregate { x: sum { y: margin } }',
      'productsAggregate { x: avg { y: margin } }',
      'productsAggregate { x: min { y: margin } }',
      'productsAggregate { x: max { y: margin } }',
      'productsAggregate(where: { cost: { gt: "5" } }) { count }',
      'productsGroupBy { key { cost } count }',
      'productsGroupBy { key { margin } count }',
      'productsGroupBy(where: { margin: { gt: "0.1" } }) { key { id } }',
      'productsGroupBy { key { categoryId } sum { cost } }',
      'productsGroupBy { key { categoryId } max { margin } }',
      'productsGroupBy(having: { avg: { cost: { gt: "5" } } }) { key { categoryId } }',
      'productsGroupBy(having: { NOT: { OR: [{ countDistinct: { margin: { gt: 5 } } }] } }) { key { categoryId } }',
      'productsGroupBy(orderBy: [{ sum: { cost: desc } }]) { key { categoryId } }',
      'productsGroupBy(orderBy: [{ min: { margin: asc } }]) { key { categoryId } }',
      'orderItemsGroupBy { key { product { cost } } count }',
      'orderItemsGroupBy { key { product { margin } } count }',
      'categories { productsAggregate { sum { cost } } }',
      'categories { productsAggregate { count min { margin } } }',
      'categories { productsAggregate(where: { cost: { gt: "5" } }) { count } }',
      'suppliers { products { category { productsAggregate { avg { cost } } } } }',
      'categories(where: { productsAggregate: { sum: { cost: { gt: "5" } } } }) { id }',
      'categories(where: { productsAggregate: { countDistinct: { cost: { gt: 5 } } } }) { id }',
      'categories(where: { productsAggregate: { count: { gt: 5 }, where: { cost: { gt: "5" } } } }) { id }',
      'categories(where: { NOT: { productsAggregate: { max: { margin: { lt: "1" } } } } }) { id }',
      'products(where: { category: { productsAggregate: { min: { cost: { gt: "1" } } } } }) { id }',
      'categories(orderBy: [{ productsAggregate: { avg: { cost: desc } } }]) { id }',
      'categories(orderBy: [{ productsAggregate: { count: desc, where: { cost: { gt: "5" } } } }]) { id }',
      'products(orderBy: [{ category: { productsAggregate: { max: { margin: asc } } } }]) { id }',
      'categoriesConnection(orderBy: [{ productsAggregate: { sum: { cost: asc } } }]) { nodes { id } }',
    ],
    odata: [
      'products?$select=cost',
      'products?$select=id,margin',
      'products?$filter=cost gt 5',
      'products?$filter=not (cost eq null)',
      'products?$filter=margin gt 0.1',
      'products?$filter=cost add 1 gt 5',
      'products?$orderby=cost',
      'products?$orderby=margin desc',
      'products?$filter=cost gt 5&$count=true&$top=0',
      'products/$count?$filter=cost gt 5',
      'products(1)?$select=cost',
      'categories?$filter=products/any(p:p/cost gt 5)',
      'categories?$filter=products/$count($filter=cost gt 5) gt 1',
      'orderItems?$filter=product/cost gt 5',
      'orderItems?$orderby=product/cost',
      'products?$filter=price lt cost',
      'products?$search=oak&$orderby=cost',
      'categories?$expand=products($search=oak;$orderby=cost)',
      'categories?$expand=products($select=cost)',
      'categories?$expand=products($filter=cost gt 5)',
      'categories?$expand=products($orderby=cost)',
    ],
  },
  'customer.email': {
    scope: 'customers.contact:read',
    change: 'mutation { updateCustomer(id: 1, data: { email: "changed@example.com" }) { id } }',
    subscriptions: [
      'customerChanged { node { email } }',
      'customerChanged { node { phone } }',
      'customerChanged(where: { email: { startsWith: "a" } }) { key }',
      'customerChanged(kinds: [delete], where: { phone: { equals: null } }) { key }',
      'orderChanged { node { customer { email } } }',
      'orderChanged(where: { customer: { is: { email: { contains: "@" } } } }) { key }',
    ],
    selections: [
      'customers { email }',
      'customers { phone }',
      'customer(email: "a@example.com") { id }',
      'customers(where: { email: { startsWith: "a" } }) { id }',
      'customers(where: { phone: { equals: null } }) { id }',
      'customers(orderBy: [{ email: asc }]) { id }',
      'orders { customer { email } }',
      'orders(where: { customer: { is: { email: { contains: "@" } } } }) { id }',
      'orders(orderBy: [{ customer: { phone: asc } }]) { id }',
      'customersConnection { nodes { email } }',
      'ordersConnection(orderBy: [{ customer: { phone: asc } }]) { edges { cursor } }',
      'customers(where: { phone: { length: { gt: 3 } } }) { id }',
      'orders(where: { compare: { of: { customer: { field: email } }, contains: { field: number } } }) { id }',
      'customersAggregate { countDistinct { email } }',
      'customersAggregate { min { email } }',
      'customersAggregate { max { phone } }',
      'customersAggregate(where: { email: { startsWith: "a" } }) { count }',
      'customersGroupBy { key { email } }',
      'customersGroupBy { key { phone } count }',
      'customersGroupBy(having: { min: { email: { startsWith: "a" } } }) { key { country } }',
      'customersGroupBy(orderBy: [{ max: { phone: asc } }]) { key { country } }',
      'ordersGroupBy { key { customer { email } } count }',
      'ordersGroupBy(where: { customer: { phone: { equals: null } } }) { key { status } }',
    ],
    odata: [
      'customers?$select=email',
      'customers?$select=phone',
      "customers(email='a@example.com')",
      "customers?$filter=startswith(email,'a')",
      'customers?$filter=length(phone) gt 3',
      'customers?$orderby=email',
      'orders?$expand=customer($select=email)',
      "orders?$filter=contains(customer/email,'@')",
      'orders?$orderby=customer/phone',
    ],
  },
};

let server: TestServer;
let doors: Doors;

beforeAll(async () => {
  server = await startServer({ demo: true });
  doors = new Doors(server, await server.createKey('read'));
});

afterAll(() => server.close());

describe.each(Object.entries(restricted))('without its scope, %s', (field, row) => {
  const { scope, selections, odata, change, subscriptions } = row;
  test.each(subscriptions)('is refused in a subscription: %s', async subscription => {
    expect(await refusalOf(await server.createKey('read'), subscription)).toBe('SCOPE_MISSING');
  });

  test('is left out of the change log, and of what is told of changes', async () => {
    const [single = '', name] = field.split('.');
    const query = `{ changes(entity: "${single}", take: 1, newestFirst: true) { fields { name old new } } }`;
    const live = `subscription { ${single}Changed { fields { name new } } }`;
    const both = [await server.createKey('read'), await server.createKey('read', scope)];
    const streams = await Promise.all(both.map(key => subscribe(server, key, live)));
    await new Doors(server).answer('/graphql', { query: change });
    const seen = await Promise.all(
      both.map(async (key, index) => {
        const { text } = await new Doors(server, key).answer('/graphql', { query });
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
    for (const name of ['cost', 'margin', 'email', 'phone']) expect(text).not.toContain(`"name":"${name}"`);
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
    const { text } = await new Doors(server).answer('/api/query', { query: field() });
    const { endCursor } = JSON.parse(text).productsConnection.pageInfo;
    const { rows } = await server.database.query(
      'SELECT cost FROM "Product" ORDER BY cost NULLS FIRST, id LIMIT 1',
    );
    expect(Buffer.from(endCursor, 'base64url').toString('latin1')).not.toContain(`"${rows[0]![0]}"`);
    const after = `, after: "${endCursor}"`;
    expect((await new Doors(server).answer('/api/query', { query: field(after) })).status).toBe(200);
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
    const one = new Doors(server, await server.createKey('products:read'));
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
    const all = new Doors(server);
    await all.answer('/graphql', {
      query: 'mutation { updateCategory(id: 1, data: { position: 77 }) { id } }',
    });
    await all.answer('/graphql', { query: 'mutation { updateProduct(id: 1, data: { stock: 77 }) { id } }' });
    const one = new Doors(server, key);
    const { text } = await one.answer('/graphql', { query: '{ changes(take: 1000) { entity } }' });
    const entities = JSON.parse(text).data.changes.map((change: { entity: string }) => change.entity);
    expect(new Set(entities)).toEqual(new Set(['Product']));
    const other = await one.answer('/graphql', { query: '{ changes(entity: "Category") { id } }' });
    expect(JSON.parse(other.text).errors[0].extensions.code).toBe('SCOPE_MISSING');
    const none = new Doors(server, await server.createKey('admin'));
    expect((await none.answer('/graphql', { query: '{ changes { id } }' })).text).toContain('SCOPE_MISSING');
  });

  test('with the restricted scope reads the restricted field', async () => {
    const one = new Doors(server, await server.createKey('products:read', 'products.cost:read'));
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
