// Aggregates through GraphQL, by both ways of running, and the Query API, against SQL written by hand.

import { describe, expect, test } from 'vitest';
import { serverForFile } from '../harness.ts';

const server = serverForFile({ demo: true });

interface Body {
  readonly data?: Record<string, unknown>;
  readonly errors?: readonly { message: string; extensions: Record<string, unknown> }[];
}

async function post(path: string, query: string, variables?: object): Promise<Response> {
  return server.fetch(path, { key: server.adminKey, json: { query, variables } });
}

/** @returns the value of the only root, the same whichever way it is asked */
async function ask(selection: string, rest = '', variables?: object, head = ''): Promise<unknown> {
  const graphql = async (more: string) =>
    (await (
      await post('/graphql', `query ${head} { ${selection} ${more} } ${rest}`, variables)
    ).json()) as Body;
  const [short, long] = [await graphql(''), await graphql('__schema { queryType { name } }')];
  expect(short.errors).toBeUndefined();
  const { __schema, ...others } = long.data!;
  expect(others).toEqual(short.data);
  const plain = await post('/api/query', `query ${head} { ${selection} } ${rest}`, variables);
  expect(asStrings(await plain.json())).toEqual(asStrings(short.data));
  return Object.values(short.data!)[0];
}

/** Numbers come as strings in GraphQL and as numbers in the Query API. */
const asStrings = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value), (_key, item) => (isNumeric(item) ? Number(item) : item));
const isNumeric = (item: unknown): boolean => typeof item === 'string' && /^-?\d+(\.\d+)?$/.test(item);

const sql = async (text: string): Promise<(string | null)[][]> =>
  (await server.database.query(text)).rows.map(row => [...row]);

async function refusal(selection: string): Promise<{ message: string; extensions: Record<string, unknown> }> {
  const body = (await (await post('/graphql', `{ ${selection} }`)).json()) as Body;
  return body.errors![0]!;
}

describe('all rows together', () => {
  test('are counted, summed up, averaged, and their extremes found', async () => {
    const selection = `productsAggregate(where: { active: { equals: true } }) {
      count
      countDistinct { categoryId sku active }
      sum { price stock weight }
      avg { price stock }
      min { name price createdAt }
      max { name cost active }
    }`;
    const [row] =
      await sql(`SELECT count(*), count(DISTINCT "categoryId"), count(DISTINCT sku), sum(price), sum(stock),
      round(avg(price), 10), round(avg(stock), 10), min(name), min(price), max(name), max(cost),
      to_char(min("createdAt"), 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') FROM "Product" WHERE active`);
    const answer = (await ask(selection)) as Record<string, Record<string, string>>;
    const { count, countDistinct, sum, avg, min, max } = answer;
    expect([
      ...[count, countDistinct!.categoryId, countDistinct!.sku, sum!.price, sum!.stock].map(String),
      ...[avg!.price, avg!.stock].map(value => Number(value).toFixed(10)),
      ...[min!.name, min!.price, max!.name, max!.cost, min!.createdAt],
    ]).toEqual(row);
    expect(countDistinct!.active).toBe(1);
    expect(max!.active).toBe(true);
  });

  test('are none: counts are 0 and all else is null', async () => {
    const selection =
      'productsAggregate(where: { id: { lt: 0 } }) { count countDistinct { sku } sum { price stock } avg { weight } min { name } max { createdAt } }';
    expect(await ask(selection)).toEqual({
      count: 0,
      countDistinct: { sku: 0 },
      sum: { price: null, stock: null },
      avg: { weight: null },
      min: { name: null },
      max: { createdAt: null },
    });
  });

  test('leave missing values out of averages and counts of different ones', async () => {
    const [row] = await sql(
      'SELECT round(sum(cost) / count(cost), 8), count(DISTINCT barcode) FROM "Product"',
    );
    const answer = (await ask('productsAggregate { avg { cost } countDistinct { barcode } }')) as {
      avg: { cost: string };
      countDistinct: { barcode: number };
    };
    expect([Number(answer.avg.cost).toFixed(8), String(answer.countDistinct.barcode)]).toEqual(row);
  });

  test('keep every digit of decimals', async () => {
    const [[sum]] = (await sql('SELECT sum(movements) FROM "StockLevel"')) as [[string]];
    expect(await ask('stockLevelsAggregate { sum { movements } }')).toEqual({ sum: { movements: sum } });
    const { status } = await post('/api/query', 'stockLevelsAggregate { sum { movements } }');
    expect(status).toBe(200);
    const text = await (await post('/api/query', 'stockLevelsAggregate { sum { movements } }')).text();
    expect(text).toBe(`{"stockLevelsAggregate":{"sum":{"movements":${sum}}}}`);
  });

  test('take aliases, fragments, directives, variables and merged fields at all levels', async () => {
    const rest = `fragment Sums on ProductAggregate { total: sum { all: price ...Deep __typename } }
      fragment Deep on ProductSums { stock }`;
    const selection = `a: productsAggregate(where: $where) {
      n: count count @skip(if: $no) type: __typename ...Sums
      ... on ProductAggregate @include(if: $no) { min { name } }
      max { id } max { __typename id @include(if: $no) }
    }`;
    const [[n, price, stock, id]] = (await sql(
      'SELECT count(*), sum(price), sum(stock), max(id) FROM "Product" WHERE stock > 5',
    )) as [[string, string, string, string]];
    const variables = { where: { stock: { gt: 5 } }, no: false };
    const head = '($where: ProductWhere, $no: Boolean!)';
    expect(await ask(selection, rest, variables, head)).toEqual({
      n: Number(n),
      count: Number(n),
      type: 'ProductAggregate',
      max: { id: Number(id), __typename: 'ProductExtremes' },
      total: { all: price, stock, __typename: 'ProductSums' },
    });
  });
});

