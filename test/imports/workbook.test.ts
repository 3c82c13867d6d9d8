import { beforeEach, describe, expect, test } from 'vitest';
import { serverForFile } from '../harness.ts';
import { columns, type FileContent, importCsv, rowsOf, send } from './import-csv.ts';
import { textRow, workbook, zip } from './zip.ts';

const server = serverForFile({ env: { UPLOAD_BYTES_MAX: '60000000' } });
beforeEach(async () => {
  await server.database.query('TRUNCATE "Product", "Supplier", "Warehouse" RESTART IDENTITY CASCADE');
});

const header = textRow('sku', 'name', 'price');
const count = async () => (await rowsOf(server, 'SELECT 1 FROM "Product"')).length;

describe('a workbook', () => {
  test('gives the rows of its first visible sheet, with texts of every kind', async () => {
    const file = await workbook({
      rows: `<row r="2"><c r="A2" t="s"><v>0</v></c><c r="B2" t="inlineStr"><is><t>name</t></is></c><c r="D2" t="str"><f>A1</f><v>price</v></c></row>
        <row r="4"><c r="A4" t="s"><v>1</v></c><c r="B4" t="inlineStr"><is><t>two</t><t> &amp; more</t></is></c><c r="D4"><v>4.2000000000000002</v></c></row>
        <row r="5"/><row r="6"><c r="A6"><v>4006381333931</v></c><c r="B6" t="b"><v>1</v></c><c r="D6"><v>1E2</v></c></row>`.replaceAll(
        /r="D/g,
        'r="C',
      ),
      strings: '<si><t>sku</t></si><si><r><t>L</t></r><r><t>ä</t></r><rPh><t>no</t></rPh></si>',
    });
    expect(await importCsv(server, file)).toMatchObject({
      ...{ status: 200, imported: 2, errors: [], file: { format: 'xlsx' } },
    });
    expect(await rowsOf(server, 'SELECT sku, name, price::text FROM "Product" ORDER BY id')).toEqual([
      { sku: 'Lä', name: 'two & more', price: '4.20' },
      { sku: '4006381333931', name: 'true', price: '100.00' },
    ]);
  });

  const styles = `<numFmts><numFmt numFmtId="164" formatCode="[$-407]dd/mm/yyyy\\ &quot;at&quot; hh:mm"/><numFmt numFmtId="165" formatCode="#,##0.00 &quot;days&quot;"/></numFmts>
    <cellStyleXfs><xf numFmtId="14"/></cellStyleXfs>
    <cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="164"/><xf numFmtId="21"/><xf numFmtId="165"/></cellXfs>`;

  test('has dates and times where the format says so', async () => {
    const date = (format: number, value: string) => `<c s="${format}"><v>${value}</v></c>`;
    const rows = `${textRow('sku', 'name', 'price', 'createdAt')}
      <row><c t="str"><v>A</v></c>${date(1, '46053')}${date(4, '7.5')}${date(2, '46053.5')}</row>
      <row><c t="str"><v>B</v></c>${date(3, '0.35416666666666669')}${date(0, '2')}${date(1, '46053')}</row>
      <row><c t="str"><v>C</v></c>${date(1, '59')}${date(0, '2')}<c t="d"><v>2026-01-31T12:00:00</v></c></row>`;
    expect(await importCsv(server, await workbook({ rows, styles }))).toMatchObject({ imported: 3 });
    expect(await rowsOf(server, 'SELECT name, price, "createdAt" FROM "Product" ORDER BY sku')).toEqual([
      { name: '2026-01-31', price: 7.5, createdAt: '2026-01-31T12:00:00+00:00' },
      { name: '08:30:00', price: 2, createdAt: '2026-01-31T00:00:00+00:00' },
      { name: '1900-02-28', price: 2, createdAt: '2026-01-31T12:00:00+00:00' },
    ]);
  });

  test('may count its dates from 1904', async () => {
    const rows = `${textRow('code', 'name', 'country', 'since')}<row>${textRow('S', 'Seller', 'AT').slice(5, -6)}<c s="1"><v>44591</v></c></row>`;
    const file = await workbook({ rows, styles, properties: 'date1904="1"' });
    expect(await importCsv(server, file, { entity: 'suppliers' })).toMatchObject({ imported: 1 });
    expect(await rowsOf(server, 'SELECT since FROM "Supplier"')).toEqual([{ since: '2026-01-31' }]);
  });

  test('has errors with the number of the row, those of formulas too', async () => {
    const rows = `${header}<row r="7"><c r="A7" t="str"><v>A</v></c><c r="B7" t="e"><v>#N/A</v></c></row>`;
    const answer = await importCsv(server, await workbook({ rows }));
    expect(columns(answer.errors)).toEqual([
      [7, 'name', 'INVALID_VALUE'],
      [7, 'price', 'REQUIRED'],
    ]);
    expect(answer.errors[0]).toMatchObject({ value: '#N/A', message: 'The cell contains the error #N/A.' });
  });

  test('may be the body itself', async () => {
    const type = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
    const body = (await workbook({ rows: header + textRow('A', 'a', '1') })) as Uint8Array<ArrayBuffer>;
    const init = { method: 'POST', key: server.adminKey, headers: { 'content-type': type }, body };
    expect(await send(server, init, '?entity=products')).toMatchObject({ imported: 1 });
  });
});

