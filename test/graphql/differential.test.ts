// The short way and the long way must mean the same, whatever is asked.

import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseExactJson } from '../../src/base/exact-json.ts';
import type { Params } from '../../src/graphql/http/params.ts';
import type { Engine } from '../../src/query/engine.ts';
import { startServer, type TestServer } from '../harness.ts';
import { type BothPaths, bothPaths, principalWith } from './both-paths.ts';
import { randomOperation } from './random-operation.ts';

let server: TestServer;
let paths: BothPaths;
beforeAll(async () => {
  // What is asked at random may be reckoned to cost more than anybody would ask for.
  server = await startServer({ demo: true, env: { COST_MAX: '1000000000000' } });
  paths = bothPaths(server.engine, principalWith('read', 'products.cost:read', 'customers.contact:read'));
});
afterAll(() => server.close());

/** Parsed and written again, so that order, names and every digit count, and spaces do not. */
const meaning = (body: unknown): string => JSON.stringify(parseExactJson(body as string));

async function expectSame({ short, long }: BothPaths, params: Params): Promise<void> {
  const [brief, thorough] = await Promise.all([short(params), long(params)]);
  expect(brief, `the short way did not answer; the long way says ${thorough.body}`).toBeDefined();
  expect(meaning(brief!.body)).toBe(meaning(thorough.body));
  expect(brief!.status).toBe(thorough.status);
  expect(brief!.headers?.['content-type']).toBe(thorough.headers?.['content-type']);
  expect(brief!.headers?.['portolan-truncated']).toBe(thorough.headers?.['portolan-truncated']);
}

describe('both ways', () => {
  test('answer random operations alike', async () => {
    const property = fc.asyncProperty(fc.integer(), async seed => {
      const params = randomOperation(server.catalog, seed);
      await expectSame(paths, params).catch(error => {
        throw new Error(`${params.query}\n${JSON.stringify(params.variables)}\n${error.message}`);
      });
    });
    await fc.assert(property, { numRuns: 400, endOnFailure: true });
  });

  test('keep the digits of numbers inside JSON', async () => {
    await server.database.query(
      `update "Product" set attributes = '{"n": 12345678901234567890.10, "f": 1e400}' where id = 1`,
    );
    await expectSame(paths, { query: '{ product(id: 1) { attributes weight } }' });
  });

  test('name the lists that were cut', async () => {
    await expectSame(paths, { query: '{ all: products { id } orders(take: 2) { lines: items { id } } }' });
  });

  const failing = (entity: string): Engine => ({
    ...server.engine,
    prepare: (query, principal, format) => ({
      ...server.engine.prepare(query, principal, format),
      entity: query.entity,
    }),
    run: (read, signal) => {
      if ((read as unknown as { entity: string }).entity === entity) throw new Error('secret');
      return server.engine.run(read, signal);
    },
  });

  test.each([
    '{ product(id: 1) { id } orders(take: 1) { id } }',
    '{ products(take: 1) { id } orders(take: 1) { id } }',
    '{ a: product(id: 1) { id } b: product(id: 2) { id } __typename }',
  ])('fail alike, telling nothing of the cause: %s', async query => {
    const broken = bothPaths(failing('Product'), principalWith('read'));
    await expectSame(broken, { query });
    expect((await broken.fast({ query }))!.body).not.toContain('secret');
  });
});
