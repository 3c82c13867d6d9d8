// Deletions are told to those whose condition the record met while it was there.

import { pino } from 'pino';
import { describe, expect, test } from 'vitest';
import project from '../../portolan.config.ts';
import { entities } from '../../schema/index.ts';
import { limitDefaults } from '../../src/base/config/config.ts';
import { createCatalog } from '../../src/catalog/create-catalog.ts';
import type { EntityDeclaration } from '../../src/catalog/declare.ts';
import { ChangeFeed } from '../../src/changes/feed.ts';
import { installChangeLog } from '../../src/changes/install.ts';
import { Watch } from '../../src/changes/watch.ts';
import { compare, type Expr, literal, path } from '../../src/query/ask/expression.ts';
import { createEngine } from '../../src/query/create-engine.ts';
import { principalWith } from '../graphql/both-paths.ts';
import { serverForFile } from '../harness.ts';
import { openTestDatabase } from '../test-database.ts';
import { subscribe } from './event-stream.ts';

const server = serverForFile();

const write = (sql: string) => server.database.query(sql);

/** The last change that every subscription is told of. */
const lastId = 9_999;

/** @returns ids of the deleted records that a subscription with this condition is told of */
async function told(set: string, where: string, remove: () => Promise<unknown>): Promise<number[]> {
  const query = `subscription { ${set}Changed(where: { OR: [${where}, { id: { equals: ${lastId} } }] }, kinds: [delete]) { key } }`;
  const stream = await subscribe(server, server.adminKey, query);
  try {
    await remove();
    const ids: number[] = [];
    for (;;) {
      const [change] = (await stream.take(1)) as unknown as [{ key: { id: number } }];
      if (change.key.id === lastId) return ids;
      ids.push(change.key.id);
    }
  } finally {
    await stream.leave();
  }
}

async function fillProducts(): Promise<void> {
  await write('TRUNCATE "Product", "Category", "Customer", "Order", "Collection" CASCADE');
  await write(`INSERT INTO "Category" (id, slug, name) VALUES (1, 'a', 'Ä "quoted" \\'), (2, 'b', 'b')`);
  await write(`INSERT INTO "Product" (id, sku, name, description, price, cost, stock, active, tags, attributes, weight, "categoryId", "createdAt")
    SELECT n, 'S' || n, 'Name ' || n, CASE WHEN n % 3 = 0 THEN 'it''s "odd" \\ ' || n END, n * 1.25, n * 0.0001, n % 5,
      n % 2 = 0, CASE WHEN n % 4 = 0 THEN ARRAY['x', 'y "z"'] ELSE '{}' END,
      CASE WHEN n % 3 = 1 THEN jsonb_build_object('n', 12345678901234567890.10) END, n / 7.0, 1 + n % 2,
      timestamptz '2026-01-01' + n * interval '1 day'
    FROM generate_series(1, 60) n
    UNION ALL SELECT ${lastId}, 'last', 'last', null, 0, null, 0, true, '{}', null, null, null, now()`);
  await write(`INSERT INTO "Customer" (id, number, name, email, country) VALUES (1, '1', 'c', 'c@x', 'DE')`);
  await write(
    `INSERT INTO "Order" (id, number, total, "customerId") VALUES (1, 'O1', 1, 1), (2, 'O2', 2, 1), (3, 'O3', 3, 1)`,
  );
  await write(`INSERT INTO "OrderItem" (id, "orderId", "productId", quantity, price)
    SELECT n, 1 + n % 2, n, n, 1 FROM generate_series(1, 6) n UNION ALL SELECT ${lastId}, 3, 1, 1, 1`);
}

