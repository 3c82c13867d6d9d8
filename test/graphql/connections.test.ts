// Relay connections: https://relay.dev/graphql/connections.htm

import { beforeAll, describe, expect, test } from 'vitest';
import { serverForFile, startServer } from '../harness.ts';
import { type BothPaths, bothPaths, principalWith } from './both-paths.ts';

let paths: BothPaths;
const server = serverForFile({ demo: true });
beforeAll(async () => {
  paths = bothPaths(server.engine, principalWith('read'));
});

// biome-ignore lint/suspicious/noExplicitAny: any answer
type Data = any;

/** @returns what both ways answer, and the Query API too */
async function ask(query: string, variables?: Record<string, unknown>): Promise<Data> {
  const [short, long] = await Promise.all([
    paths.fast({ query, variables }),
    paths.slow({ query, variables }),
  ]);
  expect(short?.body, String(long.body)).toBeDefined();
  expect(JSON.parse(String(short!.body))).toEqual(JSON.parse(String(long.body)));
  expect(short!.headers?.['portolan-truncated']).toBe(long.headers?.['portolan-truncated']);
  const reply = await server.fetch('/api/query', { key: server.adminKey, json: { query, variables } });
  const { data } = JSON.parse(String(long.body));
  expect(Object.keys((await reply.json()) as object)).toEqual(Object.keys(data));
  return data;
}

async function refusal(query: string): Promise<Data> {
  const answer = await paths.slow({ query });
  expect(await paths.fast({ query })).toBeUndefined();
  const [error] = JSON.parse(String(answer.body)).errors;
  return { message: error.message, ...error.extensions, location: error.locations?.[0] };
}

const ids = (connection: Data): number[] => connection.nodes.map((node: { id: number }) => node.id);

