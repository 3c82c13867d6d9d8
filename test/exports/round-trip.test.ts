// What was exported is imported again without a change, whatever the values: every type of the demo's sets and of an
// adopter's, in every format that imports read.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { makeEvery } from '../catalog/every/every.ts';
import { serverForFile, type TestServer } from '../harness.ts';
import { importCsv } from '../imports/import-csv.ts';
import { exporting } from './exporting.ts';

/** Texts that files get wrong: formulas, apostrophes, delimiters, quotation marks, line ends, spaces. */
const awkward = fc.string({
  unit: fc.constantFrom(
    "'",
    '=',
    '+',
    '-',
    '@',
    '\t',
    '\r',
    '\n',
    '"',
    ',',
    ';',
    '|',
    ' ',
    'a',
    '1',
    'é',
    '😀',
    '[',
  ),
  maxLength: 8,
});
const anyText = fc.oneof(
  awkward,
  fc.string({ unit: 'binary', maxLength: 40 }).map(value => value.replaceAll('\0', '').toWellFormed()),
);
/** An import takes an empty cell of CSV for a missing value. */
const text = anyText.filter(value => value !== '');
const decimal = (scale: number) =>
  fc.bigInt({ min: -(10n ** 11n), max: 10n ** 11n }).map(value => {
    const digits = String(value < 0n ? -value : value).padStart(scale + 1, '0');
    return `${value < 0n ? '-' : ''}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
  });
/** With microseconds, which the other APIs leave out. */
const moment = fc
  .tuple(
    fc.date({ min: new Date('0001-01-02'), max: new Date('9999-12-30'), noInvalidDate: true }),
    fc.integer({ min: 0, max: 999 }),
  )
  .map(([date, micro]) => date.toISOString().replace('Z', `${String(micro).padStart(3, '0')}Z`));
const day = fc
  .date({ min: new Date('0001-01-02'), max: new Date('9999-12-30'), noInvalidDate: true })
  .map(date => date.toISOString().slice(0, 10));
const json = fc
  .jsonValue()
  .map(value => JSON.stringify(value))
  .filter(value => !/\\u0000|\\ud/.test(value));
const float = fc.double({ noNaN: true, noDefaultInfinity: true }).map(value => value + 0);
const optional = <T>(value: fc.Arbitrary<T>) => fc.option(value);

const product = fc.record({
  name: text,
  description: optional(text),
  price: decimal(2),
  cost: optional(decimal(4)),
  stock: fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
  active: fc.boolean(),
  tags: fc.array(anyText, { maxLength: 4 }),
  attributes: optional(json),
  weight: optional(float),
  createdAt: moment,
});

const csvForms = fc.record({
  delimiter: fc.constantFrom('comma', 'semicolon', 'tab', 'pipe'),
  encoding: fc.constantFrom('utf-8', 'utf-8-bom', 'utf-16le'),
});
const jsonForms = fc.record({ format: fc.constantFrom('json', 'ndjson') });

/** In JSON, an empty text is not a missing one, and a value that is JSON's null is. */
const jsonProduct = fc.tuple(product, anyText, optional(anyText)).map(([row, name, description]) => ({
  ...row,
  name,
  description,
  attributes: row.attributes === 'null' ? null : row.attributes,
}));

/** @returns every row of a table as the database writes it */
const storedRows = async (
  server: TestServer,
  table: string,
  order: string,
  except: readonly string[] = [],
) => {
  const { rows } = await server.database.query(
    `SELECT to_jsonb(t)::text FROM "${table}" t ORDER BY ${order}`,
  );
  return rows.map(([row]) =>
    Object.fromEntries(Object.entries(JSON.parse(row!)).filter(([name]) => !except.includes(name))),
  );
};

async function insertRows(
  server: TestServer,
  table: string,
  rows: readonly Record<string, unknown>[],
): Promise<void> {
  for (const row of rows) {
    const names = Object.keys(row);
    const places = names.map((_, index) => `$${index + 1}`).join(', ');
    await server.database.query(
      `INSERT INTO "${table}" (${names.map(name => `"${name}"`).join(', ')}) VALUES (${places})`,
      Object.values(row) as string[],
    );
  }
}

/** Exports a set, spoils what is stored, imports the file, and compares. */
async function roundTrip(
  server: TestServer,
  set: string,
  table: string,
  form: Record<string, string>,
  order: string,
) {
  const options = { select: '*', importable: 'true', format: 'csv', ...form };
  const before = await storedRows(server, table, order, ['updatedAt']);
  const { status, bytes } = await exporting(server)(set, options);
  expect(status).toBe(200);
  const answer = await importCsv(server, new Uint8Array(bytes), {
    entity: set,
    ...(form.delimiter && { delimiter: form.delimiter }),
  });
  expect(answer, JSON.stringify(answer)).toMatchObject({ status: 200, imported: before.length, failed: 0 });
  expect(await storedRows(server, table, order, ['updatedAt'])).toEqual(before);
}

describe('the demo', () => {
  const server = serverForFile({ demo: true });

  test.each([
    ['categories', 'Category', 'id'],
    ['suppliers', 'Supplier', 'id'],
    ['products', 'Product', 'id'],
    ['collections', 'Collection', 'id'],
    ['customers', 'Customer', 'id'],
    ['orders', 'Order', 'id'],
    ['warehouses', 'Warehouse', 'id'],
    ['stockLevels', 'StockLevel', '"warehouseId", "productId"'],
    ['dataSheets', 'DataSheet', 'id'],
  ])('%s', async (set, table, order) => {
    await roundTrip(server, set, table, {}, order);
  });
});

describe('every value of every type', () => {
  const server = serverForFile();

  test('of products', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(product, { minLength: 1, maxLength: 12 }), csvForms, async (rows, form) => {
        await server.database.query('TRUNCATE "Product" RESTART IDENTITY CASCADE');
        const numbered = rows.map((row, index) => ({
          sku: `S${index}`,
          ...row,
          updatedAt: '2026-01-01T00:00:00Z',
        }));
        await insertRows(server, 'Product', numbered);
        await roundTrip(server, 'products', 'Product', form, 'sku');
      }),
      { numRuns: 40 },
    );
  });

  test('of products in JSON', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(jsonProduct, { minLength: 1, maxLength: 12 }),
        jsonForms,
        async (rows, form) => {
          await server.database.query('TRUNCATE "Product" RESTART IDENTITY CASCADE');
          const numbered = rows.map((row, index) => ({
            sku: `S${index}`,
            ...row,
            updatedAt: '2026-01-01T00:00:00Z',
          }));
          await insertRows(server, 'Product', numbered);
          await roundTrip(server, 'products', 'Product', form, 'sku');
        },
      ),
      { numRuns: 40 },
    );
  });

  test('into an empty table, where nothing stored could hide a loss', async () => {
    const rows = fc
      .sample(product, 200)
      .map((row, index) => ({ sku: `S${index}`, ...row, updatedAt: '2026-01-01T00:00:00Z' }));
    await server.database.query('TRUNCATE "Product" RESTART IDENTITY CASCADE');
    await insertRows(server, 'Product', rows);
    const before = await storedRows(server, 'Product', 'sku', ['id', 'updatedAt']);
    const { bytes } = await exporting(server)('products', { select: '*', importable: 'true' });
    await server.database.query('TRUNCATE "Product" RESTART IDENTITY CASCADE');
    expect(await importCsv(server, new Uint8Array(bytes), { entity: 'products' })).toMatchObject({
      inserted: 200,
      failed: 0,
    });
    expect(await storedRows(server, 'Product', 'sku', ['id', 'updatedAt'])).toEqual(before);
  });

  test('of days, times and big integers', async () => {
    const rows = fc.sample(fc.tuple(day, optional(float), text), 100);
    await insertRows(
      server,
      'Supplier',
      rows.map(([since, rating, name], index) => ({ code: `T${index}`, name, country: 'AT', since, rating })),
    );
    await roundTrip(server, 'suppliers', 'Supplier', {}, 'code');
  });

  test('text that begins with an apostrophe and a formula is imported as it stands, where that is said', async () => {
    const file = "code,name,country\nK1,'=1,AT\n";
    await importCsv(server, file, { entity: 'suppliers', formulas: 'keep' });
    const kept = await server.database.query(`SELECT name FROM "Supplier" WHERE code = 'K1'`);
    expect(kept.rows).toEqual([["'=1"]]);
    await importCsv(server, file, { entity: 'suppliers' });
    const unguarded = await server.database.query(`SELECT name FROM "Supplier" WHERE code = 'K1'`);
    expect(unguarded.rows).toEqual([['=1']]);
  });
});

describe("an adopter's own types", () => {
  const server = serverForFile({ model: makeEvery });

  test('addresses, bits, money, object identifiers, and ids that the server makes', async () => {
    await insertRows(server, 'Gadget', [
      {
        id: '01234567-89ab-7def-8123-456789abcdef',
        code: 'a',
        name: '=x',
        plain: 'p',
        first: 'f',
        second: 's',
        serial: 'z',
        address: '10.0.0.0/8',
        addresses: '{10.0.0.1,::1/64}',
        fixed_bits: '1010',
        bits: '101',
        bitLists: '{1,10101}',
        price: '-1234.50',
        prices: '{1.50,1000.00}',
        object: '4294967295',
      },
      {
        id: '01234567-89ab-7def-8123-456789abcde0',
        code: 'b',
        name: '"',
        plain: ';',
        first: "'",
        second: "'=",
        serial: '-1',
        // A list that is null is shown as an empty one.
        addresses: '{}',
        bitLists: '{}',
        prices: '{}',
      },
    ]);
    const select =
      'id,code,name,plain,first,second,serial,address,addresses,fixedBits,bits,bitLists,price,prices,object';
    await roundTrip(server, 'gadgets', 'Gadget', { select }, 'code');
    await server.database.query(
      `INSERT INTO "Part" (id, name, "gadgetId") SELECT 'p1', '+1 2', id FROM "Gadget" WHERE code = 'a'`,
    );
    await roundTrip(server, 'parts', 'Part', {}, 'id');
    await server.database.query(`INSERT INTO "Host" (address, name) VALUES ('::1', '@home')`);
    await roundTrip(server, 'hosts', 'Host', {}, 'address');
  });
});
