// How many uploads, and how many bytes of them, there may be at a time.

import { once } from 'node:events';
import {
  type ClientRequest,
  createServer,
  request as httpRequest,
  type IncomingMessage,
  type Server,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { UploadRoom } from '../../src/imports/upload/upload-room.ts';
import { startServer, type TestServer } from '../harness.ts';
import { importCsv, rowsOf, send } from './import-csv.ts';

const bytesMax = 100_000;
let server: TestServer;
let listening: Server;
let key: string;
let otherKey: string;
beforeAll(async () => {
  server = await startServer({ env: { UPLOAD_BYTES_MAX: String(bytesMax) } });
  listening = createServer(server.app.listener).listen(0, '127.0.0.1');
  await once(listening, 'listening');
  otherKey = await server.createKey('write');
});
afterAll(async () => {
  listening.closeAllConnections();
  await server.close();
});
beforeEach(async () => {
  await server.database.query('TRUNCATE "Product" RESTART IDENTITY CASCADE');
  // Of its own, so that no test counts the uploads of another one.
  key = await server.createKey('write');
});

const file = 'sku,name,price\nA,Lamp,1\n';

interface Answered {
  readonly status: number | undefined;
  readonly retryAfter: string | undefined;
  readonly code: string | undefined;
}

/** An upload that has begun and goes on when the test says so. */
class SlowUpload {
  readonly client: ClientRequest;
  readonly answered: Promise<Answered>;

  constructor(own: string, headers: Record<string, string | number> = {}) {
    this.client = httpRequest({
      ...{ host: '127.0.0.1', port: (listening.address() as AddressInfo).port, agent: false },
      ...{ method: 'POST', path: '/api/import?entity=products' },
      headers: { 'x-api-key': own, 'content-type': 'text/csv', ...headers },
    });
    this.answered = once(this.client, 'response').then(([response]) => read(response));
    this.answered.catch(() => {});
    this.client.on('error', () => {});
  }

  send(text: string): this {
    this.client.write(text);
    return this;
  }
}

async function read(response: IncomingMessage): Promise<Answered> {
  let body = '';
  for await (const chunk of response) body += chunk;
  const { error } = JSON.parse(body) as { error?: { code: string } };
  return { status: response.statusCode, retryAfter: response.headers['retry-after'], code: error?.code };
}

const begin = (count: number, own: string, headers?: Record<string, string | number>) =>
  Array.from({ length: count }, () => new SlowUpload(own, headers).send('sku,name,price\n'));

/** One more than there is room for: so many are refused as do not fit, and the others wait. */
const firstAnswer = (uploads: readonly SlowUpload[]) => Promise.race(uploads.map(({ answered }) => answered));

async function endAll(uploads: readonly SlowUpload[]): Promise<(number | undefined)[]> {
  for (const [i, { client }] of uploads.entries()) client.end(`S${i},Lamp,1\n`);
  const answers = await Promise.all(uploads.map(({ answered }) => answered));
  return answers.map(({ status }) => status).sort();
}

const eightAndOne = [...Array(8).fill(200), 429];

/** Whether eight more fit, and the ninth does not. */
async function roomOf(own: string) {
  const uploads = begin(9, own);
  await firstAnswer(uploads);
  return endAll(uploads);
}

test('one credential has eight uploads at a time, and others have theirs', async () => {
  const uploads = begin(9, key);
  expect(await firstAnswer(uploads)).toEqual({ status: 429, retryAfter: '5', code: 'TOO_MANY_REQUESTS' });
  expect(await importCsv(server, file, { key: otherKey })).toMatchObject({ status: 200, imported: 1 });
  expect(await endAll(uploads)).toEqual(eightAndOne);
  expect(await importCsv(server, file, { key })).toMatchObject({ status: 200 });
});

test('all credentials together have thirty-two, and beyond that everybody is answered 503', async () => {
  const keys = await Promise.all(Array.from({ length: 5 }, () => server.createKey('write')));
  const uploads = keys.flatMap((own, i) => begin(i < 4 ? 8 : 1, own));
  expect(await firstAnswer(uploads)).toEqual({ status: 503, retryAfter: '5', code: 'UNAVAILABLE' });
  for (const { client } of uploads) client.destroy();
  await expect.poll(() => roomOf(key)).toEqual(eightAndOne);
});

test('what a request says that it will send is taken at once', async () => {
  const uploads = begin(3, key, { 'content-length': bytesMax });
  expect(await firstAnswer(uploads)).toEqual({ status: 429, retryAfter: '5', code: 'TOO_MANY_REQUESTS' });
  for (const { client } of uploads) client.destroy();
});

describe('a place is free again', () => {
  test('when clients go away in the middle', async () => {
    const uploads = begin(9, key);
    await firstAnswer(uploads);
    for (const { client } of uploads) client.destroy();
    await expect.poll(() => roomOf(key)).toEqual(eightAndOne);
  });

  test('after every kind of error', async () => {
    const headers = { 'content-type': 'text/csv' };
    const post = (body: BodyInit, query = '?entity=products', more: Record<string, string> = headers) =>
      send(server, { method: 'POST', key, body, headers: more }, query);
    for (let round = 0; round < 9; round++) {
      const answers = await Promise.all([
        importCsv(server, 'x'.repeat(2 * bytesMax), { key }),
        post(gzipSync('x'.repeat(2 * bytesMax))),
        post(file, '?entity=nothing'),
        post(file, '?entity=products', { 'content-type': 'application/json' }),
        post(file, '?entity=products', { ...headers, 'content-encoding': 'gzip' }),
        post(file, '?entity=products', { ...headers, 'content-encoding': 'zstd' }),
        post('x', '', { 'content-type': 'multipart/form-data; boundary=a' }),
      ]);
      expect(answers.map(answer => answer.status)).toEqual([413, 413, 400, 415, 400, 415, 400]);
    }
    expect(await roomOf(key)).toEqual(eightAndOne);
  });
});

describe('a room', () => {
  const bounds = { each: { uploads: 2, bytes: 100 }, all: { uploads: 3, bytes: 150 } };

  test('counts bytes as they come, and gives back no more than it took', () => {
    const room = new UploadRoom(bounds);
    const first = room.enter('a', 40);
    first.grow(40);
    first.grow(60);
    expect(() => first.grow(1)).toThrow(expect.objectContaining({ status: 429 }));
    const other = room.enter('b', 50);
    expect(() => other.grow(51)).toThrow(expect.objectContaining({ status: 503 }));
    first.leave();
    first.leave();
    const third = room.enter('a', 100);
    expect(() => room.enter('c', 1)).toThrow(expect.objectContaining({ status: 503 }));
    third.leave();
    other.leave();
    expect(() => room.enter('a', 101)).toThrow(expect.objectContaining({ status: 429 }));
    for (const name of ['a', 'a', 'b']) room.enter(name, 0);
    expect(() => room.enter('c', 0)).toThrow(expect.objectContaining({ status: 503 }));
  });
});

describe('a file that is zipped', () => {
  test.each(['text/csv', 'form'])('is imported as what it holds: %s', async kind => {
    const zipped = new Uint8Array(gzipSync(file));
    const headers = { 'content-type': 'text/csv' };
    const answer =
      kind === 'form'
        ? await importCsv(server, zipped, { key })
        : await send(server, { method: 'POST', key, body: zipped, headers }, '?entity=products');
    expect(answer).toMatchObject({ status: 200, imported: 1 });
    expect(await rowsOf(server, 'SELECT sku FROM "Product"')).toEqual([{ sku: 'A' }]);
  });

  test('is bounded by what it holds', async () => {
    const bomb = new Uint8Array(gzipSync('x'.repeat(100 * bytesMax)));
    const answer = await importCsv(server, bomb, { key });
    expect(answer).toMatchObject({ status: 413, imported: 0, error: { code: 'TOO_LARGE', target: 'file' } });
  });

  test('and is cut off, is refused', async () => {
    const answer = await importCsv(server, new Uint8Array(gzipSync(file)).slice(0, 25), { key });
    expect(answer).toMatchObject({ status: 400, imported: 0, error: { code: 'MALFORMED_REQUEST' } });
  });
});

test.each(['text/csv', 'form'])('a body with Content-Encoding is imported, and bounded: %s', async kind => {
  const post = async (content: string) => {
    const request = new Request('http://x', { method: 'POST', body: toBody(kind, content) });
    const headers = { 'content-type': request.headers.get('content-type')!, 'content-encoding': 'gzip' };
    const body = gzipSync(await request.bytes());
    return send(server, { method: 'POST', key, body, headers }, '?entity=products');
  };
  expect(await post(file)).toMatchObject({ status: 200, imported: 1 });
  expect(await post('x'.repeat(100 * bytesMax))).toMatchObject({ status: 413, error: { code: 'TOO_LARGE' } });
});

function toBody(kind: string, content: string): BodyInit {
  const blob = new Blob([content], { type: 'text/csv' });
  if (kind !== 'form') return blob;
  const form = new FormData();
  form.append('file', blob, 'a.csv');
  return form;
}
