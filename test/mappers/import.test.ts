import { existsSync, readFileSync } from 'node:fs';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { MapperDraft } from '../../src/mappers/document/schema.ts';
import { serverForFile } from '../harness.ts';
import { type FileContent, type ImportAnswer, rowsOf } from '../imports/import-csv.ts';

const sample = new URL('../../../shared/data/woocommerce-sample-products.csv', import.meta.url);

const server = serverForFile();
let editor: string;
beforeAll(async () => {
  editor = await server.createKey('read', 'write');
});
beforeEach(async () => {
  await server.database.query('TRUNCATE "Product", "Category", "Supplier" RESTART IDENTITY CASCADE');
});

let count = 0;
/** @returns the id of a new mapper for products */
async function save(more: Partial<MapperDraft> = {}, added: MapperDraft['columns'] = []): Promise<string> {
  const columns: MapperDraft['columns'] = [
    { field: 'sku', source: 'Art.-Nr.', transforms: [{ op: 'trim' }] },
    { field: 'name', source: 'Bezeichnung' },
    { field: 'price', source: 'Preis', transforms: [{ op: 'currency', decimal: ',', group: '.' }] },
    ...added,
  ];
  const json = { mapper: 1, name: `Mapper ${++count}`, entity: 'products', columns, ...more };
  const response = await server.fetch('/api/mappers', { key: server.adminKey, json });
  const answer = (await response.json()) as { id: string; error?: unknown };
  expect(answer.error).toBe(undefined);
  return answer.id;
}

type Answer = ImportAnswer & {
  mapper?: { id: string; name: string; version: string };
  skipped?: number;
  created?: number;
  absent?: number;
  ignoredColumns?: string[];
};

/** Sends a file as the clients do: the file first, the options after it. */
async function importWith(
  mapperId: string,
  content: FileContent,
  { key = editor, ...options }: Record<string, string> = {},
): Promise<Answer> {
  const form = new FormData();
  form.append('file', new Blob([content]), 'some.csv');
  for (const [name, value] of Object.entries({ mapperId, ...options })) form.append(name, value);
  const response = await server.fetch('/api/import', { method: 'POST', key, body: form });
  return { status: response.status, ...((await response.json()) as Omit<Answer, 'status'>) };
}

const products = (columns = 'sku, name, price') =>
  rowsOf(server, `SELECT ${columns} FROM "Product" ORDER BY sku`);
const head = 'Art.-Nr.;Bezeichnung;Preis';

