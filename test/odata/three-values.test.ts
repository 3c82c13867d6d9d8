// `not`, `and` and `or` with null (OData 4.01 Part 2, 5.1.1.1.7 to 5.1.1.1.9): conditions put together at random, held
// against the tables of the standard.

import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import { compare, type Expr, literal, notOrNull, or, path } from '../../src/query/ask/expression.ts';
import { serverForFile } from '../harness.ts';
import { fields, many, reader } from '../query/kitchen/kitchen.ts';
import { client, type Get, pluck } from './client.ts';

let get: Get;
let products: readonly Product[];

type Product = {
  readonly id: number;
  readonly description: string | null;
  readonly weight: number | null;
  readonly active: boolean;
  readonly category: { readonly name: string } | null;
};
type Truth = boolean | null;

/** Enough of them, and fewer than a page. */
const some100 = 'id le 100';

const server = serverForFile({ demo: true });
beforeAll(async () => {
  get = client(server);
  await server.database.query(
    `UPDATE "Product" SET "categoryId" = CASE WHEN id % 3 > 0 THEN "categoryId" END, active = id % 2 = 0,
       description = CASE WHEN id % 5 > 1 THEN description END, weight = CASE WHEN id % 4 > 0 THEN weight END`,
    [],
  );
  const reply = await get(
    `/products?$filter=${some100}&$select=id,description,weight,active&$expand=category($select=name)`,
  );
  products = reply.body.value;
});

interface Condition {
  readonly odata: string;
  readonly of: (product: Product) => Truth;
}

const negation = (value: Truth): Truth => (value === null ? null : !value);
const every = (values: readonly Truth[]): Truth =>
  values.includes(false) ? false : values.includes(null) ? null : true;
const some = (values: readonly Truth[]): Truth => negation(every(values.map(negation)));

const atom = fc.constantFrom<Condition>(
  { odata: 'null', of: () => null },
  { odata: 'true', of: () => true },
  { odata: 'false', of: () => false },
  { odata: 'active', of: ({ active }) => active },
  {
    odata: "contains(category/name,'e')",
    of: ({ category }) => (category === null ? null : category.name.includes('e')),
  },
  {
    odata: "startswith(description,'A')",
    of: ({ description }) => (description === null ? null : description.startsWith('A')),
  },
  { odata: 'contains(category/name,null)', of: () => null },
  { odata: 'weight gt 1', of: ({ weight }) => weight !== null && weight > 1 },
  { odata: 'weight le 1', of: ({ weight }) => weight !== null && weight <= 1 },
  { odata: '1 lt null', of: () => false },
  { odata: 'weight add 0 gt 1', of: ({ weight }) => weight !== null && weight > 1 },
  { odata: 'null eq null', of: () => true },
  { odata: 'description eq null', of: ({ description }) => description === null },
  { odata: 'category/name ne null', of: ({ category }) => category !== null },
  { odata: "category/name eq 'Tea'", of: ({ category }) => category?.name === 'Tea' },
  { odata: "category/name ne 'Tea'", of: ({ category }) => category?.name !== 'Tea' },
  {
    odata: "category/name in ('Tea','Baking')",
    of: ({ category }) => /^(Tea|Baking)$/.test(`${category?.name}`),
  },
  { odata: 'category/name in (null)', of: ({ category }) => category === null },
  { odata: 'category eq null', of: ({ category }) => category === null },
);

const condition = fc.letrec<{ any: Condition }>(tie => ({
  any: fc.oneof(
    { maxDepth: 4 },
    atom,
    tie('any').map(({ odata, of }) => ({ odata: `not (${odata})`, of: (row: Product) => negation(of(row)) })),
    tie('any').map(({ odata, of }) => ({
      odata: `((${odata}) eq true)`,
      of: (row: Product) => of(row) === true,
    })),
    tie('any').map(({ odata, of }) => ({
      odata: `((${odata}) ne true)`,
      of: (row: Product) => of(row) !== true,
    })),
    tie('any').map(({ odata, of }) => ({
      odata: `((${odata}) eq null)`,
      of: (row: Product) => of(row) === null,
    })),
    tie('any').map(({ odata, of }) => ({
      odata: `case(${odata}:false,true:true)`,
      of: (row: Product) => of(row) !== true,
    })),
    fc.array(tie('any'), { minLength: 2, maxLength: 3 }).map(parts => ({
      odata: `(${parts.map(({ odata }) => `(${odata})`).join(' and ')})`,
      of: (row: Product) => every(parts.map(({ of }) => of(row))),
    })),
    fc.array(tie('any'), { minLength: 2, maxLength: 3 }).map(parts => ({
      odata: `(${parts.map(({ odata }) => `(${odata})`).join(' or ')})`,
      of: (row: Product) => some(parts.map(({ of }) => of(row))),
    })),
  ),
})).any;

