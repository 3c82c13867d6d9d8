// Files other than CSV in UTF-8: each is recognized by its content, and its answer says what it was.

import { gzipSync } from 'node:zlib';
import { beforeEach, describe, expect, test } from 'vitest';
import { serverForFile } from '../harness.ts';
import { columns, type FileContent, importCsv, rowsOf, send } from './import-csv.ts';

const server = serverForFile();
beforeEach(async () => {
  await server.database.query('TRUNCATE "Product", "DataSheet" RESTART IDENTITY CASCADE');
});

const names = async () =>
  (await rowsOf<{ name: string }>(server, 'SELECT name FROM "Product" ORDER BY sku')).map(row => row.name);
const bytes = (buffer: Buffer): FileContent => new Uint8Array(buffer);
const latin = (text: string): FileContent => bytes(Buffer.from(text, 'latin1'));
const lamp = [{ sku: 'A', name: 'Lämp', price: 1 }];

describe('recognizes by their content', () => {
  test.each<[string, FileContent, object]>([
    ['TSV', 'sku\tname\tprice\nA\tLämp\t1\n', { format: 'tsv', encoding: 'utf-8', delimiter: '\t' }],
    ['a list of JSON', JSON.stringify(lamp), { format: 'json', encoding: 'utf-8' }],
    ['a list on many lines', `\ufeff${JSON.stringify(lamp, null, 2)}\n`, { format: 'json' }],
    ['objects one a line', `${JSON.stringify(lamp[0])}\n`, { format: 'ndjson', encoding: 'utf-8' }],
    ['JSON in gzip', bytes(gzipSync(JSON.stringify(lamp))), { format: 'json' }],
    ['Windows-1252', latin('sku;name;price\r\nA;L\xe4mp;1'), { encoding: 'windows-1252', delimiter: ';' }],
    ['Windows-1252 that ends with such a letter', latin('price;sku;name\n1;A;L\xe4mp\n'), {}],
    [
      'UTF-16 without a mark',
      bytes(Buffer.from('sku,name,price\nA,Lämp,1\n', 'utf16le')),
      { encoding: 'utf-16le' },
    ],
    [
      'UTF-16, big end first, without a mark',
      bytes(Buffer.from('sku,name,price\nA,Lämp,1\n', 'utf16le').swap16()),
      { encoding: 'utf-16be' },
    ],
    ['JSON in UTF-16', bytes(Buffer.from(`\ufeff${JSON.stringify(lamp)}`, 'utf16le')), { format: 'json' }],
  ])('%s', async (_, content, file) => {
    expect(await importCsv(server, content)).toMatchObject({ status: 200, imported: 1, file });
    expect(await names()).toEqual(['Lämp']);
  });

  test('a body without a form, by its content as well', async () => {
    const headers = { 'content-type': 'application/json' };
    const init = { method: 'POST', key: server.adminKey, headers, body: JSON.stringify(lamp) };
    expect(await send(server, init, '?entity=products')).toMatchObject({ imported: 1 });
  });
});

describe('options', () => {
  test('name the encoding, the format and the columns of a file without a header', async () => {
    const file = latin('\xc4,\xc3\x84,1\n');
    const answer = await importCsv(server, file, {
      ...{ encoding: 'windows-1252', format: 'csv', hasHeader: 'false', columns: 'sku,name,price' },
    });
    expect(answer).toMatchObject({ imported: 1, file: { encoding: 'windows-1252' } });
    expect(await names()).toEqual(['Ã„']);
  });

  test.each([
    [{ format: 'jsom' }, 'format'],
    [{ encoding: 'latin-9' }, 'encoding'],
    [{ hasHeader: 'false' }, 'columns'],
    [{ columns: 'sku' }, 'columns'],
  ])('that are wrong are named: %j', async (options, target) => {
    const answer = await importCsv(server, 'sku,name,price\nA,a,1\n', options as Record<string, string>);
    expect(answer).toMatchObject({ status: 400, imported: 0, error: { target } });
  });
});

