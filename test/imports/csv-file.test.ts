import { deflateRawSync } from 'node:zlib';
import { beforeEach, describe, expect, test } from 'vitest';
import { serverForFile } from '../harness.ts';
import { type FileContent, importCsv, rowsOf } from './import-csv.ts';

const server = serverForFile();
beforeEach(async () => {
  await server.database.query('TRUNCATE "Product" RESTART IDENTITY CASCADE');
});

const names = async () =>
  (await rowsOf<{ name: string }>(server, 'SELECT name FROM "Product" ORDER BY sku')).map(row => row.name);

const utf16 = (text: string, bigEndian = false): FileContent => {
  const bytes = Buffer.from(`\ufeff${text}`, 'utf16le');
  return new Uint8Array(bigEndian ? bytes.swap16() : bytes);
};

describe('accepts', () => {
  test.each<[string, FileContent]>([
    ['a byte order mark', '\ufeffsku,name,price\nA,Lämp,1\n'],
    ['semicolons', 'sku;name;price\nA;Lämp;1\n'],
    ['tabs', 'sku\tname\tprice\nA\tLämp\t1\n'],
    ['pipes', 'sku|name|price\nA|Lämp|1\n'],
    ['line ends of Windows', 'sku,name,price\r\nA,Lämp,1\r\n'],
    ['line ends of old Macs', 'sku,name,price\rA,Lämp,1\r'],
    ['mixed line ends', 'sku,name,price\nA,Lämp,1\r\n'],
    ['no line end after the last row', 'sku,name,price\nA,Lämp,1'],
    ['every cell in quotation marks', '"sku","name","price"\r\n"A","Lämp","1"\r\n'],
    ['delimiters within quoted names of columns', '"sku";"name";"price"\n"A";"Lämp";"1"\n'],
    ['the line by which files tell Excel their delimiter', 'sep=;\r\nsku;name;price\r\nA;Lämp;1\r\n'],
    ['empty columns at the end', 'sku,name,price,,\nA,Lämp,1,,\n'],
    ['blank lines', '\n\nsku,name,price\n\nA,Lämp,1\n\n'],
    ['UTF-16, little end first', utf16('sku\tname\tprice\r\nA\tLämp\t1\r\n')],
    ['UTF-16, big end first', utf16('sku,name,price\nA,Lämp,1\n', true)],
  ])('%s', async (_, content) => {
    expect(await importCsv(server, content)).toMatchObject({ status: 200, imported: 1 });
    expect(await names()).toEqual(['Lämp']);
  });

  test('line ends within quotation marks', async () => {
    await importCsv(server, 'sku,name,price\nA,"two\nlines",1\nB,"and\r\nmore",1\n');
    expect(await names()).toEqual(['two\nlines', 'and\r\nmore']);
  });

  test('characters that the end of a chunk cuts in two', async () => {
    const lines = Array.from(
      { length: 4000 },
      (_, i) => `S${String(i).padStart(5, '0')},${'€😀ä'.repeat(1 + (i % 7))},1`,
    );
    expect(await importCsv(server, `sku,name,price\n${lines.join('\n')}`)).toMatchObject({ imported: 4000 });
    expect(await names()).toEqual(lines.map(line => line.split(',')[1]));
  });

  test('uses the given delimiter', async () => {
    for (const delimiter of ['pipe', '|']) {
      expect(await importCsv(server, 'sku|name|price\nA|a,b,c;d|1\n', { delimiter })).toMatchObject({
        imported: 1,
      });
    }
    expect(await names()).toEqual(['a,b,c;d']);
  });
});