describe('an import through a mapper', () => {
  test('maps, writes, and says by which mapper and what it ignored', async () => {
    const id = await save();
    const answer = await importWith(id, `${head};Farbe\n A1 ;Lampe;1.234,50 €;rot\nA2;Tisch;7,- €;blau\n`);
    expect(answer).toMatchObject({
      ...{ status: 200, imported: 2, inserted: 2, failed: 0, skipped: 0, created: 0, absent: 0 },
      ...{ mapper: { id, version: '1' }, ignoredColumns: ['Farbe'] },
    });
    expect(await products()).toEqual([
      { sku: 'A1', name: 'Lampe', price: 1234.5 },
      { sku: 'A2', name: 'Tisch', price: 7 },
    ]);
  });

  test('is found by its name, and works with the entity or without', async () => {
    await save({ name: 'By name' });
    for (const options of [{}, { entity: 'products' }, { entity: 'Product' }])
      expect(
        await importWith('By name', `${head}\nA1;Lampe;1`, options as Record<string, string>),
      ).toMatchObject({ status: 200, imported: 1 });
    expect(await importWith('By name', `${head}\nA1;Lampe;1`, { entity: 'orders' })).toMatchObject({
      status: 400,
      error: { code: 'INVALID_VALUE', target: 'entity' },
    });
  });

  test('takes the id in the URL, with the file as the body', async () => {
    const id = await save();
    const response = await server.fetch(`/api/import?mapperId=${id}`, {
      ...{ method: 'POST', key: editor, headers: { 'content-type': 'text/csv' } },
      body: `${head}\nA1;Lampe;1`,
    });
    expect(await response.json()).toMatchObject({ imported: 1 });
  });

  test('names row, column, value and reason of each error, as the file has them', async () => {
    const id = await save({}, [
      { field: 'active', source: 'Aktiv', optional: true, transforms: [{ op: 'boolean' }] },
      { field: 'stock', source: 'Bestand', optional: true },
    ]);
    const answer = await importWith(
      id,
      `${head};Aktiv;Bestand\nA1;Lampe;teuer;vielleicht;x\nA2;;3;ja;1\n${'A'.repeat(70)};C;1;ja;1\nA4;D;1\n`,
    );
    expect(answer).toMatchObject({ status: 422, imported: 0, failed: 4 });
    expect(answer.errors).toEqual([
      {
        row: 2,
        line: 2,
        column: 'Preis',
        value: 'teuer',
        code: 'INVALID_VALUE',
        message: 'Not an amount of money. The mapper reads numbers such as 1.234,50.',
      },
      expect.objectContaining({ row: 2, column: 'Aktiv', value: 'vielleicht', code: 'INVALID_VALUE' }),
      expect.objectContaining({ row: 2, column: 'Bestand', value: 'x', code: 'INVALID_VALUE' }),
      expect.objectContaining({ row: 3, column: 'Bezeichnung', value: '', code: 'REQUIRED' }),
      expect.objectContaining({ row: 4, column: 'Art.-Nr.', code: 'TOO_LONG' }),
      expect.objectContaining({ row: 5, column: null, code: 'WRONG_CELL_COUNT' }),
    ]);
    expect(await products()).toEqual([]);
  });

  test('obeys the mode and onError of the mapper, unless the request says otherwise', async () => {
    const id = await save({ mode: 'update', onError: 'skip' });
    const file = `${head}\nA1;Lampe;1\nA2;Tisch;x\n`;
    expect(await importWith(id, file)).toMatchObject({ status: 200, imported: 0, failed: 2 });
    expect(await importWith(id, file, { mode: 'upsert' })).toMatchObject({
      status: 200,
      inserted: 1,
      failed: 1,
    });
    expect(await importWith(id, file, { onError: 'abort' })).toMatchObject({ status: 422 });
    expect(await importWith(id, file, { onError: 'refuse' })).toMatchObject({ status: 422 });
  });

  test('leaves rows out by conditions, and counts them', async () => {
    const id = await save({ skip: [{ source: 'Art', in: ['Gruppe'] }] });
    const answer = await importWith(id, `${head};Art\nA1;Lampe;1;Ware\nA2;Alle;;gruppe\n`);
    expect(answer).toMatchObject({ status: 200, imported: 1, skipped: 1 });
  });

  test('names all columns that a file lacks', async () => {
    const answer = await importWith(await save(), 'Art.-Nr.;Bezeichnun\nA1;x');
    expect(answer).toMatchObject({
      status: 400,
      imported: 0,
      error: { code: 'UNKNOWN_FIELD', hint: 'Did you mean "Bezeichnun"?' },
    });
    expect(answer.error?.details).toHaveLength(2);
  });

  test('reads files as the mapper says: without a header, in another encoding, with other quotes', async () => {
    const columns: MapperDraft['columns'] = [
      { field: 'sku', source: 1 },
      { field: 'name', source: 2 },
      { field: 'price', source: 3 },
    ];
    const id = await save({
      columns,
      format: { header: false, encoding: 'windows-1252', delimiter: '|', quote: "'" },
    });
    const content = new Uint8Array(Buffer.from("A1|'T\xfcr | \x80'|5\nA2|7\" Rohr|6\n", 'latin1'));
    expect(await importWith(id, content)).toMatchObject({ status: 200, imported: 2, ignoredColumns: [] });
    expect(await products('name')).toEqual([{ name: 'Tür | €' }, { name: '7" Rohr' }]);
    const unquoted = await save({ columns, format: { header: false, quote: '', delimiter: ',' } });
    expect(await importWith(unquoted, 'A3,"x,7\n')).toMatchObject({ status: 200 });
    expect(await products('name')).toContainEqual({ name: '"x' });
  });
});

test('a file of JSON passes a mapper as one of text does', async () => {
  const id = await save({}, [
    { field: 'stock', source: 'Bestand', transforms: [{ op: 'default', value: '0' }] },
  ]);
  const file = JSON.stringify([
    { 'Art.-Nr.': 'A1', Bezeichnung: 'Lampe', Preis: '4,50', Bestand: 7 },
    { 'Art.-Nr.': 'A2', Bezeichnung: 'Tisch', Preis: 5, Bestand: null },
  ]);
  expect(await importWith(id, file)).toMatchObject({ status: 200, imported: 2 });
  expect(await products('sku, price, stock')).toEqual([
    { sku: 'A1', price: 4.5, stock: 7 },
    { sku: 'A2', price: 5, stock: 0 },
  ]);
});