describe('groups', () => {
  test('are made by what is selected under key, through relations to one record', async () => {
    const rows = await sql(`SELECT c.name, p.name, count(*), sum(x.stock) FROM "Product" x
      LEFT JOIN "Category" c ON c.id = x."categoryId" LEFT JOIN "Category" p ON p.id = c."parentId"
      GROUP BY c.name, p.name, c.id IS NULL, p.id IS NULL ORDER BY sum(x.stock) DESC, c.name LIMIT 7`);
    const groups = (await ask(`productsGroupBy(orderBy: [{ sum: { stock: desc } }], take: 7) {
      key { category { name parent { name } } } count sum { stock } }`)) as {
      key: { category: { name: string; parent: { name: string } | null } | null };
      count: number;
      sum: { stock: string };
    }[];
    expect(
      groups.map(({ key: { category }, count, sum }) => [
        category?.name ?? null,
        category?.parent?.name ?? null,
        String(count),
        sum.stock,
      ]),
    ).toEqual(rows);
  });

  test('show null where a relation leads nowhere', async () => {
    await server.database.query('UPDATE "Product" SET "categoryId" = NULL WHERE id IN (1, 2, 3)');
    const groups = await ask(
      'productsGroupBy(where: { id: { lte: 4 } }) { key { category { __typename } } count }',
    );
    expect(groups).toEqual([
      { key: { category: null }, count: 3 },
      { key: { category: { __typename: 'CategoryGroupKey' } }, count: 1 },
    ]);
    const parts = await ask('ordersGroupBy(where: { dueOn: { isNull: true } }) { key { dueOn { year } } }');
    expect(parts).toEqual([{ key: { dueOn: null } }]);
  });

  test('are made by parts of dates, and sorted by them', async () => {
    const rows =
      await sql(`SELECT extract(year FROM "orderedAt")::int, extract(quarter FROM "orderedAt")::int, count(*)
      FROM "Order" GROUP BY 1, 2 ORDER BY 1 DESC, 2`);
    const groups = (await ask(`ordersGroupBy(orderBy: [{ key: { orderedAt: { year: desc } } }]) {
      key { orderedAt { year quarter } } count }`)) as {
      key: { orderedAt: { year: number; quarter: number } };
      count: number;
    }[];
    expect(
      groups.map(({ key, count }) => [key.orderedAt.year, key.orderedAt.quarter, count].map(String)),
    ).toEqual(rows);
  });

  test('are chosen by having, sorted by several keys, and cut to a page', async () => {
    const rows = await sql(`SELECT country, count(*) FROM "Customer" GROUP BY country
      HAVING count(*) >= 3 AND NOT (max(name) < 'B') AND (min(id) > 2 OR count(DISTINCT city) > 1)
      ORDER BY count(*) DESC, country DESC LIMIT 4 OFFSET 1`);
    const groups = (await ask(`customersGroupBy(
      having: { count: { gte: 3 }, NOT: { max: { name: { lt: "B" } } }, OR: [{ min: { id: { gt: 2 } } }, { countDistinct: { city: { gt: 1 } } }] }
      orderBy: [{ count: desc }, { key: { country: desc } }], take: 4, skip: 1) { key { country } count }`)) as {
      key: { country: string };
      count: number;
    }[];
    expect(groups.map(({ key, count }) => [key.country, String(count)])).toEqual(rows);
  });

  test('are reported when the default page size cut the list', async () => {
    const cut = await post('/api/query', 'all: productsGroupBy { key { id } }');
    expect(cut.headers.get('portolan-truncated')).toBe('all');
    const whole = await post('/api/query', 'all: productsGroupBy(take: 10) { key { id } }');
    expect(whole.headers.get('portolan-truncated')).toBe(null);
  });

  test('need a key', async () => {
    expect(await refusal('ordersGroupBy { count }')).toMatchObject({
      message: '"ordersGroupBy" has no field to group by.',
      extensions: { code: 'INVALID_OPERATION' },
    });
    expect(await refusal('ordersGroupBy { key { __typename } count }')).toMatchObject({
      extensions: { code: 'INVALID_OPERATION' },
    });
  });

  test('are not sorted by what they are not made by', async () => {
    const selection = 'ordersGroupBy(orderBy: [{ key: { status: asc } }]) { key { customerId } }';
    expect(await refusal(selection)).toMatchObject({
      message: 'Cannot sort groups by "status": it is not part of the key.',
      extensions: { code: 'INVALID_OPERATION', hint: 'Select it under "key".' },
    });
    const part =
      'ordersGroupBy(orderBy: [{ key: { orderedAt: { month: asc } } }]) { key { orderedAt { year } } }';
    expect((await refusal(part)).extensions.code).toBe('INVALID_OPERATION');
  });
});

