import fc from 'fast-check';
import { expect, test } from 'vitest';
import { serverForFile } from '../harness.ts';
import { importCsv, rowsOf } from './import-csv.ts';

const server = serverForFile();

const text = (maxLength: number) =>
  fc
    .string({ unit: 'binary', minLength: 1, maxLength })
    .map(value => value.replaceAll('\0', ' ').toWellFormed());
const digits = (max: bigint) => fc.bigInt({ min: -max, max });
const decimal = (scale: number) =>
  digits(10n ** 12n - 1n).map(value => {
    const [sign, all] = [value < 0n ? '-' : '', String(value < 0n ? -value : value).padStart(scale + 1, '0')];
    return `${sign}${all.slice(0, -scale)}.${all.slice(-scale)}`;
  });
const moment = fc.date({ min: new Date('0001-01-01'), max: new Date('9999-12-31'), noInvalidDate: true });
const storable = fc
  .jsonValue()
  .map(value => JSON.stringify(value))
  .filter(json => !/\\u0000|\\ud/.test(json));

const product = fc.record({
  name: text(60).filter(name => name !== ''),
  description: fc.option(text(200)),
  price: decimal(2),
  cost: fc.option(decimal(4)),
  stock: fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
  active: fc.boolean(),
  tags: fc.array(
    fc.string({ unit: 'binary' }).map(tag => tag.replaceAll('\0', '').toWellFormed()),
    { maxLength: 4 },
  ),
  attributes: fc.option(storable),
  weight: fc.option(fc.double({ noNaN: true, noDefaultInfinity: true }).map(value => value + 0)),
  createdAt: moment.map(date => date.toISOString()),
});

const asJsonb = (json: string) => `SELECT '${json.replaceAll("'", "''")}'::jsonb::text AS text`;

const quote = (cell: string): string => `"${cell.replaceAll('"', '""')}"`;

test('reads back what it was given, whatever the delimiter', async () => {
  const delimiter = fc.constantFrom(',', ';', '\t', '|');
  await fc.assert(
    fc.asyncProperty(
      fc.array(product, { minLength: 1, maxLength: 20 }),
      delimiter,
      async (rows, separator) => {
        const header = ['sku', ...Object.keys(rows[0]!)].join(separator);
        const lines = rows.map((row, i) =>
          [`S${i}`, ...Object.values({ ...row, tags: JSON.stringify(row.tags) })]
            .map(cell => quote(String(cell ?? '')))
            .join(separator),
        );
        const answer = await importCsv(server, [header, ...lines].join('\r\n'));
        expect(answer).toMatchObject({ status: 200, imported: rows.length, failed: 0 });
        const stored = await rowsOf(
          server,
          `SELECT name, description, price::text, cost::text, stock, active, tags, attributes::text, weight::text,
          to_char("createdAt", 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS "createdAt"
        FROM "Product" WHERE sku LIKE 'S%' ORDER BY length(sku), sku LIMIT ${rows.length}`,
        );
        for (const [i, row] of rows.entries()) {
          const { attributes, weight, ...rest } = stored[i]!;
          const { attributes: json, weight: number, ...plain } = row;
          expect(rest).toEqual(plain);
          expect(weight === null ? null : Number(weight)).toBe(number);
          // As text of the same database: V8 can read the JSON key `"` as `\` after objects with that key.
          expect(attributes).toEqual(json === null ? null : (await rowsOf(server, asJsonb(json)))[0]!.text);
        }
      },
    ),
    { numRuns: 60 },
  );
});