/** @returns the ids of products for which the condition is true */
const idsOf = ({ of }: Condition): number[] =>
  products.filter(product => of(product) === true).map(({ id }) => id);

test('a condition is true, false or null as the tables of the standard say, wherever it stands', async () => {
  await fc.assert(
    fc.asyncProperty(condition, async where => {
      const filter = encodeURIComponent(`(${where.odata})`);
      const filtered = await get(`/products?$select=id&$filter=${some100} and ${filter}`);
      expect(pluck(filtered, 'id'), where.odata).toEqual(idsOf(where));
      const computed = await get(`/products?$filter=${some100}&$select=t&$compute=${filter} as t`);
      expect(pluck(computed, 't'), where.odata).toEqual(products.map(where.of));
      const applied = await get(
        `/products?$apply=filter(${some100})/filter(${filter})/aggregate($count as n)`,
      );
      expect(pluck(applied, 'n'), where.odata).toEqual([idsOf(where).length]);
      const within = await get(
        `/categories?$select=id&$expand=products($select=id;$filter=${some100} and ${filter})`,
      );
      const nested = within.body.value.flatMap((row: { products: Product[] }) => row.products);
      const ids = new Set(
        idsOf({ odata: '', of: (row: Product) => row.category !== null && where.of(row) === true }),
      );
      expect(new Set(nested.map(({ id }: Product) => id)), where.odata).toEqual(ids);
    }),
    { numRuns: 120 },
  );
});

test.each([
  ["not contains(category/name,'nope')", 'category ne null'],
  ['null', 'false'],
  ['not null', 'false'],
  ['not (null and false)', 'true'],
  ['null or true', 'true'],
  ['not (weight gt 1)', 'weight le 1 or weight eq null'],
  // A quantifier is true or false: what is null for one of the rows is not met by it.
  ["orderItems/any(i:not contains(i/product/category/name,'nope'))", 'orderItems/any() and category ne null'],
  ["not orderItems/any(i:contains(i/product/category/name,'nope'))", 'true'],
  ["not orderItems/all(i:contains(i/product/category/name,'nope'))", 'orderItems/any()'],
  [
    "orderItems/$count($filter=not contains(product/category/name,'x')) eq 0",
    "not orderItems/any(i:not contains(i/product/category/name,'x'))",
  ],
  ["not contains(category/name,'\0')", 'category ne null'],
])('%s finds the same rows as %s', async (one, other) => {
  const [first, second] = [one, other].map(
    filter => `/products?$select=id&$filter=${encodeURIComponent(filter)}`,
  );
  expect(pluck(await get(first!), 'id')).toEqual(pluck(await get(second!), 'id'));
});

/** @returns how the database would read the products of a condition if reading all of them were not cheap */
async function planOf(where: Expr): Promise<string> {
  const { plan } = server.engine.prepare(many('Product', fields('id'), { where }), reader, 'strings');
  return server.database.transaction(async session => {
    await session.query('SET LOCAL enable_seqscan = off');
    const { rows } = await session.query(`EXPLAIN ${plan.text}`, plan.values);
    return rows.flat().join('\n');
  });
}

const price = compare('ge', path(['price']), literal('0.5', 'Decimal'));
const category = compare('lt', path(['categoryId']), literal(5, 'Int'));
const related = compare('eq', path(['categoryId']), literal(5, 'Int'));

test.each([
  ['of order', notOrNull(price), 'Product_price_idx'],
  ['of order, twice', notOrNull(notOrNull(category)), 'Product_categoryId_idx'],
  ['of two', notOrNull(or([price, notOrNull(related)])), 'Product_categoryId_idx'],
  ['of inequality', notOrNull({ ...related, operator: 'ne' }), 'Product_categoryId_idx'],
])('the negation %s is served by an index', async (_what, where, index) => {
  const plan = await planOf(where);
  expect(plan).toContain(index);
  expect(plan).toContain('Index Cond');
});
