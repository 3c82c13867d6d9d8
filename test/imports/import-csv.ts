// A file as clients send it: a form with the file first, or as the test says.

import type { FileFacts } from '../../src/imports/read/source/row-source.ts';
import type { RowFault } from '../../src/imports/rows/fault-list.ts';
import type { TestServer } from '../harness.ts';

export interface ImportAnswer {
  readonly status: number;
  readonly imported: number;
  readonly inserted: number;
  readonly updated: number;
  readonly failed: number;
  readonly errors: readonly RowFault[];
  readonly errorsTruncated?: boolean;
  readonly file?: FileFacts;
  readonly error?: {
    readonly code: string;
    readonly message: string;
    readonly hint?: string;
    readonly target?: string;
    readonly details?: readonly {
      readonly column: string;
      readonly message: string;
      readonly hint?: string;
    }[];
  };
}

export type FileContent = string | Uint8Array<ArrayBuffer>;

/** @param options parts of the form; `key` is the credential, by default one that may do everything */
export async function importCsv(
  server: TestServer,
  content: FileContent,
  { key = server.adminKey, ...options }: Record<string, string> = {},
): Promise<ImportAnswer> {
  const form = new FormData();
  form.append('file', new Blob([content]), 'some.csv');
  for (const [name, value] of Object.entries({ entity: 'products', ...options })) form.append(name, value);
  return send(server, { method: 'POST', key, body: form });
}

export async function send(
  server: TestServer,
  init: Parameters<TestServer['fetch']>[1],
  query = '',
): Promise<ImportAnswer> {
  const response = await server.fetch(`/api/import${query}`, init);
  return { status: response.status, ...((await response.json()) as Omit<ImportAnswer, 'status'>) };
}

/** @returns rows as objects, by a statement that selects one JSON column */
export async function rowsOf<T = Record<string, unknown>>(
  server: TestServer,
  statement: string,
): Promise<T[]> {
  const { rows } = await server.database.query(`SELECT to_json(x)::text FROM (${statement}) AS x`);
  return rows.map(([text]) => JSON.parse(text!) as T);
}

export const columns = (faults: readonly RowFault[]) =>
  faults.map(({ row, column, code }) => [row, column, code]);