describe('a connection', () => {
  test('tells edges, nodes, the page and the total', async () => {
    const { products, productsConnection } = await ask(`{
      products(take: 3, orderBy: [{ name: desc }]) { id name }
      productsConnection(first: 3, orderBy: [{ name: desc }]) {
        __typename
        edges { __typename cursor node { id name } }
        nodes { id name }
        pageInfo { __typename hasNextPage hasPreviousPage startCursor endCursor }
        totalCount
      }
      productsCount
    }`);
    expect(productsConnection.nodes).toEqual(products);
    expect(productsConnection.edges.map((edge: Data) => edge.node)).toEqual(products);
    expect(productsConnection).toMatchObject({
      __typename: 'ProductConnection',
      edges: Array(3).fill({ __typename: 'ProductEdge', cursor: expect.stringMatching(/^[\w-]{60,}$/) }),
      pageInfo: {
        __typename: 'PageInfo',
        hasNextPage: true,
        hasPreviousPage: false,
        startCursor: productsConnection.edges[0].cursor,
        endCursor: productsConnection.edges[2].cursor,
      },
    });
    expect(productsConnection.totalCount).toBeGreaterThan(100);
  });

  test('goes forwards and backwards from its cursors', async () => {
    const page = `query($first: Int, $after: String, $last: Int, $before: String) {
      productsConnection(first: $first, after: $after, last: $last, before: $before, orderBy: [{ weight: asc }, { price: desc }]) {
        nodes { id } pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
      }
    }`;
    const all = (await ask('{ products(take: 10000, orderBy: [{ weight: asc }, { price: desc }]) { id } }'))
      .products;
    const first = (await ask(page, { first: 10 })).productsConnection;
    const second = (await ask(page, { first: 10, after: first.pageInfo.endCursor })).productsConnection;
    expect([...ids(first), ...ids(second)]).toEqual(all.slice(0, 20).map(({ id }: Data) => id));
    expect(second.pageInfo).toMatchObject({ hasNextPage: true, hasPreviousPage: true });
    const back = (await ask(page, { last: 10, before: second.pageInfo.startCursor })).productsConnection;
    expect(back).toEqual({ ...first, pageInfo: { ...first.pageInfo, hasNextPage: true } });
    const end = (await ask(page, { last: 7 })).productsConnection;
    expect(ids(end)).toEqual(all.slice(-7).map(({ id }: Data) => id));
    expect(end.pageInfo).toMatchObject({ hasNextPage: false, hasPreviousPage: true });
    const between = { after: first.pageInfo.startCursor, before: second.pageInfo.endCursor };
    expect(ids((await ask(page, { last: 4, ...between })).productsConnection)).toEqual(
      all.slice(15, 19).map(({ id }: Data) => id),
    );
  });

  test('of related rows has a page for each parent, in the one statement', async () => {
    const query = (bounds: string) => `{
      categories(orderBy: [{ id: asc }]) {
        products(orderBy: [{ price: asc }]) { id }
        productsConnection(${bounds}, orderBy: [{ price: asc }], where: { stock: { gte: 0 } }) {
          edges { cursor node { id } } nodes { id category { name } orderItemsConnection(first: 1) { totalCount nodes { quantity } } }
          pageInfo { hasNextPage hasPreviousPage startCursor endCursor } totalCount totalCountEstimate
        }
      }
    }`;
    const { categories } = await ask(query('first: 2'));
    const long = categories.find(({ products }: Data) => products.length > 5);
    for (const { products, productsConnection: page } of categories) {
      const { edges } = page;
      expect(ids(page)).toEqual(products.slice(0, 2).map(({ id }: Data) => id));
      expect(page.totalCount).toBe(products.length);
      expect(page.totalCountEstimate).toBe(products.length);
      expect(page.pageInfo).toEqual({
        hasNextPage: products.length > 2,
        hasPreviousPage: false,
        startCursor: edges[0]?.cursor ?? null,
        endCursor: edges.at(-1)?.cursor ?? null,
      });
    }
    const cursor = long.productsConnection.pageInfo.endCursor;
    const again = (await ask(query(`first: 2, after: "${cursor}"`))).categories;
    const next = again[categories.indexOf(long)].productsConnection;
    expect(ids(next)).toEqual(long.products.slice(2, 4).map(({ id }: Data) => id));
    expect(next.pageInfo).toMatchObject({ hasPreviousPage: true });
    const backwards = (await ask(query(`last: 2, before: "${next.pageInfo.startCursor}"`))).categories;
    expect(ids(backwards[categories.indexOf(long)].productsConnection)).toEqual(ids(long.productsConnection));
    const last = (await ask(query('last: 2'))).categories[categories.indexOf(long)];
    expect(ids(last.productsConnection)).toEqual(long.products.slice(-2).map(({ id }: Data) => id));
    expect(last.productsConnection.pageInfo).toMatchObject({ hasNextPage: false, hasPreviousPage: true });
  });

  test('of related rows tells of the page alone, of many rows and of none', async () => {
    const { categories } = await ask(
      '{ categories { products: productsConnection(first: 1) { pageInfo { __typename hasPreviousPage } } productsCount } }',
    );
    const counts = categories.map((category: Data) => category.productsCount);
    expect([Math.min(...counts), Math.max(...counts) > 1]).toEqual([0, true]);
    for (const { products } of categories)
      expect(products).toEqual({ pageInfo: { __typename: 'PageInfo', hasPreviousPage: false } });
  });

  test('of related rows that a search finds can be asked for the total alone', async () => {
    const { categories } = await ask(
      '{ categories(orderBy: [{ id: asc }]) { found: productsConnection(search: "oak") { totalCount } all: productsConnection { totalCount } } }',
    );
    const sum = (name: string) =>
      categories.reduce((total: number, one: Data) => total + one[name].totalCount, 0);
    expect(sum('found')).toBeGreaterThan(0);
    expect(sum('found')).toBeLessThan(sum('all'));
  });

  test('takes aliases, fragments and directives on every level', async () => {
    const { page } = await ask(
      `query($no: Boolean!) {
        page: productsConnection(first: 2) { ...Page ...Page rows: edges { it: node { id } } rows: edges { it: node { sku } at: cursor @skip(if: $no) } }
      }
      fragment Page on ProductConnection { ... on ProductConnection { info: pageInfo { last: endCursor kind: __typename } } nodes { ...Row } }
      fragment Row on Product { name category { name } }`,
      { no: true },
    );
    expect(Object.keys(page)).toEqual(['info', 'nodes', 'rows']);
    expect(page.rows[0]).toEqual({ it: { id: expect.any(Number), sku: expect.any(String) } });
    expect(page.info).toEqual({ last: expect.any(String), kind: 'PageInfo' });
    expect(Object.keys(page.nodes[0])).toEqual(['name', 'category']);
  });

  test('goes through what a search finds, what matches best first', async () => {
    const { products } = await ask('{ products(search: "steel or loaf", take: 60) { id } }');
    const found: Data[] = [];
    for (let after = ''; found.length < 60; ) {
      const { productsConnection: page } = await ask(
        `{ productsConnection(search: "steel or loaf", first: 7${after}) { nodes { id } pageInfo { hasNextPage endCursor } } }`,
      );
      found.push(...page.nodes);
      if (!page.pageInfo.hasNextPage) break;
      after = `, after: "${page.pageInfo.endCursor}"`;
    }
    expect(products.length).toBeGreaterThan(20);
    expect(found.slice(0, 60)).toEqual(products);
  });

  test('may be asked for nothing that depends on its condition', async () => {
    const args = '(first: 2, search: "a b", where: { name: { startsWith: "C" } }, orderBy: [{ name: asc }])';
    expect(await ask(`{ productsConnection${args} { __typename } }`)).toEqual({
      productsConnection: { __typename: 'ProductConnection' },
    });
    const nested = `{ categories(take: 1) { productsConnection${args} { __typename pageInfo { __typename } } } }`;
    expect((await ask(nested)).categories[0].productsConnection.__typename).toBe('ProductConnection');
    const bare = `{ categories(take: 1) { productsConnection${args} { __typename } } }`;
    expect((await ask(bare)).categories[0].productsConnection).toEqual({ __typename: 'ProductConnection' });
    const nobody =
      '{ productsConnection(where: { orderItemsAggregate: { where: { price: { gt: "1" } }, count: { in: [] } } }) { totalCount nodes { id } } }';
    expect((await ask(nobody)).productsConnection).toEqual({ totalCount: 0, nodes: [] });
    const aggregate =
      '{ categories(take: 1) { productsAggregate(where: { name: { startsWith: "C" } }) { __typename } } }';
    expect((await ask(aggregate)).categories[0].productsAggregate.__typename).toBe('ProductAggregate');
  });

  test('reads no rows where it is asked for the total alone', async () => {
    const { productsConnection: page, productsCount } = await ask(
      '{ productsConnection(where: { stock: { gt: 5 } }) { totalCount totalCountEstimate } productsCount(where: { stock: { gt: 5 } }) }',
    );
    expect(page).toEqual({ totalCount: productsCount, totalCountEstimate: productsCount });
    expect(await ask('{ productsConnection { __typename } }')).toEqual({
      productsConnection: { __typename: 'ProductConnection' },
    });
    const { text } = server.engine.prepare(
      {
        entity: 'Product',
        select: [],
        cardinality: 'many',
        connection: [{ kind: 'nodes', as: 'nodes', select: [] }],
      },
      principalWith('read'),
      'strings',
    ).plan;
    expect(text).not.toContain('count(');
  });

  test('gives no row, or none at all, and says what lies around', async () => {
    const { none, nobody } = await ask(`{
      none: productsConnection(first: 0) { nodes { id } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } totalCount }
      nobody: productsConnection(last: 3, where: { id: { lt: 0 } }) { edges { cursor } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } totalCount }
    }`);
    expect(none).toMatchObject({
      nodes: [],
      pageInfo: { hasNextPage: true, hasPreviousPage: false, startCursor: null, endCursor: null },
    });
    expect(nobody).toEqual({
      edges: [],
      pageInfo: { hasNextPage: false, hasPreviousPage: false, startCursor: null, endCursor: null },
      totalCount: 0,
    });
  });

  test('refuses both ends at once, wrong numbers and cursors that are none', async () => {
    expect(await refusal('{ productsConnection(first: 1, last: 1) { totalCount } }')).toMatchObject({
      code: 'INVALID_OPERATION',
      hint: expect.stringContaining('"last" with "before"'),
      location: { line: 1, column: 38 },
    });
    expect(await refusal('{ productsConnection(first: -1) { totalCount } }')).toMatchObject({
      message: expect.stringContaining('"first"'),
    });
    expect(await refusal('{ productsConnection(last: 10001) { totalCount } }')).toMatchObject({
      code: 'LIMIT_EXCEEDED',
      message: expect.stringContaining('"last"'),
    });
    expect(await refusal('{ productsConnection(after: "abc") { totalCount } }')).toMatchObject({
      code: 'INVALID_VALUE',
      hint: expect.stringContaining('first page'),
    });
    const { suppliersConnection } = await ask('{ suppliersConnection(first: 1) { pageInfo { endCursor } } }');
    const { endCursor } = suppliersConnection.pageInfo;
    expect(await refusal(`{ productsConnection(before: "${endCursor}") { totalCount } }`)).toMatchObject({
      code: 'INVALID_VALUE',
      hint: expect.stringContaining('the order'),
    });
  });

  test('is cut by the default, and says so in the header', async () => {
    await using small = await startServer({ demo: true, env: { TAKE_DEFAULT: '5' } });
    const query =
      'productsConnection { pageInfo { hasNextPage } nodes { id } } categories(take: 1, where: { productsAggregate: { count: { gt: 5 } } }) { productsConnection { nodes { id } } }';
    const reply = await small.fetch('/api/query', { key: small.adminKey, json: { query } });
    const body = (await reply.json()) as Data;
    expect(body.productsConnection).toMatchObject({
      pageInfo: { hasNextPage: true },
      nodes: Array(5).fill({}),
    });
    expect(body.categories[0].productsConnection.nodes).toHaveLength(5);
    expect(reply.headers.get('portolan-truncated')).toBe('productsConnection, categories.productsConnection');
  });
});
