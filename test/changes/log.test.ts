import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openTestDatabase, type TestDatabase } from '../harness.ts';
import { lastId, logged } from './logged.ts';

let opened: TestDatabase;
beforeAll(async () => {
  opened = await openTestDatabase();
  await opened.database.query(`insert into "Supplier" (id, code, name, country) values (1, 'S', 'S', 'DE')`);
});
afterAll(() => opened.close());

/** @returns what one or more statements logged of an entity */
async function changesOf(entity: string, ...statements: string[]) {
  const { database } = opened;
  const after = await lastId(database);
  for (const statement of statements) await database.query(statement);
  return logged(database, entity, after);
}

describe('what is logged', () => {
  test('holds every field of a new record', async () => {
    const insert = `insert into "Product" (id, sku, name, price, cost, tags, attributes, weight, "createdAt", "updatedAt")
      values (1, 'A"1', E'x\\\\y\\n', 1.10, null, '{a,"b,c"}', '{"n": 1.10}', 0.1, '2026-01-02T03:04:05.678+02', '2026-01-02')`;
    expect(await changesOf('Product', insert)).toEqual([
      {
        key: '1',
        position: 1,
        kind: 'insert',
        old: null,
        now: {
          id: '1',
          sku: 'A"1',
          name: 'x\\y\n',
          description: null,
          price: '1.10',
          cost: null,
          stock: '0',
          barcode: null,
          active: 'true',
          tags: '["a","b,c"]',
          attributes: '{"n": 1.10}',
          weight: '0.1',
          categoryId: null,
          supplierId: null,
          createdAt: '2026-01-02 01:04:05.678+00',
          updatedAt: '2026-01-02 00:00:00+00',
        },
      },
    ]);
  });

  test('holds of an update what changed, before and after', async () => {
    const update = `update "Product" set price = 2, cost = 0.5, stock = 0, tags = '{}', name = E'"' where id = 1`;
    expect(await changesOf('Product', update)).toEqual([
      {
        key: '1',
        position: 2,
        kind: 'update',
        old: { price: '1.10', cost: null, tags: '["a","b,c"]', name: 'x\\y\n' },
        now: { price: '2.00', cost: '0.5000', tags: '[]', name: '"' },
      },
    ]);
  });

  test('is nothing where nothing changes', async () => {
    const same = 'update "Product" set price = price, name = name';
    expect(await changesOf('Product', same, 'update "Product" set price = 1 where id = 99')).toEqual([]);
  });

  test('tells JSON and floats apart that are equal to the database', async () => {
    const update = `update "Product" set attributes = '{"n": 1.1}', weight = '-0' where id = 1`;
    const [first] = await changesOf('Product', update);
    expect(first?.now).toEqual({ attributes: '{"n": 1.1}', weight: '-0' });
    const again = await changesOf('Product', `update "Product" set weight = 0 where id = 1`);
    expect(again).toMatchObject([{ old: { weight: '-0' }, now: { weight: '0' } }]);
  });

  test('has an upsert as what it was for each row', async () => {
    const upsert = `insert into "Product" (sku, name, price) values ('A"1', 'one', 3), ('B-2', 'two', 4)
      on conflict (sku) do update set price = excluded.price`;
    const kinds = (await changesOf('Product', upsert)).map(({ kind, now }) => [kind, now?.price]);
    expect(kinds.sort()).toEqual([
      ['insert', '4.00'],
      ['update', '3.00'],
    ]);
  });

  test('has a changed key as a record deleted and another inserted', async () => {
    const changes = await changesOf('Product', 'update "Product" set id = 50 where id = 1');
    expect(changes.map(({ key, kind }) => [key, kind]).sort()).toEqual([
      ['1', 'delete'],
      ['50', 'insert'],
    ]);
    expect(changes.find(({ kind }) => kind === 'delete')?.old).toMatchObject({ id: '1', sku: 'A"1' });
  });

  test('has what a foreign key does to other tables', async () => {
    await opened.database.query('update "Product" set "supplierId" = 1 where id = 50');
    const changes = await changesOf('Product', 'delete from "Supplier" where id = 1');
    expect(changes).toMatchObject([
      { key: '50', kind: 'update', old: { supplierId: '1' }, now: { supplierId: null } },
    ]);
    await opened.database.query(`insert into "DataSheet" ("productId") values (50)`);
    const sheets = await changesOf('DataSheet', 'delete from "Product" where id = 50');
    expect(sheets).toMatchObject([{ kind: 'delete', old: { productId: '50', language: 'en' } }]);
  });

  test('has a truncated table as deleted records', async () => {
    const changes = await changesOf('Product', 'truncate "Product" cascade');
    expect(changes).toMatchObject([{ kind: 'delete', old: { sku: 'B-2' }, now: null }]);
  });

  test('names a composite key by the texts of its values', async () => {
    await opened.database.query(`insert into "Warehouse" (id, code, name, city) values (7, 'W', 'W', 'W')`);
    await opened.database.query(`insert into "Product" (id, sku, name, price) values (3, 'C', 'C', 1)`);
    const insert = `insert into "StockLevel" ("warehouseId", "productId", quantity, movements) values (7, 3, 1, 9007199254740993)`;
    expect(await changesOf('StockLevel', insert)).toMatchObject([
      { key: '["7","3"]', now: { movements: '9007199254740993' } },
    ]);
  });

  test('does not depend on the settings of the session that writes', async () => {
    const { database } = opened;
    const after = await lastId(database);
    await database.transaction(async session => {
      await session.query(
        `set local "TimeZone" = 'Europe/Berlin'; set local "DateStyle" = 'German'; set local bytea_output = 'escape'; set local extra_float_digits = -5`,
      );
      await session.query(`update "Product" set "createdAt" = '2026-05-01T12:00:00Z', weight = 1.0/3`);
      await session.query(`insert into "DataSheet" ("productId", preview) values (3, '\\x00ff')`);
    });
    expect((await logged(database, 'Product', after))[0]?.now).toEqual({
      createdAt: '2026-05-01 12:00:00+00',
      weight: '0.3333333333333333',
    });
    expect((await logged(database, 'DataSheet', after))[0]?.now).toMatchObject({ preview: '\\x00ff' });
  });

  test('has nothing of what is rolled back', async () => {
    const { database } = opened;
    const after = await lastId(database);
    const failing = database.transaction(async session => {
      await session.query('update "Product" set price = 77');
      await session.query('savepoint inner_one');
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    expect(await logged(database, 'Product', after)).toEqual([]);
    await database.query('update "Product" set price = 78');
    const { rows } = await database.query(
      `select array_agg(position order by id) from portolan.change where entity = 'Product' and key = '3'`,
    );
    expect(rows[0]![0]).toBe('{1,2,3}');
  });

  test('names who changed, and nobody afterwards', async () => {
    const { database } = opened;
    const settings = { 'portolan.actor': '{"principal":"key:abc"}' };
    await database.transaction(
      async session => void (await session.query('update "Product" set price = 5')),
      {
        settings,
      },
    );
    await database.query('update "Product" set price = 6');
    const { rows } = await database.query(
      "select actor, at > now() - interval '1 minute', transaction > 0 from portolan.change order by id desc limit 2",
    );
    expect(rows).toEqual([
      [null, 't', 't'],
      ['{"principal": "key:abc"}', 't', 't'],
    ]);
  });
});

describe('links of a join table', () => {
  test('change both ends', async () => {
    const { database } = opened;
    await database.query(`insert into "Product" (id, sku, name, price) values (4, 'D', 'D', 1)`);
    await database.query(
      `insert into "Collection" (id, slug, name) values (1, 'one', 'one'), (2, 'two', 'two')`,
    );
    const after = await lastId(database);
    await database.query('insert into "_CollectionToProduct" ("A", "B") values (1, 3), (1, 4), (2, 3)');
    expect(await logged(database, 'Collection', after)).toMatchObject([
      { key: '1', kind: 'update', position: 2, old: { products: '[]' }, now: { products: '["3","4"]' } },
      { key: '2', kind: 'update', position: 2, old: { products: '[]' }, now: { products: '["3"]' } },
    ]);
    const ofProducts = await logged(database, 'Product', after);
    expect(ofProducts.map(({ key, now }) => [key, now]).sort()).toEqual([
      ['3', { collections: '["1","2"]' }],
      ['4', { collections: '["1"]' }],
    ]);
  });

  test('move', async () => {
    const move = 'update "_CollectionToProduct" set "B" = 4 where "A" = 2 and "B" = 3';
    expect(await changesOf('Collection', move)).toMatchObject([
      { key: '2', old: { products: '["3"]' }, now: { products: '[]' } },
      { key: '2', old: { products: '[]' }, now: { products: '["4"]' } },
    ]);
  });

  test('end with a record, which is then not updated any more', async () => {
    const after = await lastId(opened.database);
    await opened.database.query('delete from "Collection" where id = 1');
    expect(await logged(opened.database, 'Collection', after)).toMatchObject([{ key: '1', kind: 'delete' }]);
    const ofProducts = await logged(opened.database, 'Product', after);
    expect(ofProducts.map(({ key, old }) => [key, old]).sort()).toEqual([
      ['3', { collections: '["1"]' }],
      ['4', { collections: '["1"]' }],
    ]);
  });
});