describe('relations', () => {
  const bySlug: MapperDraft['columns'] = [{ field: 'category.slug', source: 'Gruppe' }];

  test('are found by a key of the related record', async () => {
    await server.database.query(`INSERT INTO "Category" (slug, name) VALUES ('lamps', 'Lamps')`);
    const id = await save({}, bySlug);
    const answer = await importWith(
      id,
      `${head};Gruppe\nA1;a;1;lamps\nA2;b;1;\nA3;c;1;tables\nA4;d;1;lamps\n`,
      { onError: 'skip' },
    );
    expect(answer).toMatchObject({ status: 200, imported: 3, failed: 1 });
    expect(answer.errors).toEqual([
      {
        row: 4,
        line: 4,
        column: 'Gruppe',
        value: 'tables',
        code: 'NO_SUCH_REFERENCE',
        message: 'There is no record of categories with the slug "tables".',
      },
    ]);
    expect(await products('sku, "categoryId"')).toEqual([
      { sku: 'A1', categoryId: 1 },
      { sku: 'A2', categoryId: null },
      { sku: 'A4', categoryId: 1 },
    ]);
  });

  test('are created where they are missing, once', async () => {
    const id = await save({}, [
      {
        field: 'supplier.code',
        source: 'Lieferant',
        transforms: [{ op: 'upper' }],
        createMissing: { values: { name: 'Firma {key}', country: 'DE' } },
      },
    ]);
    const file = `${head};Lieferant\nA1;a;1;acme\nA2;b;1;ACME\nA3;c;1;bolt\n`;
    expect(await importWith(id, file)).toMatchObject({ status: 200, imported: 3, created: 2 });
    expect(await importWith(id, file)).toMatchObject({ status: 200, updated: 3, created: 0 });
    expect(await rowsOf(server, 'SELECT code, name, country FROM "Supplier" ORDER BY code')).toEqual([
      { code: 'ACME', name: 'Firma ACME', country: 'DE' },
      { code: 'BOLT', name: 'Firma BOLT', country: 'DE' },
    ]);
  });

  test('are not created by an import that is refused', async () => {
    const id = await save({}, [
      { field: 'category.slug', source: 'Gruppe', createMissing: { values: { name: '{key}' } } },
    ]);
    expect(await importWith(id, `${head};Gruppe\nA1;a;1;new\nA2;b;x;\n`)).toMatchObject({
      status: 422,
      created: 0,
    });
    expect(await rowsOf(server, 'SELECT 1 FROM "Category"')).toEqual([]);
  });

  test('to a tree are paths, whose levels are created with their parents', async () => {
    const id = await save({}, [
      { field: 'category', source: 'Pfad', transforms: [{ op: 'path' }], createMissing: {} },
    ]);
    const file = `${head};Pfad\nA1;a;1;Clothing > Hoodies\nA2;b;1;Clothing\nA3;c;1;Men > Shoes\nA4;d;1;Women > Shoes\nA5;e;1;\n`;
    expect(await importWith(id, file)).toMatchObject({ status: 200, imported: 5, created: 6 });
    expect(await importWith(id, file)).toMatchObject({ status: 200, updated: 5, created: 0 });
    const tree = `SELECT p.sku, c.slug, c.name, u.name AS parent FROM "Product" p JOIN "Category" c ON c.id = p."categoryId"
      LEFT JOIN "Category" u ON u.id = c."parentId" ORDER BY p.sku`;
    expect(await rowsOf(server, tree)).toEqual([
      { sku: 'A1', slug: 'clothing-hoodies', name: 'Hoodies', parent: 'Clothing' },
      { sku: 'A2', slug: 'clothing', name: 'Clothing', parent: null },
      { sku: 'A3', slug: 'men-shoes', name: 'Shoes', parent: 'Men' },
      { sku: 'A4', slug: 'women-shoes', name: 'Shoes', parent: 'Women' },
    ]);
  });

  test('to a tree that may not grow are errors where a level is missing, or has no letters', async () => {
    await server.database.query(`INSERT INTO "Category" (slug, name) VALUES ('lamps', 'Lamps')`);
    const id = await save({ onError: 'skip' }, [
      { field: 'category', source: 'Pfad', transforms: [{ op: 'path' }], tree: { key: 'label' } },
    ]);
    const answer = await importWith(
      id,
      `${head};Pfad\nA1;a;1;Lamps\nA2;b;1;Lamps > Desk\nA3;c;1;!!!\nA4;d;1;${Array(12).fill('x').join('>')}\n`,
    );
    expect(answer.errors.map(({ row, code }) => [row, code])).toEqual([
      [3, 'NO_SUCH_REFERENCE'],
      [4, 'INVALID_VALUE'],
      [5, 'OUT_OF_RANGE'],
    ]);
    expect(await products('sku')).toEqual([{ sku: 'A1' }]);
  });
});

