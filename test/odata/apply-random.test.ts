// Random $apply: the same groups as GraphQL gives, and pipelines that say the same in two ways give the same rows.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { serverForFile } from '../harness.ts';

const server = serverForFile({ demo: true });

type Row = Record<string, unknown>;

async function applied(text: string): Promise<Row[]> {
  const path = `/odata/products?$apply=${encodeURIComponent(text)}&$format=application/json;odata.metadata=none;IEEE754Compatible=true`;
  const response = await server.fetch(path, { key: server.adminKey });
  const body = await response.json();
  if (response.status !== 200) throw new Error(`${text}: ${JSON.stringify(body)}`);
  return body.value;
}

async function grouped(query: string): Promise<Row[]> {
  const response = await server.fetch('/graphql', { key: server.adminKey, json: { query } });
  const { data, errors } = await response.json();
  if (errors) throw new Error(`${query}: ${JSON.stringify(errors)}`);
  return data.productsGroupBy;
}

/** A key as OData and as GraphQL write it. */
const keys = [
  { odata: 'active', graphql: 'active' },
  { odata: 'categoryId', graphql: 'categoryId' },
  { odata: 'supplier/country', graphql: 'supplier { country }' },
  { odata: 'category/parent/name', graphql: 'category { parent { name } }' },
] as const;

const conditions = [
  { odata: 'stock gt 50', graphql: '{ stock: { gt: 50 } }' },
  {
    odata: "contains(name,'a') and active",
    graphql: '{ name: { contains: "a" }, active: { equals: true } }',
  },
  { odata: "supplier/country ne 'DE'", graphql: '{ supplier: { is: { country: { not: "DE" } } } }' },
  { odata: 'weight ge 1.5', graphql: '{ weight: { gte: 1.5 } }' },
] as const;

const methods = { sum: 'sum', min: 'min', max: 'max', average: 'avg' } as const;
// Sums of floating point depend on the order in which they are made.
const fields = ['price', 'stock'] as const;

const request = fc.record({
  by: fc.subarray([...keys], { minLength: 1, maxLength: 3 }),
  where: fc.option(fc.constantFrom(...conditions.filter(({ odata }) => !odata.includes(' ne '))), {
    nil: undefined,
  }),
  method: fc.constantFrom(...(Object.keys(methods) as (keyof typeof methods)[])),
  field: fc.constantFrom(...fields),
});

const sorted = (rows: readonly unknown[]) => rows.map(row => JSON.stringify(row)).sort();

test('groups are those of GraphQL', async () => {
  await fc.assert(
    fc.asyncProperty(request, async ({ by, where, method, field }) => {
      const filter = where ? `filter(${where.odata})/` : '';
      const odata = await applied(
        `${filter}groupby((${by.map(key => key.odata).join(',')}),aggregate(${field} with ${method} as value,$count as number))`,
      );
      const selection = `key { ${by.map(key => key.graphql).join(' ')} } count value: ${methods[method]} { ${field} }`;
      const graphql = await grouped(
        `{ productsGroupBy(take: 10000${where ? `, where: ${where.graphql}` : ''}) { ${selection} } }`,
      );
      const expected = graphql.map(({ key, count, value }) => ({
        ...(key as Row),
        value: asText((value as Row)[field]),
        number: count,
      }));
      const found = odata.map(row => ({ ...row, value: asText(row.value) }));
      expect(sorted(found.map(ordered))).toEqual(sorted(expected.map(ordered)));
    }),
    { numRuns: 60 },
  );
});

test('what is said in two ways is the same', async () => {
  await fc.assert(
    fc.asyncProperty(request, fc.nat(50), async ({ by, method, field }, top) => {
      const paths = by.map(key => key.odata).join(',');
      const groups = `groupby((${paths}),aggregate(${field} with ${method} as value))`;
      // Filters in a row are one filter.
      expect(await applied(`filter(stock gt 10)/filter(active)/${groups}`)).toEqual(
        await applied(`filter(stock gt 10 and active)/${groups}`),
      );
      // A page of the first ones is the best of an order.
      expect(
        await applied(`orderby(${field} desc)/top(${top})/groupby((active),aggregate($count as number))`),
      ).toEqual(await applied(`topcount(${top},${field})/groupby((active),aggregate($count as number))`));
      // Whole groups are kept by their rows or by themselves.
      expect(
        await applied(`groupby((${paths}),filter($these/aggregate(stock with sum) gt 300))/${groups}`),
      ).toEqual(
        await applied(
          `groupby((${paths}),aggregate(${field} with ${method} as value,stock with sum as all))/filter(all gt 300)/groupby((${paths},value))`,
        ),
      );
      // Parts one after the other are the parts.
      expect(await applied(`concat(${groups},aggregate($count as number))`)).toEqual([
        ...(await applied(groups)),
        ...(await applied('aggregate($count as number)')),
      ]);
    }),
    { numRuns: 30 },
  );
});

const asText = (value: unknown) => (value === null || value === undefined ? null : String(Number(value)));

/** Members in the order of their names. */
function ordered(row: Row): unknown {
  return Object.fromEntries(
    Object.entries(row)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, value]) => [
        name,
        typeof value === 'object' && value !== null ? ordered(value as Row) : value,
      ]),
  );
}