describe('a subscription with a condition', () => {
  test.each([
    '{ id: { in: [3, 4] } }',
    '{ name: { startsWith: "Name 1" } }',
    '{ description: { contains: "\\"odd\\"" } }',
    '{ description: { equals: null } }',
    '{ price: { gte: 50 } }',
    '{ cost: { lt: "0.0015" } }',
    '{ stock: { equals: 3 }, active: { equals: true } }',
    '{ tags: { has: "y \\"z\\"" } }',
    '{ weight: { gt: 7.5 } }',
    '{ attributes: { equals: null } }',
    '{ createdAt: { gt: "2026-02-01T00:00:00Z" } }',
    '{ category: { is: { slug: { equals: "b" } } } }',
    '{ NOT: { category: { is: { name: { contains: "quoted" } } } } }',
    '{ compare: { of: { field: price }, gt: { mul: [{ field: stock }, { number: 12 }] } } }',
  ])('is told of what met it, and of nothing else: %s', async where => {
    await fillProducts();
    const query = `{ products(where: ${where}) { id } }`;
    const reply = await server.fetch('/graphql', { key: server.adminKey, json: { query } });
    const { data } = (await reply.json()) as { data: { products: { id: number }[] } };
    const met = data.products.map(({ id }) => id).filter(id => id !== lastId);
    expect(met.length).toBeGreaterThan(0);
    expect(met.length).toBeLessThan(60);
    await write('DELETE FROM "OrderItem"');
    const ids = await told('product', where, () => write('DELETE FROM "Product"'));
    expect(ids.toSorted((a, b) => a - b)).toEqual(met);
  });

  test('is reported when the condition depends on a deleted record', async () => {
    await fillProducts();
    const items = '{ orderItems: { some: { quantity: { gt: 3 } } }, id: { lt: 5 } }';
    const removeAll = () => write('WITH i AS (DELETE FROM "OrderItem") DELETE FROM "Product"');
    const ids = await told('product', items, async () => {
      await write('DELETE FROM "OrderItem"');
      await write('DELETE FROM "Product"');
    });
    expect(ids).toEqual([1, 2, 3, 4]);
    await fillProducts();
    expect(await told('orderItem', '{ order: { is: { number: { equals: "O1" } } } }', removeAll)).toEqual([
      2, 4, 6,
    ]);
    await fillProducts();
    const cascade = async () => {
      await write('DELETE FROM "Order" WHERE id = 1');
      await write('DELETE FROM "OrderItem"');
    };
    // What became of the order of 2, 4 and 6 cannot be told any more; that of the others can.
    expect(await told('orderItem', '{ order: { is: { number: { equals: "O1" } } } }', cascade)).toEqual([
      2, 4, 6,
    ]);
    await fillProducts();
    const negated = '{ NOT: { order: { is: { number: { equals: "O2" } } } } }';
    expect(await told('orderItem', negated, cascade)).toEqual([2, 4, 6]);
  });
});

describe('records outside of the row filter', () => {
  test('are never reported; records that leave the filter are reported as deleted', async () => {
    await using opened = await openTestDatabase();
    const { database } = opened;
    const rowFilter = { needs: ['active'], sql: (column: (name: string) => string) => column('active') };
    const declarations = entities.map(declared =>
      declared.model === 'Product' ? { ...declared, rowFilter } : declared,
    ) as unknown as EntityDeclaration[];
    const catalog = createCatalog(project.datamodel, declarations);
    await installChangeLog(database, catalog);
    const engine = createEngine({ catalog, database, limits: limitDefaults });
    const feed = new ChangeFeed({ database, log: pino({ level: 'silent' }) });
    const principal = principalWith('read');
    const watch = (where?: Expr) =>
      Watch.open(
        engine,
        feed,
        {
          ...{ entity: catalog.entities.get('Product')!, principal, where, parse: JSON.parse },
          authenticate: async () => principal,
        },
        () => {},
      );
    const all = await watch();
    const few = await watch(compare('ge', path(['stock']), literal(5)));
    const add = (id: number, stock: number, active: boolean) =>
      database.query(
        `INSERT INTO "Product" (id, sku, name, price, stock, active) VALUES (${id}, 'S${id}', 'n', 1, ${stock}, ${active})`,
      );
    await add(1, 9, true);
    await add(2, 9, false);
    await add(3, 1, true);
    await database.query('DELETE FROM "Product" WHERE id IN (2, 3)');
    await database.query('UPDATE "Product" SET active = false WHERE id = 1');
    await database.query('DELETE FROM "Product" WHERE id = 1');
    await add(4, 9, true);
    const next = async (from: Watch, count: number) => {
      const changes: string[] = [];
      for (let n = 0; n < count; n++) {
        const { value } = await from.next();
        changes.push(`${value!.kind} ${value!.key.id}`);
      }
      return changes;
    };
    expect(await next(all, 5)).toEqual(['insert 1', 'insert 3', 'delete 3', 'delete 1', 'insert 4']);
    // What the record is now decides, and 1 is no more when it is asked for.
    expect((await next(few, 2)).at(-1)).toBe('insert 4');
    await all.return();
    await few.return();
    await feed.close();
  });
});
