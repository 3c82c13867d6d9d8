// Imports that are answered before they run: /api/imports.

import { Readable } from 'node:stream';
import { describe, expect, test, vi } from 'vitest';
import { currentPrincipal } from '../../src/auth/current-principal.ts';
import { readKeyPrincipal } from '../../src/auth/keys/verify.ts';
import type { Principal } from '../../src/base/principal.ts';
import { addChunks, addImport, findImport } from '../../src/imports/history/import-store.ts';
import { importJob } from '../../src/imports/run-import.ts';
import { Slots } from '../../src/imports/upload/slots.ts';
import { serverForFile } from '../harness.ts';
import { importCsv, rowsOf } from './import-csv.ts';

const server = serverForFile({ jobs: true });

interface View {
  readonly id: string;
  readonly state: string;
  readonly rows: number;
  readonly imported: number;
  readonly failed: number;
  readonly fileName: string | null;
  readonly error?: { readonly code: string; readonly message: string };
  readonly errors?: readonly { readonly row: number; readonly code: string }[];
  readonly errorsUrl?: string;
}

const get = async (path: string, key = server.adminKey) => {
  const response = await server.fetch(path, { key });
  return { status: response.status, body: (await response.json()) as View };
};

/** @returns the id of an import that was accepted */
async function start(content: string, options: Record<string, string> = {}, key = server.adminKey) {
  const form = new FormData();
  form.append('file', new Blob([content]), 'prices.csv');
  for (const [name, value] of Object.entries({ entity: 'products', async: 'true', ...options }))
    form.append(name, value);
  const response = await server.fetch('/api/import', { method: 'POST', key, body: form });
  const body = (await response.json()) as { id: string; state: string };
  expect([response.status, body.state]).toEqual([202, 'queued']);
  expect(response.headers.get('location')).toBe(`/api/imports/${body.id}`);
  return body.id;
}

async function ended(id: string, key = server.adminKey): Promise<View> {
  const look = async () => (await get(`/api/imports/${id}`, key)).body;
  await vi.waitUntil(async () => !['queued', 'running'].includes((await look()).state), {
    timeout: 60_000,
    interval: 100,
  });
  return look();
}

const csv = (name: string, rows: number) =>
  `sku,name,price\n${Array.from({ length: rows }, (_, at) => `${name}-${at},${name} ${at},${at}.50`).join('\n')}\n`;

const countOf = async (name: string) =>
  (
    await rowsOf<{ n: number }>(server, `select count(*)::int as n from "Product" where sku like '${name}-%'`)
  )[0]!.n;

test.each(['refuse', 'skip'])('a file is imported after the answer (onError=%s)', async onError => {
  const id = await start(csv(`later-${onError}`, 6_000), { onError });
  expect(await ended(id)).toMatchObject({
    state: 'done',
    rows: 6_000,
    imported: 6_000,
    failed: 0,
    fileName: 'prices.csv',
    errors: [],
  });
  expect(await countOf(`later-${onError}`)).toBe(6_000);
  const { rows } = await server.database.query(
    `select count(*) from portolan.import_chunk where "importId" = $1`,
    [id],
  );
  expect(rows[0]![0]).toBe('0');
});

test('the preference respond-async is the same as async=true', async () => {
  const response = await server.fetch('/api/import?entity=products', {
    method: 'POST',
    key: server.adminKey,
    headers: { 'content-type': 'text/csv', prefer: 'respond-async, wait=10' },
    body: csv('preferred', 2),
  });
  expect(response.status).toBe(202);
  const { id } = (await response.json()) as { id: string };
  expect(await ended(id)).toMatchObject({ state: 'done', imported: 2 });
});

test('what is wrong with the options or the header is answered at once', async () => {
  const unknown = await importCsv(server, 'sku,colour\n1,red\n', { async: 'true' });
  expect([unknown.status, unknown.error?.code]).toEqual([400, 'UNKNOWN_FIELD']);
  const option = await importCsv(server, csv('no', 1), { async: 'perhaps' });
  expect([option.status, option.error?.code]).toEqual([400, 'INVALID_VALUE']);
});

test('with onError=refuse one bad row keeps all out, and the errors are listed', async () => {
  const id = await start(`${csv('refused', 50)}refused-x,No price,cheap\n`);
  const found = await ended(id);
  expect(found).toMatchObject({ state: 'failed', imported: 0, failed: 1, error: { code: 'ROWS_REFUSED' } });
  expect(found.errors).toMatchObject([{ row: 52 }]);
  expect(await countOf('refused')).toBe(0);
});

test('rows at fault can be downloaded, fixed and sent again', async () => {
  const content = `${csv('mended', 3)}mended-x,"Two, three",cheap\nmended-y,,1.00\n`;
  const found = await ended(await start(content, { onError: 'skip' }));
  expect(found).toMatchObject({ state: 'done', imported: 3, failed: 2 });
  const response = await server.fetch(found.errorsUrl!, { key: server.adminKey });
  expect(response.headers.get('content-type')).toBe('text/csv; charset=utf-8');
  const text = await response.text();
  const [header, first] = text.split('\r\n');
  expect(header).toBe('error:row,error:column,error:value,error:code,error:message,sku,name,price');
  expect(first).toMatch(/^5,price,cheap,\w+,.*,mended-x,"Two, three",cheap$/);
  const mended = text.replace(/cheap$/m, '3.00').replace('mended-y,,1.00', 'mended-y,Named,1.00');
  expect(await importCsv(server, mended)).toMatchObject({ status: 200, imported: 2, failed: 0 });
});

