// Workbooks read back by another implementation, and by hand where it reads less than there is.

import { inflateRawSync } from 'node:zlib';
import readXlsx from 'read-excel-file/node';
import { describe, expect, test } from 'vitest';
import type { Column, ColumnKind } from '../../src/formats/columns.ts';
import { columnLetters } from '../../src/formats/xlsx/cells.ts';
import { workbook } from '../../src/formats/xlsx/workbook.ts';
import type { Cell } from '../../src/query/plan/cells.ts';

const columnsOf = (...kinds: ColumnKind[]): Column[] =>
  kinds.map((kind, cell) => ({ name: `c${cell}`, path: [`c${cell}`], kind, cell }));

async function* inPages(rows: readonly Cell[][], size: number): AsyncGenerator<readonly Cell[][]> {
  for (let at = 0; at < rows.length; at += size) yield rows.slice(at, at + size);
}

async function fileOf(
  columns: readonly Column[],
  rows: readonly Cell[][],
  rowsMax?: number,
): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of workbook({ name: 'things', columns, rowsMax }, inPages(rows, 3)))
    chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** The parts of a ZIP file, by its central directory. */
function partsOf(file: Buffer): Map<string, string> {
  const parts = new Map<string, string>();
  let at = file.readUInt32LE(file.lastIndexOf('PK\u0005\u0006') + 16);
  while (file.readUInt32LE(at) === 0x02014b50) {
    const [size, names, extra, comment] = [20, 28, 30, 32].map((offset, i) =>
      i === 0 ? file.readUInt32LE(at + offset) : file.readUInt16LE(at + offset),
    ) as [number, number, number, number];
    const local = file.readUInt32LE(at + 42);
    const name = file.toString('utf8', at + 46, at + 46 + names);
    const start = local + 30 + file.readUInt16LE(local + 26) + file.readUInt16LE(local + 28);
    parts.set(name, inflateRawSync(file.subarray(start, start + size)).toString());
    at += 46 + names + extra + comment;
  }
  return parts;
}

interface Sheet {
  readonly sheet: string;
  readonly data: readonly unknown[][];
}

const sheetsOf = (file: Buffer) => readXlsx(file, { trim: false } as never) as unknown as Promise<Sheet[]>;
const read = async (file: Buffer) => (await sheetsOf(file))[0]!.data;

const drain = async (chunks: AsyncGenerator<unknown>) => {
  for await (const _ of chunks);
};

describe('a workbook', () => {
  test('has numbers as numbers, dates as dates and truth values as such', async () => {
    const columns = columnsOf('String', 'Int', 'Decimal', 'Float', 'Boolean', 'Date', 'DateTime');
    const row = ['a', '-7', '1234.50', '1e-07', 'true', '2026-02-28', '2026-01-31T12:30:00.250Z'];
    const [header, values] = await read(await fileOf(columns, [row]));
    expect(header).toEqual(['c0', 'c1', 'c2', 'c3', 'c4', 'c5', 'c6']);
    expect(values).toEqual([
      'a',
      -7,
      1234.5,
      1e-7,
      true,
      new Date('2026-02-28T00:00:00Z'),
      new Date('2026-01-31T12:30:00.250Z'),
    ]);
  });

  test('has as text what a number or a date of a spreadsheet would lose', async () => {
    const columns = columnsOf('BigInt', 'Decimal', 'Float', 'Float', 'Date', 'DateTime', 'Time');
    const row = [
      '9223372036854775807',
      '0.1234567890123456',
      'NaN',
      '5e-324',
      '1899-12-31',
      '2026-01-31T12:30:00.250001Z',
      '08:30:00.000001',
    ];
    const [, values] = await read(await fileOf(columns, [row]));
    expect(values).toEqual(row);
  });

  test('keeps every character of a text, and no formula', async () => {
    const texts = ['=1+1', "'", ' blank ', 'a\r\nb\tc', '<b>&"', '_x000D_', 'bell\u0007', '😀', '', '00123'];
    const file = await fileOf(columnsOf(...texts.map(() => 'String' as const)), [texts]);
    const xml = partsOf(file).get('xl/worksheets/sheet1.xml')!;
    const shown = [...xml.matchAll(/<c r="[A-Z]+2"[^>]*><is><t[^>]*>([^<]*)<\/t>/g)].map(([, text]) => text!);
    const decoded = shown.map(text =>
      text
        .replaceAll('&lt;', '<')
        .replaceAll('&gt;', '>')
        .replaceAll('&amp;', '&')
        .replaceAll(/_x([0-9A-F]{4})_/g, (_, code) => String.fromCharCode(Number.parseInt(code, 16))),
    );
    expect(decoded).toEqual(texts);
    expect(xml).not.toContain('<f>');
    // What only looks like a formula is marked, so that editing the cell does not make it one.
    expect(xml).toContain('<c r="A2" s="6" t="inlineStr">');
  });

  test('has no cell where there is no value, and an empty one for an empty text', async () => {
    const file = await fileOf(columnsOf('String', 'Int', 'String'), [['', null, null]]);
    expect(partsOf(file).get('xl/worksheets/sheet1.xml')).toContain(
      '<row r="2"><c r="A2" t="inlineStr"><is><t></t></is></c></row>',
    );
  });

  test('keeps its header in view, and columns as wide as what they hold', async () => {
    const xml = partsOf(await fileOf(columnsOf('String', 'String'), [['x'.repeat(30), 'y'.repeat(300)]])).get(
      'xl/worksheets/sheet1.xml',
    )!;
    expect(xml).toContain('<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>');
    expect(xml).toContain('<col min="1" max="1" width="32" customWidth="1"/><col min="2" max="2" width="60"');
  });

  test('goes on in another sheet when one is full', async () => {
    const rows = Array.from({ length: 10 }, (_, index) => [String(index)]);
    const file = await fileOf(columnsOf('Int'), rows, 5);
    expect(await sheetsOf(file)).toEqual([
      { sheet: 'things', data: [['c0'], [0], [1], [2], [3]] },
      { sheet: 'things 2', data: [['c0'], [4], [5], [6], [7]] },
      { sheet: 'things 3', data: [['c0'], [8], [9]] },
    ]);
  });

  test('of exactly one full sheet has no empty second one, and of nothing has a header', async () => {
    const rows = Array.from({ length: 4 }, (_, index) => [String(index)]);
    expect((await sheetsOf(await fileOf(columnsOf('Int'), rows, 5))).map(({ sheet }) => sheet)).toEqual([
      'things',
    ]);
    expect(await read(await fileOf(columnsOf('Int'), []))).toEqual([['c0']]);
  });

  test('fails with its rows, and closes them', async () => {
    let closed = false;
    async function* failing(): AsyncGenerator<readonly Cell[][]> {
      try {
        yield [['1']];
        throw new Error('no more rows');
      } finally {
        closed = true;
      }
    }
    const chunks = workbook({ name: 'x', columns: columnsOf('Int') }, failing());
    await expect(drain(chunks)).rejects.toThrow('no more rows');
    expect(closed).toBe(true);
  });

  test('refuses a text that no cell can hold', async () => {
    await expect(fileOf(columnsOf('String'), [['x'.repeat(32_768)]])).rejects.toThrow(
      /"c0" in cell A2 is longer/,
    );
    await fileOf(columnsOf('String'), [['x'.repeat(32_767)]]);
  });
});

test('columns are counted in letters', () => {
  expect([0, 25, 26, 51, 701, 702, 16_383].map(columnLetters)).toEqual([
    'A',
    'Z',
    'AA',
    'AZ',
    'ZZ',
    'AAA',
    'XFD',
  ]);
});
