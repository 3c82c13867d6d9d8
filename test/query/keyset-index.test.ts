// A page far into a list costs as much as the first one, where there is an index for the order.

import { beforeAll, describe, expect, test } from 'vitest';
import type { EntityQuery } from '../../src/query/ask/entity-query.ts';
import { and, literal, path } from '../../src/query/ask/expression.ts';
import type { OrderTerm } from '../../src/query/ask/order-term.ts';
import { serverForFile } from '../harness.ts';
import { fields, many, reader } from './kitchen/kitchen.ts';
import { wholeConnection } from './walk.ts';

const server = serverForFile();
beforeAll(async () => {
  await server.database.query(
    `INSERT INTO "Category" (slug, name) SELECT 'c' || i, 'c' FROM generate_series(1, 200) i;
     INSERT INTO "Product" (sku, name, description, price, "createdAt", "categoryId")
     SELECT 'S' || i, 'name ' || i % 5000, CASE WHEN i % 3 = 0 THEN 'about ' || i END, i % 700,
       timestamptz '2026-01-01' + interval '1 s' * (i % 9000),
       CASE WHEN i % 100 > 0 THEN (SELECT min(id) FROM "Category") + i * 7 % 200 END
     FROM generate_series(1, 30000) i`,
  );
  await server.database.query('ANALYZE "Product"');
});

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

describe.each([
  ['asc', 'first'],
  ['asc', 'last'],
  ['desc', 'first'],
  ['desc', 'last'],
] as const)('by a key that may be missing, %s with missing ones %s', (direction, nulls) => {
  const orderBy = [{ by: path(['categoryId']), direction, nulls }];
  const category = { kind: 'relation', relation: 'category', as: 'category' } as const;
  const whole = {
    ...category,
    query: { entity: 'Category', select: fields('id'), cardinality: 'one' },
  } as const;
  const list = many('Product', [...fields('id', 'categoryId'), { kind: 'version', as: 'v' }, whole], {
    orderBy,
  });

  test('an index serves the first page and those behind it, both ways', async () => {
    for (const skip of [10, 300 - 25, 15_000, 29_700 - 25, 29_800]) {
      const ahead = { ...list, take: 50, skip, next: true };
      const { next: after } = await server.engine.run(server.engine.prepare(ahead, reader, 'strings'));
      for (const bound of [{}, { after }, { before: after, backward: true }]) {
        const plan = await explain({ ...list, take: 50, next: true, ...bound });
        expect(plan).toMatch(/Index (Only )?Scan.* using "Product_(categoryId_idx|pkey)"|Bitmap Index Scan/);
        expect(plan).not.toContain('Seq Scan on "Product"');
      }
    }
  });

  test('pages add up to the whole list, both ways', async () => {
    const { database } = server;
    const { rows } = await database.query(
      `SELECT id FROM "Product" ORDER BY "categoryId" ${direction} NULLS ${nulls}, id`,
    );
    const ids = rows.map(([id]) => Number(id));
    for (const backward of [false, true]) {
      const found: number[] = [];
      for (let bound = {}; ; ) {
        const page = { ...list, take: 2_900, next: true, backward, ...bound };
        const { text, next } = await server.engine.run(server.engine.prepare(page, reader, 'strings'));
        const given = (JSON.parse(text) as { id: number }[]).map(row => row.id);
        if (backward) found.unshift(...given);
        else found.push(...given);
        if (next === undefined) break;
        bound = backward ? { before: next } : { after: next };
      }
      expect(found).toEqual(ids);
    }
  });

  test('a condition and related records stay what they are', async () => {
    const where = { kind: 'compare', operator: 'gt', left: path(['id']), right: literal(29_000) } as const;
    const inCategory = {
      kind: 'compare',
      operator: 'ne',
      left: path(['category', 'slug']),
      right: literal('c3'),
    } as const;
    const query = { ...list, take: 5_000, where: and([where, inCategory]) };
    const { text } = await server.engine.run(server.engine.prepare(query, reader, 'strings'));
    const { rows } = await server.database.query(
      `SELECT p.id, p."categoryId" FROM "Product" p LEFT JOIN "Category" c ON c.id = p."categoryId"
       WHERE p.id > 29000 AND c.slug IS DISTINCT FROM 'c3' ORDER BY "categoryId" ${direction} NULLS ${nulls}, id`,
    );
    const shown = (
      JSON.parse(text) as { id: number; categoryId: number; category: unknown; v: string }[]
    ).map(row => [row.id, row.categoryId, row.category, typeof row.v]);
    expect(shown).toEqual(
      rows.map(([id, of]) => [Number(id), of && Number(of), of && { id: Number(of) }, 'string']),
    );
  });
});

test('totals are counted only if requested, and estimated if an estimate is requested', async () => {
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