describe('records that the file does not contain', () => {
  const existing = async () => {
    await server.database.query(
      `INSERT INTO "Supplier" (code, name, country) VALUES ('A', 'A', 'DE'), ('B', 'B', 'DE')`,
    );
    await server.database.query(`INSERT INTO "Product" (sku, name, price, "supplierId") VALUES
      ('A1', 'a', 1, 1), ('A2', 'b', 1, 1), ('B1', 'c', 1, 2), ('C1', 'd', 1, NULL)`);
  };
  const file = `${head}\nA1;neu;2\nA9;x;3\n`;

  test('are left alone by default', async () => {
    await existing();
    expect(await importWith(await save(), file)).toMatchObject({ status: 200, absent: 0 });
    expect(await products('sku')).toHaveLength(5);
  });

  test('are deactivated within the filter', async () => {
    await existing();
    const id = await save({ absent: { action: 'deactivate', field: 'active', where: { supplierId: '1' } } });
    expect(await importWith(id, file)).toMatchObject({ status: 200, absent: 1, updated: 1, inserted: 1 });
    expect(await rowsOf(server, 'SELECT sku FROM "Product" WHERE NOT active')).toEqual([{ sku: 'A2' }]);
    expect(await importWith(id, file)).toMatchObject({ status: 200, absent: 0 });
  });

  test('are deleted, those without a value too', async () => {
    await existing();
    const id = await save({ absent: { action: 'delete', where: { supplierId: null } } });
    // A9 has no supplier either, and is in the file.
    expect(await importWith(id, file)).toMatchObject({ status: 200, absent: 1 });
    expect(await products('sku')).toEqual(['A1', 'A2', 'A9', 'B1'].map(sku => ({ sku })));
  });

  test('stay if a row had an error, and if the file has no rows', async () => {
    await existing();
    const id = await save({ absent: { action: 'delete' }, onError: 'skip' });
    expect(await importWith(id, `${head}\nA1;x;1\nA2;x;?\n`)).toMatchObject({
      status: 200,
      failed: 1,
      absent: 0,
    });
    expect(await importWith(id, `${head}\n`)).toMatchObject({ status: 200, absent: 0 });
    expect(await products('sku')).toHaveLength(4);
  });

  test('are in the change log, done by the caller through an import', async () => {
    await existing();
    const id = await save({ absent: { action: 'delete', where: { supplierId: '2' } } });
    await importWith(id, file);
    const query = '{ changes(entity: "Product", newestFirst: true, take: 1) { kind key actor { via } } }';
    const response = await server.fetch('/graphql', { key: server.adminKey, json: { query } });
    expect(await response.json()).toMatchObject({
      data: { changes: [{ kind: 'delete', actor: { via: 'import' } }] },
    });
  });
});

describe('permission', () => {
  test('is that of the caller for all that the mapper writes and finds', async () => {
    const cost = await save({}, [{ field: 'cost', source: 'EK' }]);
    expect(await importWith(cost, `${head};EK\nA1;a;1;1`)).toMatchObject({
      status: 400,
      imported: 0,
      error: { code: 'UNKNOWN_MAPPER' },
    });
    const tree = await save({}, [
      { field: 'category', source: 'Pfad', transforms: [{ op: 'path' }], createMissing: {} },
    ]);
    const writer = await server.createKey('products:write', 'categories:read');
    expect(await importWith(tree, `${head};Pfad\nA1;a;1;x`, { key: writer })).toMatchObject({
      error: { code: 'UNKNOWN_MAPPER' },
    });
    expect(
      await importWith(tree, `${head};Pfad\nA1;a;1;x`, { key: await server.createKey('read') }),
    ).toMatchObject({ status: 403 });
    expect(await importWith(tree, `${head};Pfad\nA1;a;1;x`, { key: '' })).toMatchObject({ status: 401 });
    expect(await products()).toEqual([]);
  });

  test('does not let an unknown mapper pass, and suggests a near name', async () => {
    await save({ name: 'Price list' });
    expect(await importWith('Prize list', 'a\n1')).toMatchObject({
      status: 400,
      imported: 0,
      error: { code: 'UNKNOWN_MAPPER', hint: 'Did you mean "Price list"?', target: 'mapperId' },
    });
  });

  test('of an administrator without write permission does not suffice', async () => {
    const id = await save();
    const key = await server.createKey('admin', 'orders:write');
    expect(await importWith(id, `${head}\nA1;a;1`, { key })).toMatchObject({
      status: 403,
      error: { code: 'SCOPE_MISSING' },
    });
  });
});

