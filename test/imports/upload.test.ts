import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { createServer, request as httpRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { startServer, type TestServer } from '../harness.ts';
import { importCsv, rowsOf, send } from './import-csv.ts';

let server: TestServer;
let key: string;
/** Of this file alone, so that what is left in it comes from here. */
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'upload-test-'));
  vi.stubEnv('TMPDIR', folder);
  server = await startServer({ env: { UPLOAD_BYTES_MAX: '100000' } });
  key = server.adminKey;
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await server.close();
  await rm(folder, { recursive: true });
});
beforeEach(async () => {
  await server.database.query('TRUNCATE "Product" RESTART IDENTITY CASCADE');
});

const file = 'sku,name,price\nA,Lamp,1\n';
const imported = { status: 200, imported: 1 };

const form = (...parts: readonly (readonly [string, string | Blob, string?])[]): FormData => {
  const data = new FormData();
  for (const [name, value, fileName] of parts) {
    if (typeof value === 'string') data.append(name, value);
    else data.append(name, value, fileName);
  }
  return data;
};
const csv = (content = file) => new Blob([content], { type: 'text/csv' });
const post = (body: BodyInit, headers?: Record<string, string>) =>
  send(server, { method: 'POST', key, body, headers });

/** A form by hand, for what no client writes. */
const boundary = 'x-y-z';
const part = (disposition: string, content: string) =>
  `--${boundary}\r\nContent-Disposition: form-data; ${disposition}\r\n\r\n${content}\r\n`;
const postRaw = (body: string) => post(body, { 'content-type': `multipart/form-data; boundary=${boundary}` });

describe('a form', () => {
  test('may have its parts in any order', async () => {
    expect(await post(form(['file', csv(), 'a.csv'], ['entity', 'products']))).toMatchObject(imported);
    expect(await post(form(['entity', 'products'], ['file', csv(), 'a.csv']))).toMatchObject(imported);
    expect(
      await post(form(['mode', 'update'], ['file', csv(), 'a.csv'], ['entity', 'products'])),
    ).toMatchObject(imported);
  });

  test('may leave the name and the type of the file out', async () => {
    expect(await post(form(['entity', 'products'], ['file', csv(), '']))).toMatchObject(imported);
    const body = `${part('name="file"', file)}${part('name="entity"', 'products')}--${boundary}--\r\n`;
    expect(await postRaw(body)).toMatchObject(imported);
  });

  test('takes an empty mapperId as none, and refuses any other', async () => {
    expect(await importCsv(server, file, { mapperId: '' })).toMatchObject(imported);
    expect(await importCsv(server, file, { mapperId: 'your-mapper-id' })).toMatchObject({
      status: 400,
      imported: 0,
      error: {
        code: 'UNKNOWN_MAPPER',
        message: 'There is no mapper "your-mapper-id".',
        hint: 'Leave mapperId out to match columns by name.',
        target: 'mapperId',
      },
    });
  });

  test.each([
    [{ entity: 'product s' }, 'UNKNOWN_ENTITY', 'Did you mean "products"?'],
    [{ entity: 'users' }, 'UNKNOWN_ENTITY', undefined],
    [{ entity: '' }, 'MALFORMED_REQUEST', 'Such as entity=products.'],
    [{ mode: 'upsrt' }, 'INVALID_VALUE', 'Did you mean "upsert"?'],
    [{ onError: 'ignore' }, 'INVALID_VALUE', 'Its values are refuse, skip.'],
    [
      { delimiter: '#' },
      'INVALID_VALUE',
      'Its values are auto, comma, semicolon, tab, pipe, or the character itself.',
    ],
    [{ delimitr: ';' }, 'UNKNOWN_OPTION', 'Did you mean "delimiter"?'],
  ])('refuses %j', async (options, code, hint) => {
    const answer = await importCsv(server, file, options as Record<string, string>);
    expect(answer).toMatchObject({ status: 400, imported: 0, failed: 0, errors: [], error: { code } });
    if (hint) expect(answer.error?.hint).toBe(hint);
  });

  test.each([
    ['without a file', form(['entity', 'products']), 'The form has no part "file".'],
    [
      'with two files',
      form(['entity', 'products'], ['file', csv(), 'a'], ['file', csv(), 'b']),
      'The form has too many parts: one file and a few options are expected.',
    ],
    [
      'with a file by another name',
      form(['entity', 'products'], ['upload', csv(), 'a']),
      'A file must be in the part "file", not in "upload".',
    ],
    [
      'with an option twice',
      form(['entity', 'products'], ['entity', 'orders'], ['file', csv(), 'a']),
      'The part "entity" appears twice.',
    ],
    [
      'with a value that is too long',
      form(['entity', 'x'.repeat(10_000)], ['file', csv(), 'a']),
      'The value of "entity" is too long.',
    ],
  ])('is refused %s', async (_, body, message) => {
    expect(await post(body)).toMatchObject({
      status: 400,
      imported: 0,
      error: { code: 'MALFORMED_REQUEST', message },
    });
  });

  test.each([
    ['that ends before its last boundary', part('name="entity"', 'products') + part('name="file"', file)],
    [
      'that ends within a file',
      `--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\nsku,na`,
    ],
    ['that has no parts', ''],
    ['that is no form', file],
  ])('is refused %s', async (_, body) => {
    expect(await postRaw(body)).toMatchObject({
      status: 400,
      imported: 0,
      error: { code: 'MALFORMED_REQUEST' },
    });
  });

  test('is refused without a boundary', async () => {
    const answer = await post('x', { 'content-type': 'multipart/form-data; charset=utf-8' });
    expect(answer).toMatchObject({ status: 400, error: { message: 'The Content-Type has no boundary.' } });
  });
});

