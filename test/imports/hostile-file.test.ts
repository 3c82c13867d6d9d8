// Files that are made to take memory or time, and not to be imported.

import { monitorEventLoopDelay } from 'node:perf_hooks';
import { beforeEach, describe, expect, test } from 'vitest';
import { serverForFile } from '../harness.ts';
import { importCsv, rowsOf, send } from './import-csv.ts';

const server = serverForFile();
beforeEach(async () => {
  await server.database.query('TRUNCATE "Product" RESTART IDENTITY CASCADE');
});

const megabyte = 1_000_000;

/** Sent as it is read, so that the client's side holds none of it. */
function repeated(beginning: string, piece: string, bytes: number): ReadableStream<Uint8Array> {
  const block = Buffer.from(piece.repeat(Math.ceil(65_536 / piece.length)));
  let left = bytes;
  return new ReadableStream({
    start: controller => controller.enqueue(Buffer.from(beginning)),
    pull(controller) {
      controller.enqueue(block);
      left -= block.length;
      if (left <= 0) controller.close();
    },
  });
}

const post = (body: ReadableStream<Uint8Array>) =>
  send(
    server,
    {
      method: 'POST',
      key: server.adminKey,
      headers: { 'content-type': 'text/csv' },
      ...{ body, duplex: 'half' },
    } as RequestInit,
    '?entity=products&onError=skip',
  );

describe('a row of millions of cells', () => {
  test.each([
    [
      'a row of empty cells',
      'sku,name,price\n',
      ',',
      /^The row that begins on line 2 has more than 1000 cells\.$/,
    ],
    [
      'a row of quoted empty cells',
      'sku,name,price\nA,a,1\n',
      '"",',
      /^The row that begins on line 3 has more/,
    ],
    ['a row of short cells', 'sku,name,price\n"A\nB",a,1\n', 'a,', /^The row that begins on line 4 has more/],
    ['a header of empty names', '', ',', /^The file has more than 1000 columns\.$/],
    ['a header of short names', '\n\n', 'a,', /^The file has more than 1000 columns\.$/],
  ])('is refused with its line, while it is read: %s', async (_, beginning, piece, message) => {
    const before = process.memoryUsage();
    const answer = await post(repeated(beginning, piece, 20 * megabyte));
    const after = process.memoryUsage();
    expect(answer).toMatchObject({ status: 413, imported: 0, error: { code: 'TOO_LARGE', target: 'file' } });
    expect(answer.error?.message).toMatch(message);
    // Ten million cells take 80 MB and more; what was read before the row was refused takes half a megabyte.
    expect(after.heapUsed + after.external - before.heapUsed - before.external).toBeLessThan(60 * megabyte);
  });

  test('may have as many cells as a file may have columns, and is then a fault of its row', async () => {
    const answer = await importCsv(server, `sku,name,price\nA,a,1${',x'.repeat(997)}\nB,b,1\n`, {
      onError: 'skip',
    });
    expect(answer).toMatchObject({
      ...{ status: 200, imported: 1, failed: 1 },
      errors: [{ row: 2, line: 2, code: 'WRONG_CELL_COUNT' }],
    });
    expect(answer.errors[0]?.message).toMatch(/^The row has 1000 cells, the header 3\./);
  });
});

test('a quoted cell of many megabytes is refused with its line', async () => {
  const answer = await post(repeated('sku,name,price\nA,"', '""x', 20 * megabyte));
  expect(answer).toMatchObject({ status: 413, imported: 0, error: { code: 'TOO_LARGE' } });
  expect(answer.error?.message).toMatch(/^The row that begins on line 2 is longer than 4194304 bytes\.$/);
});

/** Longer than any of these takes, and far shorter than what each took in time that grew with a square. */
const stalledMs = 20_000;

test.each<[string, string, string]>([
  [
    'a number with zeros before its last digit',
    `sku,name,price\nA,a,0.${'0'.repeat(400_000)}1\n`,
    'OUT_OF_RANGE',
  ],
  ['a number with zeros at its end', `sku,name,price\nA,a,1.5${'0'.repeat(400_000)}\n`, 'OUT_OF_RANGE'],
  ['a list of many elements', `sku,name,price,tags\nA,a,1,${'x|'.repeat(1_000_000)}x\n`, 'OUT_OF_RANGE'],
  [
    'JSON of many levels',
    `sku,name,price,attributes\nA,a,1,"${'['.repeat(200_000)}""\\u00e9""${']'.repeat(200_000)}"\n`,
    'OUT_OF_RANGE',
  ],
  ['a text of many lines', `sku,name,price\nA,"${'\n'.repeat(2 * megabyte)}",1\n`, 'TOO_LONG'],
])('a cell that takes time is a fault of its row, and keeps nobody waiting: %s', async (_, file, code) => {
  const delay = monitorEventLoopDelay();
  delay.enable();
  const answer = await importCsv(server, file);
  delay.disable();
  expect(answer).toMatchObject({ status: 422, failed: 1, errors: [{ row: 2, line: 2, code }] });
  expect(delay.max / megabyte).toBeLessThan(stalledMs);
});

test('a million blank lines are passed over, and lines behind them keep their numbers', async () => {
  const file = `sku,name,price\n${'\n'.repeat(megabyte)}A,a,x\n`;
  const answer = await importCsv(server, file);
  const line = megabyte + 2;
  expect(answer).toMatchObject({ status: 422, failed: 1, errors: [{ row: line, line, column: 'price' }] });
});

describe('control characters', () => {
  test.each([
    ['a tab', 'A\tB', 'U+0009'],
    ['a line end', '"A\n"', 'U+000A'],
    ['an escape', '\u001b[31mA', 'U+001B'],
    ['a delete', 'A\u007f', 'U+007F'],
    ['one of the second block', 'A\u0085', 'U+0085'],
  ])('in a key are a fault that names the row: %s', async (_, key, name) => {
    const answer = await importCsv(server, `sku,name,price\nGOOD,a,1\n${key},b,1\n`);
    expect(answer).toMatchObject({
      ...{ status: 422, imported: 0, failed: 1 },
      errors: [{ row: 3, line: 3, column: 'sku', code: 'INVALID_VALUE' }],
    });
    expect(answer.errors[0]?.message).toContain(name);
  });

  test('elsewhere are text like any other', async () => {
    expect(await importCsv(server, 'sku,name,price\nA,"two\n\tlines",1\n')).toMatchObject({ imported: 1 });
    expect(await rowsOf(server, 'SELECT name FROM "Product"')).toEqual([{ name: 'two\n\tlines' }]);
  });
});