test('an Idempotency-Key covers the mapper: the same file imports once', async () => {
  const id = await save();
  const send = async () => {
    const form = new FormData();
    form.append('file', new Blob([`${head}\nA1;a;1`]), 'x.csv');
    form.append('mapperId', id);
    const response = await server.fetch('/api/import', {
      method: 'POST',
      key: editor,
      body: form,
      headers: { 'idempotency-key': 'once' },
    });
    return response.json();
  };
  expect(await send()).toMatchObject({ inserted: 1 });
  expect(await send()).toMatchObject({ inserted: 1 });
});

describe.skipIf(!existsSync(sample))('the WooCommerce sample (skipped where it is absent)', () => {
  test('imports as it is: products with their categories as a tree', async () => {
    const answer = await importWith('WooCommerce products', readFileSync(sample));
    // Two variable products and a group have no price.
    expect(answer).toMatchObject({ status: 200, imported: 21, inserted: 21, failed: 0, skipped: 3 });
    expect(answer.mapper).toMatchObject({ id: 'woocommerce-products' });
    const [cap] = await rowsOf(
      server,
      `SELECT p.name, p.price, p.active, p.stock, p.tags, c.slug, u.slug AS parent FROM "Product" p
       JOIN "Category" c ON c.id = p."categoryId" JOIN "Category" u ON u.id = c."parentId" WHERE p.sku = 'cc-cap'`,
    );
    expect(cap).toEqual({
      name: 'Cap',
      price: 18,
      active: true,
      stock: 0,
      tags: [],
      slug: 'clothing-accessories',
      parent: 'clothing',
    });
    expect(answer.created).toBe((await rowsOf(server, 'SELECT 1 FROM "Category"')).length);
    const again = await importWith('woocommerce-products', readFileSync(sample));
    expect(again).toMatchObject({ status: 200, updated: 21, inserted: 0, created: 0 });
  });
});

test('an export of Shopify imports as it is: each variant a product, the further rows filled in', async () => {
  const file = `Handle,Title,Body (HTML),Vendor,Product Category,Type,Tags,Published,Option1 Name,Option1 Value,Variant SKU,Variant Grams,Variant Inventory Qty,Variant Price,Variant Barcode,Image Src,Status
tee,Classic Tee,"<p>Soft, ""organic""</p>",Acme,Apparel & Accessories > Clothing,Shirts,"cotton, summer",true,Size,S,TEE-S,180,12,19.99,'0012345678905,https://x.example/1.png,active
tee,,,,,,,,,M,TEE-M,200,,21.50,,,
tee,,,,,,,,,,,,,,,https://x.example/2.png,
mug,Mug,,Acme,,Kitchen,,false,Title,Default Title,MUG-1,350,-2,8,,,draft
`;
  const answer = await importWith('Shopify products', file);
  expect(answer).toMatchObject({ status: 200, imported: 3, skipped: 1, failed: 0, created: 2 });
  expect(answer.ignoredColumns).toContain('Vendor');
  expect(await products('sku, name, price, stock, weight, barcode, active, tags, description')).toEqual([
    {
      sku: 'MUG-1',
      name: 'Mug',
      price: 8,
      stock: -2,
      weight: 0.35,
      barcode: null,
      active: false,
      tags: [],
      description: null,
    },
    {
      sku: 'TEE-M',
      name: 'Classic Tee, M',
      price: 21.5,
      stock: 0,
      weight: 0.2,
      barcode: null,
      active: true,
      tags: ['cotton', 'summer'],
      description: '<p>Soft, "organic"</p>',
    },
    {
      sku: 'TEE-S',
      name: 'Classic Tee, S',
      price: 19.99,
      stock: 12,
      weight: 0.18,
      barcode: '0012345678905',
      active: true,
      tags: ['cotton', 'summer'],
      description: '<p>Soft, "organic"</p>',
    },
  ]);
});
