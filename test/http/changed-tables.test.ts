// What happens to a server whose tables are changed behind its back: nobody is told INTERNAL, and everybody what is missing.

import { pino } from 'pino';
import { describe, expect, test } from 'vitest';
import { schemaDrift } from '../../src/schema-drift.ts';
import { watchSchema } from '../../src/schema-watch.ts';
import { serverForFile, type TestServer } from '../harness.ts';
import { importCsv } from '../imports/import-csv.ts';

const server = serverForFile({ demo: true });

const ask = async (path: string, init: Parameters<TestServer['fetch']>[1] = {}) => {
  const response = await server.fetch(path, { key: server.adminKey, ...init });
  return { status: response.status, text: await response.text() };
};
const graphql = (query: string) => ask('/graphql', { json: { query } });
const ready = async () => JSON.parse((await server.fetch('/readyz').then(one => one.text())) || '{}');

const doors: Record<string, () => Promise<{ status: number; text: string }>> = {
  'GraphQL reads': () => graphql('{ products(take: 1) { id cost } }'),
  'GraphQL conditions': () => graphql('{ products(where: { cost: { gt: 1 } }) { id } }'),
  'GraphQL counts': () => graphql('{ productsAggregate { sum { cost } } }'),
  'GraphQL mutations': () => graphql('mutation { updateProduct(id: 1, data: { cost: 1 }) { id } }'),
  'GraphQL transactions': () =>
    graphql(
      'mutation { a: updateProduct(id: 1, data: { name: "a" }) { id } b: updateProduct(id: 1, data: { cost: 1 }) { id } }',
    ),
  'the Query API': () => ask('/api/query', { json: { query: 'products(take: 1) { cost }' } }),
  'OData reads': () => ask('/odata/products?$top=1&$select=cost'),
  'OData conditions': () => ask('/odata/products?$filter=cost gt 1&$count=true'),
  'OData writes': () =>
    ask('/odata/products(1)', {
      method: 'PATCH',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ cost: 1 }),
    }),
  imports: async () => {
    const text = JSON.stringify(await importCsv(server, 'sku,name,price,cost\nA,a,1,1\n'));
    return { status: 503, text };
  },
};

const column = 'The column \\"cost\\" of the table \\"Product\\"';

async function expectNamed(problem: string): Promise<void> {
  for (const [door, request] of Object.entries(doors)) {
    for (let n = 0; n < 3; n++) {
      const { status, text } = await request();
      expect(text, door).toContain('UNAVAILABLE');
      expect(text, door).not.toContain('INTERNAL');
      expect(text, door).toContain(problem);
      expect([200, 503], door).toContain(status);
    }
  }
}

describe('a column that is gone', () => {
  test('is named by every door and by readiness, and comes back without a restart', async () => {
    // Statements that are prepared already must say the same.
    for (let n = 0; n < 3; n++) for (const request of Object.values(doors)) await request();
    expect(await ready()).toEqual({ status: 'ready' });
    await server.database.query('ALTER TABLE "Product" RENAME COLUMN cost TO purchase');
    await expectNamed(`${column} is missing from the database.`);
    expect(await ready()).toMatchObject({
      status: 'not ready',
      reasons: [expect.stringContaining('the column "cost" of the table "Product" is missing')],
    });
    expect((await graphql('{ products(take: 1) { id name } }')).text).not.toContain('errors');
    expect(
      (await graphql('mutation { updateProduct(id: 1, data: { name: "b" }) { name } }')).text,
    ).not.toContain('errors');
    await server.database.query('ALTER TABLE "Product" RENAME COLUMN purchase TO cost');
    expect(await ready()).toEqual({ status: 'ready' });
    expect((await doors['GraphQL reads']!()).text).not.toContain('errors');
  });
});

test('a column of another type is named', async () => {
  await server.database.query('ALTER TABLE "Product" ALTER COLUMN cost TYPE json USING to_json(cost)');
  for (const door of [
    'GraphQL conditions',
    'GraphQL mutations',
    'OData conditions',
    'OData writes',
    'imports',
  ]) {
    const { text } = await doors[door]!();
    expect(text, door).toContain('UNAVAILABLE');
    expect(text, door).toMatch(/cost/);
  }
  expect((await ready()).reasons[0]).toContain(
    '"cost" of the table "Product" is of the type json, not numeric',
  );
  await server.database.query(
    'ALTER TABLE "Product" ALTER COLUMN cost TYPE numeric(12,4) USING (cost#>>\'{}\')::numeric',
  );
  expect(await ready()).toEqual({ status: 'ready' });
});

test('a table that is gone is named', async () => {
  await server.database.query('ALTER TABLE "Warehouse" RENAME TO "Depot"');
  for (const { status, text } of [
    await ask('/odata/warehouses'),
    await graphql('{ stockLevels(take: 1) { warehouse { name } } }'),
    await graphql('mutation { createWarehouse(data: { code: "x", name: "x", city: "x" }) { id } }'),
  ]) {
    expect([200, 503]).toContain(status);
    expect(text).toContain('UNAVAILABLE');
    expect(text).toContain('The table \\"Warehouse\\" is missing from the database.');
  }
  expect((await ready()).reasons.join()).toContain('the table "Warehouse" is missing');
  await server.database.query('ALTER TABLE "Depot" RENAME TO "Warehouse"');
  expect(await ready()).toEqual({ status: 'ready' });
});

test('a natural key that nothing keeps unique any more is named', async () => {
  await server.database.query('DROP INDEX "Warehouse_code_key"');
  const { text } = await graphql(
    'mutation { upsertWarehouse(data: { code: "x", name: "x", city: "x" }) { id } }',
  );
  expect(text).toContain('The table \\"Warehouse\\" is not as this server expects it.');
  expect((await ready()).reasons[0]).toContain('nothing keeps "code" of the table "Warehouse" unique');
  await server.database.query('CREATE UNIQUE INDEX "Warehouse_code_key" ON "Warehouse" (code)');
  expect(await ready()).toEqual({ status: 'ready' });
});

test('the log names what changed, once, as soon as a request meets it', async () => {
  const lines: string[] = [];
  const log = pino({}, { write: line => void lines.push(line) });
  const watch = watchSchema(server.database, server.catalog, log);
  try {
    await server.database.query('ALTER TABLE "Product" RENAME COLUMN cost TO purchase');
    await expect
      .poll(
        async () => {
          await doors['GraphQL transactions']!();
          return lines.length;
        },
        { timeout: 20_000, interval: 200 },
      )
      .toBeGreaterThan(0);
    await watch.check();
    expect(lines).toHaveLength(1);
    expect(JSON.parse(lines[0]!)).toMatchObject({
      level: 50,
      drift: ['the column "cost" of the table "Product" is missing'],
    });
    await server.database.query('ALTER TABLE "Product" RENAME COLUMN purchase TO cost');
    await watch.check();
    expect(lines[1]).toContain('again as the schema says');
  } finally {
    await watch.close();
  }
});

test('a database as the migrations make it has nothing that differs', async () => {
  expect(await schemaDrift(server.database, server.catalog)).toEqual([]);
});