test.each([
  ['CSV', 'sku,name,price\nA,a,1\n', 'csv'],
  ['JSON', '[{"sku":"A","name":"a","price":1}]', 'json'],
])('a ZIP file with one file is read as that: %s', async (_, content, format) => {
  const file = await zip({ 'some/file.txt': content, '__MACOSX/some/._file.txt': 'x' });
  expect(await importCsv(server, file)).toMatchObject({ status: 200, imported: 1, file: { format } });
});

const megabyte = 1_000_000;
const encrypted = async (): Promise<FileContent> => {
  const file = Buffer.from((await zip({ 'a.csv': 'sku,name,price\nA,a,1\n' })) as Uint8Array);
  // The flag stands in the header of the file, and again in the directory at the end.
  for (const [signature, offset] of [
    ['PK\x03\x04', 6],
    ['PK\x01\x02', 8],
  ] as const) {
    const at = file.indexOf(signature, 0, 'latin1') + offset;
    file[at] = file[at]! | 1;
  }
  return new Uint8Array(file);
};
const cut = async (): Promise<FileContent> =>
  ((await zip({ 'a.csv': 'sku\n'.repeat(1_000) })) as Uint8Array<ArrayBuffer>).slice(0, -30);

test.each<[string, () => Promise<FileContent>, number, RegExp]>([
  ['two files in a ZIP file', () => zip({ 'a.csv': 'sku', 'b.csv': 'sku' }), 400, /contains 2 files/],
  ['no file in a ZIP file', () => zip({ '__MACOSX/a': '' }), 400, /contains 0 files/],
  ['an encrypted ZIP file', encrypted, 400, /encrypted/],
  ['a ZIP file that was cut off', cut, 400, /damaged/],
  [
    'a ZIP file in a ZIP file',
    async () => zip({ 'a.zip': Buffer.from((await zip({ a: 'sku' })) as Uint8Array) }),
    415,
    /within a ZIP file/,
  ],
  [
    'a ZIP bomb',
    () => zip({ 'a.csv': Buffer.alloc(100 * megabyte, ',') }),
    413,
    /longer than 60000000 bytes/,
  ],
  [
    'a workbook without a sheet',
    () => zip({ 'xl/workbook.xml': '<workbook/>', 'xl/_rels/workbook.xml.rels': '<Relationships/>' }),
    400,
    /no visible sheet/,
  ],
  ['a workbook without rows', () => workbook({ rows: '<row/><row><c/></row>' }), 400, /empty/],
  ['a workbook that is not XML', () => workbook({ rows: '<row><c></row>' }), 400, /not XML/],
  [
    'a workbook with entities of its own',
    () => workbook({ rows: `${header}${textRow('&a;', 'a', '1')}` }),
    400,
    /not XML/,
  ],
  [
    'a workbook of a million formats',
    () => workbook({ rows: header, styles: `<cellXfs>${'<xf numFmtId="0"/>'.repeat(megabyte)}</cellXfs>` }),
    413,
    /65536 cell formats/,
  ],
  [
    'a workbook of millions of texts',
    () => workbook({ rows: header, strings: '<si/>'.repeat(2 * megabyte + 1) }),
    413,
    /too many different texts/,
  ],
  [
    'a workbook with a text that has no end',
    () => workbook({ rows: `<row><c t="str"><v>${'x'.repeat(5 * megabyte)}</v></c></row>` }),
    413,
    /Row 1 of the sheet is longer/,
  ],
  [
    'a text that many cells of a row repeat',
    () =>
      workbook({
        rows: `<row>${'<c t="s"><v>0</v></c>'.repeat(900)}</row>`,
        strings: `<si><t>${'x'.repeat(10_000)}</t></si>`,
      }),
    413,
    /Row 1 of the sheet is longer/,
  ],
  [
    'a row of ten thousand cells',
    () => workbook({ rows: `${header}<row>${'<c/>'.repeat(10_000)}</row>` }),
    413,
    /Row 2 of the sheet has more than 1000 cells/,
  ],
  [
    'a cell far to the right',
    () => workbook({ rows: `<row><c r="XFD1"><v>1</v></c></row>` }),
    413,
    /more than 1000 cells/,
  ],
  [
    'an element of many attributes',
    () => workbook({ rows: `<row ${Array.from({ length: 200 }, (_, i) => `a${i}=""`).join(' ')}/>` }),
    400,
    /not XML/,
  ],
  ['elements within elements', () => workbook({ rows: '<row>'.repeat(200) }), 400, /not XML/],
])('is refused, and says why: %s', async (_, file, status, message) => {
  const answer = await importCsv(server, await file(), { onError: 'skip' });
  expect(answer).toMatchObject({ status, imported: 0, failed: 0, errors: [] });
  expect(answer.error?.message).toMatch(message);
  expect(await count()).toBe(0);
});

test('a file that should be a workbook and is none is refused', async () => {
  const answer = await importCsv(server, 'sku,name,price\nA,a,1\n', { format: 'xlsx' });
  expect(answer).toMatchObject({ status: 400, imported: 0, error: { target: 'file' } });
});