test('an import in its request is in the history, refused or not', async () => {
  await importCsv(server, csv('direct', 2));
  await importCsv(server, 'sku,name,price\ndirect-x,X,none\n');
  const response = await server.fetch('/api/imports?take=2', { key: server.adminKey });
  const { imports } = (await response.json()) as { imports: View[] };
  expect(imports).toMatchObject([
    { state: 'failed', async: false, rows: 1, failed: 1, error: { code: 'ROWS_REFUSED' } },
    { state: 'done', async: false, rows: 2, imported: 2, fileName: 'some.csv' },
  ]);
});

describe('only who made an import, and administrators', () => {
  test('can see, watch, download or cancel it', async () => {
    const mine = await server.createKey('write');
    const other = await server.createKey('read', 'write');
    const id = await start(csv('mine', 2), {}, mine);
    expect(await ended(id, mine)).toMatchObject({ state: 'done' });
    expect((await get(`/api/imports/${id}`)).status).toBe(200);
    for (const path of [`/api/imports/${id}`, `/api/imports/${id}/errors`, `/api/imports/${id}/events`])
      expect((await get(path, other)).status).toBe(404);
    const cancelled = await server.fetch(`/api/imports/${id}`, { method: 'DELETE', key: other });
    expect(cancelled.status).toBe(404);
    const list = await server.fetch('/api/imports', { key: other });
    expect(await list.json()).toEqual({ imports: [] });
    const session = await server.fetch(`/api/imports/${id}`, { headers: { cookie: await server.signIn() } });
    expect(session.status).toBe(200);
  });

  test('and nobody without a credential', async () => {
    const response = await server.fetch('/api/imports');
    expect(response.status).toBe(401);
  });

  test('unknown ids and paths are not found', async () => {
    for (const path of ['nothing', crypto.randomUUID(), `${crypto.randomUUID()}/errors/x`])
      expect((await get(`/api/imports/${path}`)).status).toBe(404);
  });
});

/** Holds imports of products up: they go one after the other. */
async function heldUp(work: () => Promise<void>) {
  const { database } = server;
  if (database.kind === 'embedded') return work();
  const [held, release] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const holding = database.transaction(async session => {
    await session.query(`SELECT pg_advisory_xact_lock(hashtextextended('import Product', 0))`);
    held.resolve();
    await release.promise;
  });
  await held.promise;
  try {
    await work();
  } finally {
    release.resolve();
    await holding;
  }
}

describe('the permissions are checked when the import runs', () => {
  /** @returns an import that waits, and a function that runs it */
  async function waiting(name: string, ...scopes: string[]) {
    const { database, engine, catalog } = server;
    const key = await server.createKey(...scopes);
    const keyId = (await keyIdOf(key))!;
    const principal = (await readKeyPrincipal(database, keyId, catalog.scopes))!;
    const options = new Map([['entity', 'products']]);
    const header = ['sku', 'name', 'price'];
    const id = await addImport(database, { principal, entity: 'products', options, header, bytes: 10 });
    await addChunks(database, id, Readable.from([Buffer.from(csv(name, 2))]));
    const current = (former: Principal) =>
      currentPrincipal({ database, knownScopes: catalog.scopes }, former);
    const job = importJob(
      { database, engine, slots: new Slots(1), config: server.config, currentPrincipal: current },
      1,
    );
    const { signal } = new AbortController();
    const run = async () => {
      await job.run({ importId: id }, { id: 'test', attempt: 1, signal });
      return (await findImport(database, id))!;
    };
    return { keyId, run };
  }

  const keyIdOf = async (key: string) =>
    (
      await server.database.query('select id from portolan.api_key where $1 like $2 || id || $3', [
        key,
        '%',
        '%',
      ])
    ).rows[0]?.[0];

  test('of a key that is still valid', async () => {
    const { run } = await waiting('still', 'write');
    expect(await run()).toMatchObject({ state: 'done', inserted: 2 });
  });

  test('of a key that was revoked', async () => {
    const { keyId, run } = await waiting('revoked', 'write');
    await server.database.query(`update portolan.api_key set "revokedAt" = now() where id = $1`, [keyId]);
    expect(await run()).toMatchObject({ state: 'failed', problem: { code: 'INVALID_CREDENTIAL' } });
    expect(await countOf('revoked')).toBe(0);
  });

  test('of a key whose scopes were reduced', async () => {
    const { keyId, run } = await waiting('reduced', 'write');
    await server.database.query(`update portolan.api_key set "scopes" = '{read}' where id = $1`, [keyId]);
    expect(await run()).toMatchObject({ state: 'failed', problem: { code: 'SCOPE_MISSING' } });
    expect(await countOf('reduced')).toBe(0);
  });
});

test('the progress is streamed until the end', async () => {
  const id = await start(csv('streamed', 10));
  const response = await server.fetch(`/api/imports/${id}/events`, { key: server.adminKey });
  expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
  const text = await response.text();
  const [, data] = /event: end\ndata: (.*)\n\n$/.exec(text)!;
  expect(JSON.parse(data!)).toMatchObject({ id, state: 'done', imported: 10 });
});

test.runIf(process.env.TEST_DATABASE_URL)('an import can be cancelled while it runs or waits', async () => {
  await heldUp(async () => {
    const id = await start(csv('cancelled', 10));
    await vi.waitUntil(async () => (await get(`/api/imports/${id}`)).body.state === 'running', {
      timeout: 60_000,
    });
    const response = await server.fetch(`/api/imports/${id}/cancel`, {
      method: 'POST',
      key: server.adminKey,
    });
    expect(await response.json()).toMatchObject({ state: 'cancelled' });
  });
  expect(await countOf('cancelled')).toBe(0);
});
