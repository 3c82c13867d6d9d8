// An export as clients request it, and its file read again.

import readXlsx from 'read-excel-file/node';
import type { TestRequest, TestServer } from '../harness.ts';

interface Exported {
  readonly status: number;
  readonly headers: Headers;
  readonly bytes: Buffer;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: the shape is the export's
  readonly body?: any;
}

export type Exporting = (
  set: string,
  options?: Readonly<Record<string, string>>,
  init?: TestRequest,
) => Promise<Exported>;

/** @param key of the credential; by default one that may do everything */
export const exporting =
  (server: TestServer, key?: string): Exporting =>
  async (set, options = {}, init = {}) => {
    const query = new URLSearchParams(options).toString();
    const response = await server.fetch(`/api/export/${set}${query && `?${query}`}`, {
      key: key ?? server.adminKey,
      ...init,
    });
    const bytes = Buffer.from(await response.arrayBuffer());
    const text = bytes.toString();
    const isJson =
      !response.headers.has('content-encoding') &&
      /\bjson\b/.test(response.headers.get('content-type') ?? '');
    return {
      status: response.status,
      headers: response.headers,
      bytes,
      text,
      body: isJson ? JSON.parse(text) : undefined,
    };
  };

/** A reader of RFC 4180, written from its grammar. */
export function readCsv(text: string, delimiter = ','): string[][] {
  const rows: string[][] = [];
  const plainCell = new RegExp(`[^"\\r\\n${delimiter}]*`, 'y');
  let at = 0;
  while (at < text.length) {
    const row: string[] = [];
    for (;;) {
      if (text[at] === '"') {
        let end = at + 1;
        while (text[end] !== '"' || text[end + 1] === '"') end += text[end] === '"' ? 2 : 1;
        row.push(text.slice(at + 1, end).replaceAll('""', '"'));
        at = end + 1;
      } else {
        plainCell.lastIndex = at;
        const [cell] = plainCell.exec(text)!;
        row.push(cell);
        at += cell.length;
      }
      if (text[at] !== delimiter) break;
      at++;
    }
    if (text.slice(at, at + 2) !== '\r\n')
      throw new Error(`No line end at ${at}: ${text.slice(at, at + 20)}`);
    at += 2;
    rows.push(row);
  }
  return rows;
}

export const readNdjson = (text: string): Record<string, unknown>[] =>
  text
    .split('\n')
    .filter(line => line !== '')
    .map(line => JSON.parse(line));

interface Sheet {
  readonly sheet: string;
  readonly data: readonly unknown[][];
}

/** @returns the rows of the first sheet, the header included */
export async function readWorkbook(file: Buffer): Promise<readonly unknown[][]> {
  const [first] = (await readXlsx(file, { trim: false } as never)) as unknown as Sheet[];
  return first!.data;
}
