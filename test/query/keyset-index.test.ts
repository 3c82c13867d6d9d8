// A page far into a list costs as much as the first one, where there is an index for the order.

import { afterAll, beforeAll, expect, test } from 'vitest';
import type { EntityQuery, OrderTerm } from '../../src/query/entity-query.ts';
import { path } from '../../src/query/expression.ts';
import { startServer, type TestServer } from '../harness.ts';
import { fields, many, reader } from './kitchen/kitchen.ts';
import { wholeConnection } from './walk.ts';

let server: TestServer;

beforeAll(async () => {
  server = await startServer();
  await server.database.query(
    `INSERT INTO "Product" (sku, name, description, price, "createdAt")
     SELECT 'S' || i, 'name ' || i % 5000, CASE WHEN i % 3 = 0 THEN 'about ' || i END, i % 700,
       timestamptz '2026-01-01' + interval '1 s' * (i % 9000)
     FROM generate_series(1, 30000) i`,
  );
  await server.database.query('ANALYZE "Product"');
});
afterAll(() => server.close());

async function explain(query: EntityQuery): Promise<string> {
  const { plan } = server.engine.prepare(query, reader, 'strings');
  const { rows } = await server.database.query(`EXPLAIN ${plan.text}`, plan.values);
  return rows.map(([line]) => line).join('\n');
}

const by = (name: string, direction: 'asc' | 'desc'): OrderTerm => ({ by: path([name]), direction });

test.each<[string, OrderTerm[], string]>([
  ['name', [by('name', 'asc')], 'Product_name_idx'],
  ['the newest first', [by('createdAt', 'desc')], 'Product_createdAt_idx'],
  ['price and name', [by('price', 'asc'), by('name', 'desc')], 'Product_price_idx'],
  ['the primary key', [], 'Product_pkey'],
])('by %s, both ways', async (_what, orderBy, index) => {
  const query = many('Product', fields('id', 'name'), { orderBy, take: 50 });
  const found = await server.engine.run(
    server.engine.prepare({ ...query, skip: 15_000, next: true }, reader, 'strings'),
  );
  for (const bound of [{ after: found.next }, { before: found.next, backward: true }]) {
    const plain = await explain({ ...query, ...bound, next: true });
    expect(plain).toContain(index);
    expect(plain).not.toContain('Seq Scan');
    expect(plain).toMatch(/Index Cond/);
    const connection = wholeConnection(query.select).filter(member => member.kind !== 'total');
    const whole = await explain({ ...query, ...bound, select: [], connection });
    expect(whole).toContain(index);
    expect(whole).not.toContain('Seq Scan');
  }
});

test('totals are counted only where they are asked for, and estimated where that is wanted', async () => {
  const query = many('Product', [], { connection: [{ kind: 'total', as: 'n', estimated: true }] });
  const { text } = await server.engine.run(server.engine.prepare(query, reader, 'strings'));
  const { n } = JSON.parse(text);
  expect(n).toBeGreaterThan(27_000);
  expect(n).toBeLessThan(33_000);
  await server.database.query(`DELETE FROM "Product" WHERE id % 10 = 0`);
  const exact = await server.engine.run(
    server.engine.prepare(
      { ...query, connection: [{ kind: 'total', as: 'n', estimated: false }] },
      reader,
      'strings',
    ),
  );
  expect(JSON.parse(exact.text)).toEqual({ n: 27_000 });
  const filtered = { ...query, where: { kind: 'isNull', item: path(['description']) } } as const;
  const counted = await server.engine.run(server.engine.prepare(filtered, reader, 'strings'));
  expect(JSON.parse(counted.text)).toEqual({ n: 18_000 });
  expect(
    server.engine.prepare(many('Product', [], { connection: [] }), reader, 'strings').plan.text,
  ).not.toContain('count');
});
