// Imports in the background survive the end of their process.

import { setTimeout as sleep } from 'node:timers/promises';
import { expect, inject, test, vi } from 'vitest';
import { openTestDatabase } from '../harness.ts';
import { startProcess } from '../http/server-process.ts';

/** Shown at the first start. */
const keyForm = /pk_[\w-]+/;
const rows = 60_000;

const csv = (name: string): string =>
  `sku,name,price\n${Array.from({ length: rows }, (_, at) => `${name}-${at},Name ${at},${at}.25`).join('\n')}\n`;

const environment = (env: Readonly<Record<string, string | undefined>>): Record<string, string> => ({
  ...Object.fromEntries(
    Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined),
  ),
  DEMO_DATA: 'false',
  LOG_LEVEL: 'warn',
  RATE_LIMIT: '0',
  ADMIN_EMAIL: 'admin@example.com',
  SAFESTORE_PEPPERS: `1:${Buffer.alloc(32, 7).toString('base64')}`,
});

interface View {
  readonly state: string;
  readonly rows: number;
  readonly imported: number;
  readonly inserted: number;
}

test.each(['skip', 'refuse'])(
  'an import that is killed twice in the middle ends with every row once (onError=%s)',
  async onError => {
    const opened = await openTestDatabase();
    await opened.pause();
    const env = environment(opened.env);
    let server = startProcess(env);
    try {
      let address = await server.ready;
      const key = keyForm.exec(server.written().out)![0];
      const headers = { 'x-api-key': key };
      const form = new FormData();
      form.append('file', new Blob([csv(onError)]), 'many.csv');
      for (const [name, value] of [
        ['entity', 'products'],
        ['async', 'true'],
        ['onError', onError],
      ] as const)
        form.append(name, value);
      const accepted = await untilAnswered(() =>
        fetch(new URL('/api/import', address), { method: 'POST', headers, body: form }),
      );
      expect(accepted.status).toBe(202);
      const path = accepted.headers.get('location')!;
      const look = async (): Promise<View> => {
        const response = await untilAnswered(() => fetch(new URL(path, address), { headers }));
        return (await response.json()) as View;
      };
      for (let kill = 0, before = 0; kill < 2; kill++) {
        await vi.waitUntil(
          async () => {
            const { state, rows: read } = await look();
            return state !== 'queued' && (onError === 'refuse' || read > before);
          },
          { timeout: 120_000, interval: 20 },
        );
        before = (await look()).rows;
        server.child.kill('SIGKILL');
        await server.ended;
        server = startProcess(env);
        address = await server.ready;
      }
      await vi.waitUntil(async () => (await look()).state === 'done', { timeout: 240_000, interval: 250 });
      expect(await look()).toMatchObject({ rows, imported: rows, inserted: rows });
    } finally {
      server.child.kill('SIGKILL');
      await server.ended;
    }
    const database = await opened.resume();
    const { rows: counted } = await database.query(
      `select count(*), count(distinct sku) from "Product" where sku like $1`,
      [`${onError}-%`],
    );
    expect(counted).toEqual([[String(rows), String(rows)]]);
    const left = await database.query('select count(*) from portolan.import_chunk');
    expect(left.rows[0]![0]).toBe('0');
    await opened.close();
  },
  600_000,
);

/** Background jobs begin shortly after the first answers. */
async function untilAnswered(ask: () => Promise<Response>): Promise<Response> {
  for (;;) {
    const response = await ask();
    if (response.status !== 503) return response;
    await sleep(200);
  }
}

test.runIf(inject('templates').kind === 'postgresql')(
  'another instance goes on with the import of one that was killed',
  async () => {
    const opened = await openTestDatabase();
    await opened.pause();
    const env = environment(opened.env);
    const first = startProcess(env);
    await first.ready;
    const key = keyForm.exec(first.written().out)![0];
    const second = startProcess(env);
    try {
      const [one, other] = [await first.ready, await second.ready];
      const headers = { 'x-api-key': key, 'content-type': 'text/csv' };
      const url = '/api/import?entity=products&async=true&onError=skip';
      const accepted = await untilAnswered(() =>
        fetch(new URL(url, one), { method: 'POST', headers, body: csv('moved') }),
      );
      const path = accepted.headers.get('location')!;
      const look = async () =>
        (await (await untilAnswered(() => fetch(new URL(path, other), { headers }))).json()) as View;
      await vi.waitUntil(async () => (await look()).rows > 0, { timeout: 120_000, interval: 20 });
      first.child.kill('SIGKILL');
      await vi.waitUntil(async () => (await look()).state === 'done', { timeout: 240_000, interval: 250 });
      expect(await look()).toMatchObject({ rows, imported: rows, inserted: rows });
    } finally {
      for (const { child, ended } of [first, second]) {
        child.kill('SIGKILL');
        await ended;
      }
    }
    await opened.resume();
    await opened.close();
  },
  600_000,
);