describe('refuses, and says why:', () => {
  const xlsx = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), deflateRawSync('workbook')]);

  test.each<[string, FileContent, number, string, RegExp]>([
    ['an empty file', '', 400, 'MALFORMED_REQUEST', /empty/],
    ['a file of blank lines', '\n\n \n', 400, 'MALFORMED_REQUEST', /empty/],
    ['a workbook', new Uint8Array(xlsx), 415, 'UNSUPPORTED_MEDIA_TYPE', /Excel workbook/],
    ['what is no text', 'a\0b\0c\0', 415, 'UNSUPPORTED_MEDIA_TYPE', /not text/],
    [
      'UTF-8 that is damaged',
      new Uint8Array(Buffer.from('sku,name,price\nA,L\xc3\xa4mp,1\nB,L\xe4mp,1\n', 'latin1')),
      400,
      'MALFORMED_REQUEST',
      /^Line 3 of the file is not UTF-8\.$/,
    ],
    [
      'UTF-8 that is damaged, with the line ends of old Macs',
      new Uint8Array(Buffer.from('sku,name,price\rA,L\xc3\xa4mp,1\rB,L\xe4mp,1\r', 'latin1')),
      400,
      'MALFORMED_REQUEST',
      /^Line 3 of the file is not UTF-8\.$/,
    ],
    [
      'bytes of no encoding, far behind its beginning, with the line ends of Windows',
      new Uint8Array(
        Buffer.from(`sku,name,price\r\n${'A,Lamp,1\r\n'.repeat(20_000)}B,L\x81mp,1\r\n`, 'latin1'),
      ),
      400,
      'MALFORMED_REQUEST',
      /^Line 20002 of the file is not UTF-8\.$/,
    ],
    [
      'half of a character at the end',
      new Uint8Array([...Buffer.from('sku,name,price\nA,Lamp,1\nB,'), 0xe2, 0x82]),
      400,
      'MALFORMED_REQUEST',
      /^Line 3 /,
    ],
    [
      'a quotation mark that is not closed',
      'sku,name,price\nA,Lamp,1\nB,"Lamp,1\nC,D,1\n',
      400,
      'MALFORMED_REQUEST',
      /line 3 .*not closed/,
    ],
    [
      'a quotation mark within a cell',
      'sku,name,price\nA,7" tablet,1\n',
      400,
      'MALFORMED_REQUEST',
      /line 2 .*within a cell/,
    ],
    [
      'something after a closing quotation mark',
      'sku,name,price\nA,"Lamp"x,1\n',
      400,
      'MALFORMED_REQUEST',
      /line 2 .*closes/,
    ],
    ['too many columns', `${'a,'.repeat(2000)}b\n`, 413, 'TOO_LARGE', /1000 columns/],
    ['a row without an end', `sku,name,price\nA,"${'x'.repeat(5_000_000)}`, 413, 'TOO_LARGE', /line 2 /],
  ])('%s', async (_, content, status, code, message) => {
    const answer = await importCsv(server, content, { onError: 'skip' });
    expect(answer).toMatchObject({ status, imported: 0, failed: 0, errors: [], error: { code } });
    expect(answer.error?.message).toMatch(message);
    expect(await names()).toEqual([]);
  });

  test('text with NUL, as a fault of its row', async () => {
    const answer = await importCsv(server, 'sku,name,price\nA,La\0mp,1\n');
    expect(answer).toMatchObject({
      status: 422,
      failed: 1,
      errors: [{ row: 2, column: 'name', code: 'INVALID_VALUE' }],
    });
  });

  test('a file that turns bad far behind its beginning, with nothing of it imported', async () => {
    const lines = Array.from({ length: 20_000 }, (_, i) => `S${i},Lamp,1`);
    const bytes = Buffer.concat([
      Buffer.from(`sku,name,price\n${lines.join('\n')}\n`),
      Buffer.from([0x90, 0x0a]),
    ]);
    const answer = await importCsv(server, new Uint8Array(bytes), { onError: 'skip' });
    expect(answer).toMatchObject({ status: 400, imported: 0 });
    expect(answer.error?.message).toBe('Line 20002 of the file is not UTF-8.');
    expect(await names()).toEqual([]);
  });
});

describe('the header', () => {
  test('reports all errors at once', async () => {
    const answer = await importCsv(server, 'sku,name,nmae,prise,Category,sheet,margin,NAME,id,,stock\n');
    expect(answer).toMatchObject({ status: 400, imported: 0, error: { code: 'UNKNOWN_FIELD' } });
    expect(answer.error?.details).toEqual([
      { column: 'nmae', message: 'products has no field "nmae".', hint: 'Did you mean "name"?' },
      { column: 'prise', message: 'products has no field "prise".', hint: 'Did you mean "price"?' },
      {
        column: 'Category',
        message: '"Category" is a relation of products.',
        hint: 'Give categoryId instead.',
      },
      { column: 'sheet', message: '"sheet" is a relation of products.', hint: 'Leave the column out.' },
      { column: 'margin', message: '"margin" is computed.', hint: 'Leave the column out.' },
      { column: 'NAME', message: '"NAME" and "name" are the same field, name.' },
      { column: 'id', message: '"id" is set by the server.', hint: 'Leave the column out.' },
      { column: '', message: 'Column 10 has no name.' },
      {
        column: 'price',
        message: 'The column "price" is missing: new rows need it.',
        hint: 'To change rows that exist, and no others, send mode=update.',
      },
    ]);
  });

  test.each([
    [
      'without the natural key',
      'name,price\n',
      'upsert',
      'The column "sku" is missing: rows of products are known by it.',
    ],
    [
      'with a column twice',
      'sku,name,price,Price\n',
      'upsert',
      '"Price" and "price" are the same field, price.',
    ],
    [
      'with a column that the server sets',
      'sku,updatedAt,name,price\n',
      'upsert',
      '"updatedAt" is set by the server.',
    ],
    [
      'with nothing to update',
      'sku\n',
      'update',
      'Besides sku the file has no column that could be updated.',
    ],
  ])('is refused %s', async (_, content, mode, message) => {
    expect(await importCsv(server, content, { mode })).toMatchObject({ status: 400, error: { message } });
  });
});
