import { beforeAll, expect, test } from 'vitest';
import { serverForFile } from '../harness.ts';
import { type BothPaths, bothPaths, principalWith } from './both-paths.ts';

let paths: BothPaths;
const server = serverForFile({ demo: true });
beforeAll(async () => {
  paths = bothPaths(server.engine, principalWith('read', 'write'));
});

const text = async (answer: Promise<{ readonly body?: unknown } | undefined>) =>
  String((await answer)?.body).replaceAll(/"requestId":"[^"]*"/g, '""');

/** Each gives the same however often it is done. */
test.each([
  'mutation { updateProduct(id: 1, data: { stock: 5, tags: ["a"] }) { id stock tags price label __typename } }',
  'mutation { updateProduct(id: 1, data: { category: { connect: { id: 2 } } }) { category { id products(take: 2) { id } } } }',
  'mutation { a: updateProducts(where: { id: { in: [1, 2] } }, data: { weight: 1.5 }) { __typename n: count } __typename }',
  'mutation { upsertStockLevel(data: { warehouseId: 1, productId: 1, quantity: 3, movements: "9007199254740993" }) { movements product { id } } }',
  'mutation { upsertProducts(data: []) { id } deleteProducts(where: { id: { lt: 0 } }) { count } }',
  'mutation { updateProduct(id: 0, data: {}) { id } }',
  'mutation { a: updateProduct(id: 1, data: { stock: 5 }) { id } b: deleteProduct(id: 0) { id } }',
  'mutation @independent { a: updateProduct(id: 1, data: { stock: 5 }) { id } b: deleteProduct(id: 0) { id } c: updateCategory(id: 1, data: { slug: "x", position: 1 }) { position } }',
  'mutation { updateProduct(id: 1, data: { categoryId: 999999 }) { id } }',
  'mutation { updateProduct(id: 1, data: { stock: 5 }, ifVersion: "1") { id } }',
])('both ways answer alike: %s', async query => {
  const short = await text(paths.fast({ query }));
  // The version that the error names is that of the row, which nothing has changed meanwhile.
  expect(await text(paths.slow({ query }))).toBe(short);
});

test.each([
  'mutation { updateProduct(id: 1, data: { cost: 1 }) { id } }',
  'mutation { updateProduct(id: 1, data: { price: 1.999 }) { id } }',
  'mutation { updateProduct(data: {}) { id } }',
  'mutation { deleteProducts { count } }',
  'mutation { createProduct(data: {}) { id } }',
  'mutation @independent @independent { deleteProduct(id: 0) { id } }',
  'query @independent { products { id } }',
])('what cannot be prepared goes the long way, and does nothing: %s', async query => {
  expect(await paths.fast({ query })).toBeUndefined();
  expect(await text(paths.slow({ query }))).toMatch(/^\{"errors":\[/);
});