describe('JSON', () => {
  test('keeps every digit, and null, lists and nested values as they are', async () => {
    const file = `[
      {"sku": "A", "name": "", "price": 9999999999.99, "tags": ["a|b", " c "], "attributes": {"n": 1.50}, "weight": 1e-3},
      {"sku": "B", "name": "B", "price": 1.2e1, "tags": [], "attributes": "red", "weight": null},
      {"sku": 4006381333931, "name": true, "price": "3.5", "tags": ["x"], "attributes": null, "weight": 2}
    ]`;
    expect(await importCsv(server, file)).toMatchObject({ status: 200, imported: 3, errors: [] });
    const rows = await rowsOf(
      server,
      'SELECT sku, name, price::text, tags, attributes::text, weight FROM "Product" ORDER BY id',
    );
    expect(rows).toEqual(
      [
        ...[{ sku: 'A', name: '', price: '9999999999.99', tags: ['a|b', ' c '], attributes: '{"n": 1.50}' }],
        ...[{ sku: 'B', name: 'B', price: '12.00', tags: [], attributes: '"red"', weight: null }],
        ...[{ sku: '4006381333931', name: 'true', price: '3.50', tags: ['x'], attributes: null, weight: 2 }],
      ].map((row, index) => (index === 0 ? { ...row, weight: 0.001 } : row)),
    );
  });

  test('leaves fields alone that an object does not have, and clears those that are null', async () => {
    await importCsv(server, 'sku,name,price,stock,barcode\nA,a,1,5,x\nB,b,2,6,y\n');
    const file =
      '{"sku":"A","name":"a2","price":1,"barcode":null}\n{"sku":"B","name":"b2","price":3,"stock":7}\n';
    expect(await importCsv(server, file)).toMatchObject({ updated: 2 });
    expect(
      await rowsOf(server, 'SELECT sku, name, price, stock, barcode FROM "Product" ORDER BY sku'),
    ).toEqual([
      { sku: 'A', name: 'a2', price: 1, stock: 5, barcode: null },
      { sku: 'B', name: 'b2', price: 3, stock: 7, barcode: 'y' },
    ]);
  });

  test('has errors with the number of the object and its line', async () => {
    const file =
      '[{"sku":"A","name":"a","price":1},\n{"sku":"B","price":[2],"name":{"de":"b"}},\n{"sku":""}]';
    const answer = await importCsv(server, file);
    expect(columns(answer.errors)).toEqual([
      [2, 'name', 'INVALID_VALUE'],
      [2, 'price', 'INVALID_VALUE'],
      [3, 'sku', 'REQUIRED'],
      [3, 'name', 'REQUIRED'],
      [3, 'price', 'REQUIRED'],
    ]);
    expect(answer.errors[1]).toMatchObject({ line: 2, value: '[2]' });
  });

  test.each<[string, string, number, RegExp]>([
    ['a list that is not closed', '[{"sku":"A"}', 400, /the list is not closed/],
    ['an object that is not closed', '[{"sku":"A"', 400, /line 1: the file ends within an object/],
    ['a comma too many', '[{"sku":"A"},]', 400, /line 1: an object, "\{", was expected/],
    ['a comma that is missing', '[{"sku":"A"}\n{"sku":"B"}]', 400, /line 2: a comma/],
    ['something after the list', '[{"sku":"A"}]\nx', 400, /line 2: the end of the file was expected/],
    ['a list within', '[{"sku":"A"},\n[1]]', 400, /line 2: an object/],
    ['a word that is not JSON', '{"sku":A}\n', 400, /line 1 is not valid/],
    ['an empty list', '[]', 400, /empty/],
    ['objects without keys', '[{},{}]', 400, /empty/],
    ['many levels', `[{"sku":${'['.repeat(100_000)}`, 413, /more than 100 lists and objects/],
    ['a value of many megabytes', `[{"sku":"${'x'.repeat(5_000_000)}"}]`, 413, /longer than 4194304 bytes/],
    [
      'many keys',
      JSON.stringify([Object.fromEntries(Array.from({ length: 2_000 }, (_, i) => [`k${i}`, 1]))]),
      413,
      /1000 keys/,
    ],
  ])('that is wrong is refused with its line: %s', async (_, content, status, message) => {
    const answer = await importCsv(server, content, { onError: 'skip' });
    expect(answer).toMatchObject({ status, imported: 0, failed: 0, error: { target: 'file' } });
    expect(answer.error?.message).toMatch(message);
    expect(await names()).toEqual([]);
  });
});
