import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createDemo } from '../../prisma/demo/create-demo.ts';
import { loadDemo } from '../../prisma/demo/load-demo.ts';
import { openTestDatabase, type TestDatabase } from '../test-database.ts';

let opened: TestDatabase;

beforeAll(async () => {
  opened = await openTestDatabase();
});
afterAll(() => opened.close());

const value = async (text: string): Promise<string | null> =>
  (await opened.database.query(text)).rows[0]![0]!;

function createLog() {
  const lines: string[] = [];
  return { lines, info: (_facts: object, message: string) => void lines.push(message) };
}

describe('loading the demo catalogue', () => {
  test('writes every row, says so in one line, and does nothing the second time', async () => {
    const log = createLog();
    await loadDemo(opened.database, log);
    await loadDemo(opened.database, log);
    expect(log.lines).toEqual(['demo catalogue loaded', 'demo catalogue not loaded: there is data already']);
    for (const { name, rows } of createDemo()) {
      expect.soft(await value(`SELECT count(*) FROM "${name}"`), name).toBe(String(rows.length));
    }
  });

  test('keeps every digit, every byte and every character', async () => {
    const big = createDemo()
      .find(table => table.name === 'StockLevel')!
      .rows.map(row => BigInt((row as { movements: string }).movements));
    expect(await value('SELECT sum(movements) FROM "StockLevel"')).toBe(String(big.reduce((a, b) => a + b)));
    expect(await value(`SELECT count(*) FROM "DataSheet" WHERE substr(preview, 1, 5) = '%PDF-'`)).not.toBe(
      '0',
    );
    expect(await value(`SELECT attributes->>'origin' FROM "Product" WHERE name LIKE '南部%'`)).toBe('岩手県');
    expect(await value('SELECT max(array_length(tags, 1)) FROM "Product"')).toBe('4');
  });

  test('leaves the sequences behind the last id', async () => {
    const [last, next] = [
      await value('SELECT max(id) FROM "Customer"'),
      await value(`INSERT INTO "Customer" (number, name, email, country)
        VALUES ('C-1', 'New', 'new@example.com', 'DE') RETURNING id`),
    ];
    expect(next).toBe(String(Number(last) + 1));
  });
});
