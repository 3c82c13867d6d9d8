import { existsSync, readFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';
import { beforeEach, describe, expect, test } from 'vitest';
import { serverForFile } from '../harness.ts';
import { columns, importCsv, rowsOf } from './import-csv.ts';

const sample = new URL('../../../shared/data/woocommerce-sample-products.csv', import.meta.url);

/** Their columns -> our fields; the others are left out. */
const fields: Readonly<Record<string, string>> = {
  SKU: 'sku',
  Name: 'name',
  Published: 'active',
  Description: 'description',
  Stock: 'stock',
  'Weight (kg)': 'weight',
  'Regular price': 'price',
};

const server = serverForFile();
beforeEach(async () => {
  await server.database.query('TRUNCATE "Product" RESTART IDENTITY CASCADE');
});

function renamed(): string {
  const [header, ...rows] = parse(readFileSync(sample), { bom: true }) as string[][];
  const kept = Object.entries(fields).map(([name, field]) => ({ place: header!.indexOf(name), field }));
  const lines = rows.map(row => kept.map(({ place }) => `"${row[place]!.replaceAll('"', '""')}"`).join(','));
  return [kept.map(({ field }) => field).join(','), ...lines].join('\n');
}

/** Parents of variations, and a group, have no price of their own. */
const withoutPrice = [
  [2, 'price', 'REQUIRED'],
  [3, 'price', 'REQUIRED'],
  [17, 'price', 'REQUIRED'],
];

describe.skipIf(!existsSync(sample))('a real export (skipped where the sample is absent)', () => {
  test('gives its good rows with onError=skip, and names the bad ones', async () => {
    const answer = await importCsv(server, renamed(), { onError: 'skip' });
    expect(answer).toMatchObject({ status: 200, imported: 21, inserted: 21, failed: 3 });
    expect(columns(answer.errors)).toEqual(withoutPrice);
    const [cap] = await rowsOf(
      server,
      `SELECT name, price, stock, active, weight FROM "Product" WHERE sku = 'cc-cap'`,
    );
    expect(cap).toEqual({ name: 'Cap', price: 18, stock: 0, active: true, weight: null });
    const again = await importCsv(server, renamed(), { onError: 'skip' });
    expect(again).toMatchObject({ imported: 21, inserted: 0, updated: 21 });
  });

  test('imports nothing where faults refuse it', async () => {
    const answer = await importCsv(server, renamed());
    expect(answer).toMatchObject({ status: 422, imported: 0, failed: 3, error: { code: 'ROWS_REFUSED' } });
    expect(columns(answer.errors)).toEqual(withoutPrice);
    expect(await rowsOf(server, 'SELECT 1 FROM "Product"')).toEqual([]);
  });

  test('reports unknown columns', async () => {
    const answer = await importCsv(server, readFileSync(sample, 'utf8'));
    expect(answer).toMatchObject({ status: 400, imported: 0, error: { code: 'UNKNOWN_FIELD' } });
    expect(answer.error?.details).toContainEqual({
      column: 'Regular price',
      message: 'products has no field "Regular price".',
    });
  });
});
