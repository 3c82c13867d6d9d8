// The statement that imports run, without a file: what a declaration may add to an entity.

import { beforeEach, expect, test } from 'vitest';
import type { Session } from '../../src/base/database/database.ts';
import type { Entity } from '../../src/catalog/catalog.ts';
import type { ChangeMode, EntityUpsert } from '../../src/query/ask/entity-change.ts';
import { runUpsert } from '../../src/query/change/upsert.ts';
import { serverForFile } from '../harness.ts';
import { rowsOf } from './import-csv.ts';

const server = serverForFile();
beforeEach(async () => {
  await server.database.query('TRUNCATE "Product" RESTART IDENTITY CASCADE');
});

const change = (rows: EntityUpsert['rows'], mode?: ChangeMode): EntityUpsert => ({
  ...{ kind: 'upsert', entity: 'Product', fields: ['sku', 'name', 'price'], match: ['sku'], mode, rows },
});
const product = (): Entity => server.catalog.entities.get('Product')!;

test('writes many rows in one statement', async () => {
  const texts: string[] = [];
  const session: Session = {
    query: (text, values, options) => {
      texts.push(text);
      return server.database.query(text, values, options);
    },
  };
  const rows = Array.from({ length: 500 }, (_, i) => [`S${i}`, 'Lamp', '1']);
  await runUpsert(session, product(), change(rows.slice(0, 1)));
  texts.length = 0;
  expect(await runUpsert(session, product(), change(rows))).toEqual({ inserted: 499, updated: 1 });
  expect(texts).toHaveLength(1);
});

test('uses up no key for rows that are only updated', async () => {
  const lastKey = () => rowsOf(server, 'SELECT last_value FROM "Product_id_seq"');
  for (const price of ['1', '2', '3']) {
    await runUpsert(
      server.database,
      product(),
      change([
        ['A', 'Lamp', price],
        ['B', 'Desk', price],
      ]),
    );
  }
  expect(await lastKey()).toEqual([{ last_value: 2 }]);
  await runUpsert(
    server.database,
    product(),
    change([
      ['A', 'Lamp', '4'],
      ['C', 'Chair', '4'],
    ]),
  );
  expect(await rowsOf(server, 'SELECT id, sku, price FROM "Product" ORDER BY id')).toEqual([
    { id: 1, sku: 'A', price: 4 },
    { id: 2, sku: 'B', price: 3 },
    { id: 3, sku: 'C', price: 4 },
  ]);
});

test('does nothing for no rows', async () => {
  expect(await runUpsert(server.database, product(), change([]))).toEqual({ inserted: 0, updated: 0 });
});

test('changes no row outside the row filter, and says so', async () => {
  const needs = ['active'];
  const filtered: Entity = { ...product(), rowFilter: { needs, sql: column => column('active') } };
  await server.database.query(
    `INSERT INTO "Product" (sku, name, price, active) VALUES ('A', 'Old', 1, false)`,
  );
  const rows = [['A', 'New', '2']];
  await expect(runUpsert(server.database, filtered, change(rows))).rejects.toMatchObject({
    code: 'CONFLICT',
  });
  expect(await runUpsert(server.database, filtered, change(rows, 'update'))).toEqual({
    inserted: 0,
    updated: 0,
  });
  expect(await rowsOf(server, 'SELECT name FROM "Product"')).toEqual([{ name: 'Old' }]);
});