describe('aggregates of related rows', () => {
  test('are selected beside the row, in lists inside lists as well', async () => {
    const rows = await sql(`SELECT s.id, count(p.id), sum(p.price), max(p.name) FROM "Supplier" s
      LEFT JOIN "Product" p ON p."supplierId" = s.id AND p.stock > 10 GROUP BY s.id ORDER BY s.id LIMIT 6`);
    const suppliers = (await ask(`suppliers(take: 6) { id
      productsAggregate(where: { stock: { gt: 10 } }) { count sum { price } max { name } } }`)) as {
      id: number;
      productsAggregate: { count: number; sum: { price: string }; max: { name: string } };
    }[];
    expect(
      suppliers.map(({ id, productsAggregate: { count, sum, max } }) => [
        String(id),
        String(count),
        sum.price,
        max.name,
      ]),
    ).toEqual(rows);
    const nested = await ask(
      'suppliers(take: 2) { products(take: 2) { orderItemsAggregate { __typename count sum { quantity __typename } } } }',
    );
    expect(JSON.stringify(nested)).toContain('"__typename":"OrderItemSums"');
  });

  test('filter rows', async () => {
    const rows = await sql(`SELECT c.id FROM "Category" c
      WHERE (SELECT count(*) FROM "Product" p WHERE p."categoryId" = c.id AND p.active) > 80
      AND (SELECT avg(price) FROM "Product" p WHERE p."categoryId" = c.id AND p.active) BETWEEN 20 AND 200 ORDER BY c.id`);
    const categories = (await ask(`categories(where: { productsAggregate: {
      where: { active: { equals: true } }, count: { gt: 80 }, avg: { price: { gte: 20, lte: "200" } } } }) { id }`)) as {
      id: number;
    }[];
    expect(rows.length).toBeGreaterThan(0);
    expect(categories.map(({ id }) => [String(id)])).toEqual(rows);
  });

  test('filter through relations, and find what has none', async () => {
    const rows = await sql(`SELECT p.id FROM "Product" p JOIN "Category" c ON c.id = p."categoryId"
      WHERE (SELECT count(*) FROM "Category" k WHERE k."parentId" = c."parentId") > 4
      AND (SELECT sum(quantity) FROM "OrderItem" i WHERE i."productId" = p.id) IS NULL ORDER BY p.id LIMIT 20`);
    const products = (await ask(`products(take: 20, where: {
      category: { parent: { childrenAggregate: { count: { gt: 4 } } } },
      orderItemsAggregate: { sum: { quantity: { equals: null } } } }) { id }`)) as { id: number }[];
    expect(products.map(({ id }) => [String(id)])).toEqual(rows);
    const some = await ask(
      'categories(where: { products: { some: { orderItemsAggregate: { count: { gt: 5 } } } } }, take: 1) { id }',
    );
    expect(some).toHaveLength(1);
  });

  test('sort rows, all of them counted or some', async () => {
    const rows = await sql(`SELECT c.id FROM "Category" c
      ORDER BY (SELECT sum(stock) FROM "Product" p WHERE p."categoryId" = c.id AND p.active) DESC NULLS LAST,
      (SELECT count(*) FROM "Product" p WHERE p."categoryId" = c.id), c.id LIMIT 9`);
    const categories = (await ask(`categories(take: 9, orderBy: [
      { productsAggregate: { sum: { stock: desc }, where: { active: { equals: true } } } },
      { productsAggregate: { count: asc } }]) { id }`)) as { id: number }[];
    expect(categories.map(({ id }) => [String(id)])).toEqual(rows);
    const paged = await ask(
      'products(take: 3, orderBy: [{ category: { productsAggregate: { count: desc } } }, { id: asc }]) { category { productsCount } }',
    );
    expect(paged).toHaveLength(3);
  });

  test('sort connections, page by page', async () => {
    const ids: number[] = [];
    let after = 'null';
    for (let page = 0; page < 4; page++) {
      const connection = (await ask(
        `categoriesConnection(first: 5, after: ${after}, orderBy: [{ productsAggregate: { count: desc } }]) { nodes { id } pageInfo { endCursor } }`,
      )) as { nodes: { id: number }[]; pageInfo: { endCursor: string } };
      ids.push(...connection.nodes.map(({ id }) => id));
      after = JSON.stringify(connection.pageInfo.endCursor);
    }
    const whole = (await ask(
      'categories(take: 20, orderBy: [{ productsAggregate: { count: desc } }]) { id }',
    )) as { id: number }[];
    expect(ids).toEqual(whole.map(({ id }) => id));
  });

  test.each([
    ['categories(orderBy: [{ productsAggregate: {} }]) { id }', 'INVALID_VALUE'],
    [
      'categories(orderBy: [{ productsAggregate: { count: asc, sum: { stock: asc } } }]) { id }',
      'INVALID_VALUE',
    ],
    ['categories(where: { productsAggregate: null }) { id }', 'INVALID_VALUE'],
    ['categories(where: { productsAggregate: { count: null } }) { id }', 'INVALID_VALUE'],
    ['categories(where: { productsAggregate: { where: null } }) { id }', 'INVALID_VALUE'],
    ['categories(where: { productsAggregate: { sum: { name: { gt: 1 } } } }) { id }', 'UNKNOWN_FIELD'],
    ['categories { productsAggregate { sum { name } } }', 'UNKNOWN_FIELD'],
    ['categories { productsAggregate { avg { priec } } }', 'UNKNOWN_FIELD'],
    ['productsAggregate { min { attributes } }', 'UNKNOWN_FIELD'],
    ['productsAggregate { max { tags } }', 'UNKNOWN_FIELD'],
    ['productsAggregate { min { label } }', 'UNKNOWN_FIELD'],
  ])('are refused where they mean nothing: %s', async (selection, code) => {
    expect((await refusal(selection)).extensions.code).toBe(code);
  });

  test('hint at the nearest name', async () => {
    expect((await refusal('categories { productsAggregate { avg { priec } } }')).extensions.hint).toBe(
      'Did you mean "price"?',
    );
  });
});
