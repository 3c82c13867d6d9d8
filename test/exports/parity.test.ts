// An export has the rows that the Query API and OData return, for conditions put together at random.

import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import { serverForFile } from '../harness.ts';
import { type Exporting, exporting, readCsv, readNdjson, readWorkbook } from './exporting.ts';

let get: Exporting;

// Pages are small, so that there are many of them.
const server = serverForFile({ demo: true, env: { TAKE_DEFAULT: '50', TAKE_MAX: '300' } });
beforeAll(() => {
  get = exporting(server);
});

/** A condition in the words of GraphQL and of OData. */
interface Condition {
  readonly where: object;
  readonly filter: string;
}

const comparison = (field: string, values: fc.Arbitrary<number>): fc.Arbitrary<Condition> =>
  fc
    .tuple(
      fc.constantFrom(['lt', 'lt'], ['lte', 'le'], ['gt', 'gt'], ['gte', 'ge'], ['equals', 'eq']),
      values,
    )
    .map(([[graphql, odata], value]) => ({
      where: { [field]: { [graphql!]: value } },
      filter: `${field} ${odata} ${value}`,
    }));

const word = fc.constantFrom('oak', 'e', 'Lamp', 'ö', '%', "'", 'cm');
const simple: fc.Arbitrary<Condition> = fc.oneof(
  comparison('stock', fc.integer({ min: -5, max: 600 })),
  comparison(
    'price',
    fc.integer({ min: 0, max: 900 }).map(cents => cents / 4),
  ),
  word.map(text => ({
    where: { name: { contains: text } },
    filter: `contains(name,'${text.replaceAll("'", "''")}')`,
  })),
  fc.boolean().map(value => ({ where: { active: { equals: value } }, filter: `active eq ${value}` })),
  fc.constant({ where: { description: { equals: null } }, filter: 'description eq null' }),
  word.map(text => ({
    where: { category: { is: { name: { startsWith: text } } } },
    filter: `startswith(category/name,'${text.replaceAll("'", "''")}') eq true`,
  })),
);
const condition = fc.letrec<{ any: Condition }>(tie => ({
  any: fc.oneof(
    { maxDepth: 3 },
    simple,
    fc.array(tie('any'), { minLength: 2, maxLength: 3 }).map(items => ({
      where: { AND: items.map(item => item.where) },
      filter: `(${items.map(item => item.filter).join(' and ')})`,
    })),
    fc.array(tie('any'), { minLength: 2, maxLength: 3 }).map(items => ({
      where: { OR: items.map(item => item.where) },
      filter: `(${items.map(item => item.filter).join(' or ')})`,
    })),
  ),
})).any;

const order = fc.constantFrom('id', 'price desc', 'name', 'categoryId desc', 'weight');

async function fromQueryApi(where: object, orderBy: object): Promise<unknown[]> {
  const rows: unknown[] = [];
  for (;;) {
    const query =
      'products(where: $where, orderBy: $orderBy, take: 300, skip: $skip) { id name stock price category { slug } }';
    const json = { query, variables: { where, orderBy, skip: rows.length } };
    const { products } = await (await server.fetch('/api/query', { key: server.adminKey, json })).json();
    rows.push(...products);
    if (products.length < 300) return rows;
  }
}

async function fromOdata(filter: string, orderby: string): Promise<unknown[]> {
  const rows: unknown[] = [];
  const options = {
    $filter: filter,
    $orderby: orderby,
    $select: 'id,name,stock,price',
    $expand: 'category($select=slug)',
  };
  const headers = { accept: 'application/json;odata.metadata=none', prefer: 'odata.maxpagesize=300' };
  let url: string | undefined = `/odata/products?${new URLSearchParams(options)}`;
  while (url) {
    const answer: Record<string, unknown> = await (
      await server.fetch(url, { key: server.adminKey, headers })
    ).json();
    rows.push(...(answer.value as unknown[]));
    const next = answer['@odata.nextLink'] as string | undefined;
    url = next?.slice(next.indexOf('/odata'));
  }
  return rows;
}

test('the same rows in the same order', async () => {
  const found: number[] = [];
  await fc.assert(
    fc.asyncProperty(condition, order, async ({ where, filter }, orderBy) => {
      const [field, direction = 'asc'] = orderBy.split(' ') as [string, string?];
      const queried = await fromQueryApi(where, [{ [field]: direction }]);
      expect(await fromOdata(filter, orderBy)).toEqual(queried);
      const own = {
        select: 'id, name, stock, price, category { slug }',
        where: JSON.stringify(where),
        orderBy,
      };
      const words = {
        $filter: filter,
        $orderby: orderBy,
        $select: 'id,name,stock,price',
        $expand: 'category($select=slug)',
      };
      expect(readNdjson((await get('products', { ...own, format: 'ndjson' })).text)).toEqual(queried);
      expect((await get('products', { ...words, format: 'json' })).body).toEqual(queried);
      const cells = (queried as { category: object | null }[]).map(({ category, ...row }) =>
        Object.values({ ...row, category: (category as { slug?: string } | null)?.slug ?? '' }),
      );
      const [, ...csv] = readCsv((await get('products', { ...words, formulas: 'keep' })).text);
      expect(
        csv.map(([id, name, stock, price, slug]) => [Number(id), name, Number(stock), Number(price), slug]),
      ).toEqual(cells);
      const [, ...sheet] = await readWorkbook((await get('products', { ...own, format: 'xlsx' })).bytes);
      expect(sheet.map(row => row.map(value => value ?? ''))).toEqual(cells);
      found.push(queried.length);
    }),
    { numRuns: 25 },
  );
  // Most conditions find something, and some more than a page.
  expect(found.filter(count => count > 0).length).toBeGreaterThan(found.length / 2);
  expect(Math.max(...found)).toBeGreaterThan(300);
});