describe('a body that is the file', () => {
  test.each(['text/csv', 'text/csv; charset=utf-8', 'application/csv', 'text/plain'])(
    'may be %s',
    async type => {
      const init = { method: 'POST', key, body: file, headers: { 'content-type': type } };
      expect(await send(server, init, '?entity=products&mode=insert')).toMatchObject(imported);
    },
  );

  test('needs its options in the address', async () => {
    expect(await post(file, { 'content-type': 'text/csv' })).toMatchObject({
      status: 400,
      error: { target: 'entity' },
    });
    const init = { method: 'POST', key, body: file, headers: { 'content-type': 'text/csv' } };
    expect(await send(server, init, '?entity=products&mod=insert')).toMatchObject({
      error: { code: 'UNKNOWN_OPTION' },
    });
  });

  test.each(['application/xml', 'application/x-www-form-urlencoded', 'text/html'])(
    'must not be %s',
    async type => {
      const answer = await post(file, { 'content-type': type });
      expect(answer).toMatchObject({ status: 415, imported: 0, error: { code: 'UNSUPPORTED_MEDIA_TYPE' } });
      expect(answer.error?.hint).toContain('curl');
    },
  );
});

test('answers other methods with 405', async () => {
  expect((await server.fetch('/api/import', { key })).status).toBe(405);
});

test('refuses a file that is too long, however it comes', async () => {
  const long = `sku,name,price\nA,${'x'.repeat(200_000)},1\n`;
  const tooLarge = { status: 413, imported: 0, error: { code: 'TOO_LARGE' } };
  expect(await importCsv(server, long)).toMatchObject(tooLarge);
  const init = { method: 'POST', key, body: long, headers: { 'content-type': 'text/csv' } };
  expect(await send(server, init, '?entity=products')).toMatchObject(tooLarge);
});

test('tells a client that may write nothing before it reads the file', async () => {
  const reader = await server.createKey('read');
  let pulled = 0;
  const body = new ReadableStream({
    pull(controller) {
      pulled += 1;
      controller.enqueue(new Uint8Array(1000));
      if (pulled === 90) controller.close();
    },
  });
  const headers = { 'content-type': 'text/csv' };
  const init = { method: 'POST', key: reader, body, headers, duplex: 'half' } as RequestInit;
  expect(await send(server, init, '?entity=products')).toMatchObject({ status: 403 });
  expect(pulled).toBeLessThan(10);
});

describe('when the client goes away', () => {
  test('nothing is imported, and no file is left behind', async () => {
    const listening = createServer(server.app.listener).listen(0, '127.0.0.1');
    await once(listening, 'listening');
    const { port } = listening.address() as AddressInfo;
    const client = httpRequest({
      ...{ port, host: '127.0.0.1', method: 'POST', path: '/api/import?entity=products' },
      headers: { 'x-api-key': key, 'content-type': 'text/csv' },
    });
    client.on('error', () => {});
    client.write(file);
    await sleep(100);
    client.destroy();
    await once(listening.close(), 'close');
    expect(await rowsOf(server, 'SELECT 1 FROM "Product"')).toEqual([]);
    expect(await readdir(folder)).toEqual([]);
  });

  test('an import under way is rolled back', async () => {
    const abort = new AbortController();
    const slow = `CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(0.5); RETURN NULL; END $$`;
    await server.database.query(slow);
    await server.database.query('CREATE TRIGGER slow AFTER INSERT ON "Product" EXECUTE FUNCTION slow()');
    const answer = server.fetch('/api/import', {
      ...{ method: 'POST', key, signal: abort.signal },
      body: form(['entity', 'products'], ['file', csv(), 'a.csv']),
    });
    setTimeout(() => abort.abort(), 100);
    await answer.catch(() => {});
    await sleep(600);
    await server.database.query('DROP FUNCTION slow CASCADE');
    expect(await rowsOf(server, 'SELECT 1 FROM "Product"')).toEqual([]);
  });
});
