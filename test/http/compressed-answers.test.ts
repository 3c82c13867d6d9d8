import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { brotliDecompressSync, createGunzip, gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fault } from '../../src/base/errors.ts';
import type { Answer } from '../../src/http/message/message.ts';
import { json } from '../../src/http/message/respond.ts';
import { door, type OpenEntries, openEntries } from './open-entries.ts';

const rows = Array.from({ length: 1_000 }, (_, id) => ({ id, name: `Größe ${id % 7}` }));
const text = JSON.stringify(rows);

let entries: OpenEntries;
/** Given out by `/slow`, each when the test says so. */
let pieces: ReadableStreamDefaultController<Uint8Array>;
let cancelled = 0;

const flowing = (type: string): Answer => ({
  status: 200,
  headers: { 'content-type': type },
  body: new ReadableStream({
    start: controller => {
      pieces = controller;
    },
    cancel: () => {
      cancelled++;
    },
  }),
});
let handled = 0;
const large = (headers: Record<string, string>, body: Answer['body'] = text): Answer => ({
  ...{ status: 200, headers, body },
});
const answers: Record<string, () => Answer> = {
  '/rows': () => json(200, text),
  '/bytes': () => large({ 'content-type': 'application/xml' }, Buffer.from(text)),
  '/stream': () => large({ 'content-type': 'text/csv', 'content-length': '3' }, new Blob([text]).stream()),
  '/strong': () => json(200, text, { etag: '"1"', vary: 'Origin' }),
  '/weak': () => json(200, text, { etag: 'W/"1"' }),
  '/unchanged': () => ({ status: 304, headers: { etag: 'W/"1"' } }),
  '/small': () => json(200, [1]),
  '/empty': () => ({ status: 204 }),
  '/image': () => large({ 'content-type': 'image/png' }),
  '/page': () => large({ 'content-type': 'text/html; charset=utf-8' }),
  '/ready-made': () => large({ 'content-type': 'application/json', 'content-encoding': 'zstd' }),
  '/csv': () => flowing('text/csv'),
  '/events': () => flowing('text/event-stream'),
  '/fault': () => {
    throw fault('INVALID_VALUE', 'x'.repeat(5_000));
  },
  '/counted': () => {
    handled++;
    return json(200, []);
  },
};

beforeAll(async () => {
  const routes = Object.entries(answers).map(([path, handle]) => ({
    ...{ method: 'GET', path, open: true as const, handle },
  }));
  entries = await openEntries(door(...routes));
});
afterAll(() => entries.close());

const get = (path: string, acceptEncoding?: string, more: RequestInit & { headers?: object } = {}) =>
  entries.inProcess(path, {
    ...more,
    headers: {
      ...(acceptEncoding !== undefined && { 'accept-encoding': acceptEncoding }),
      ...(more.headers as Record<string, string>),
    },
  });
const encodingOf = async (...args: Parameters<typeof get>) =>
  (await get(...args)).headers.get('content-encoding');
const bytesOf = async (response: Response) => Buffer.from(await response.arrayBuffer());

describe('a long answer is compressed', () => {
  test.each([
    ['gzip', 'gzip', gunzipSync],
    ['br', 'br', brotliDecompressSync],
    ['gzip, deflate, br, zstd', 'br', brotliDecompressSync],
    ['x-gzip', 'gzip', gunzipSync],
  ])('for %s', async (accept, coding, decode) => {
    for (const path of ['/rows', '/bytes', '/stream']) {
      const response = await get(path, accept);
      expect(response.status).toBe(200);
      expect(response.headers.get('content-encoding')).toBe(coding);
      expect(response.headers.get('vary')).toBe('Accept-Encoding');
      const length = response.headers.get('content-length');
      const body = await bytesOf(response);
      expect(length).toBe(path === '/stream' ? null : String(body.length));
      expect(body.length).toBeLessThan(text.length / 4);
      expect(decode(body).toString()).toBe(text);
    }
  });

  test('over a socket too, and clients that decode by themselves do not notice', async () => {
    const response = await entries.overSocket('/rows');
    expect(response.headers.get('content-encoding')).toMatch(/^(?:br|gzip)$/);
    expect(await response.json()).toEqual(rows);
  });

  test('where it is an error', async () => {
    const response = await get('/fault', 'gzip');
    expect([response.status, response.headers.get('content-encoding')]).toEqual([400, 'gzip']);
    expect(JSON.parse(gunzipSync(await bytesOf(response)).toString())).toMatchObject({
      error: { code: 'INVALID_VALUE' },
    });
  });
});

test.each<[string, string | null]>([
  ['', null],
  ['identity', null],
  ['deflate, zstd', null],
  ['*', 'br'],
  ['gzip;q=1.0, br;q=0.5', 'gzip'],
  ['gzip; q=0.2 , BR ; Q=0.4', 'br'],
  ['br;q=0, gzip', 'gzip'],
  ['br;q=0, *', 'gzip'],
  ['gzip;q=0', null],
  ['*;q=0, gzip', 'gzip'],
  ['identity, gzip;q=0.5', null],
  ['gzip;q=0.5, identity;q=0.1', 'gzip'],
  ['gzip;q=x', null],
])('Accept-Encoding "%s" leads to %s', async (accept, coding) => {
  const response = await get('/rows', accept);
  expect(response.headers.get('content-encoding')).toBe(coding);
  expect(response.headers.get('vary')).toBe('Accept-Encoding');
});

describe('identity;q=0', () => {
  test.each(['/rows', '/small', '/image', '/page'])('compresses %s', async path => {
    expect(await encodingOf(path, 'identity;q=0, gzip')).toBe('gzip');
    expect(await encodingOf(path, '*;q=0, br')).toBe('br');
  });

  test('without a coding that there is, is refused before anything is done', async () => {
    for (const accept of ['identity;q=0', '*;q=0', 'deflate, identity;q=0']) {
      const response = await get('/counted', accept);
      expect(response.status).toBe(406);
      expect(await response.json()).toMatchObject({
        error: { code: 'NOT_ACCEPTABLE', target: 'accept-encoding' },
      });
    }
    expect(handled).toBe(0);
  });
});

test.each(['/small', '/image', '/page', '/empty'])('is not compressed, and does not vary: %s', async path => {
  const response = await get(path, 'gzip, br');
  expect(response.headers.get('content-encoding')).toBeNull();
  expect(response.headers.get('vary')).toBeNull();
});

test('what is compressed already stays as it is', async () => {
  const response = await get('/ready-made', 'gzip');
  expect(response.headers.get('content-encoding')).toBe('zstd');
  expect((await bytesOf(response)).toString()).toBe(text);
});

test('without Accept-Encoding the answer is as long as it says, and varies', async () => {
  const response = await get('/rows');
  expect(response.headers.get('vary')).toBe('Accept-Encoding');
  expect(response.headers.get('content-length')).toBe(String(Buffer.byteLength(text)));
});

test('the tag of a compressed answer is weak, and Vary keeps what the answer says', async () => {
  const tags = async (path: string, accept?: string) => (await get(path, accept)).headers.get('etag');
  expect(await tags('/strong')).toBe('"1"');
  expect(await tags('/strong', 'gzip')).toBe('W/"1"');
  expect(await tags('/weak', 'gzip')).toBe('W/"1"');
  expect((await get('/strong', 'gzip')).headers.get('vary')).toBe('Origin, Accept-Encoding');
});

test('304 has no body, and varies', async () => {
  const response = await get('/unchanged', 'gzip');
  expect([response.status, response.headers.get('content-encoding')]).toEqual([304, null]);
  expect(response.headers.get('vary')).toBe('Accept-Encoding');
});

test.each(['/rows', '/stream'])('HEAD has the headers of GET and no body: %s', async path => {
  for (const ask of [entries.inProcess, entries.overSocket]) {
    const response = await ask(path, { method: 'HEAD', headers: { 'accept-encoding': 'gzip' } });
    expect(response.headers.get('content-encoding')).toBe('gzip');
    expect(response.headers.get('vary')).toBe('Accept-Encoding');
    expect(response.headers.get('content-length')).toBeNull();
    expect(await response.text()).toBe('');
  }
});

describe('an answer whose length could tell what it holds (BREACH) is not compressed', () => {
  const basic = 'Basic eDp5';
  test.each<[string, Record<string, string>, boolean]>([
    ['a cookie, and a page of another site', { cookie: 's=1', 'sec-fetch-site': 'cross-site' }, false],
    ['a cookie, and a page of a neighbour', { cookie: 's=1', 'sec-fetch-site': 'same-site' }, false],
    ['a cookie, and nobody says from where', { cookie: 's=1' }, false],
    ['a cookie, and our own page', { cookie: 's=1', 'sec-fetch-site': 'same-origin' }, true],
    ['a cookie, and an address typed in', { cookie: 's=1', 'sec-fetch-site': 'none' }, true],
    ['Basic, and a page of another site', { authorization: basic, 'sec-fetch-site': 'cross-site' }, false],
    ['Basic, and no browser', { authorization: basic }, true],
    ['a key, and a page of another site', { 'x-api-key': 'good', 'sec-fetch-site': 'cross-site' }, true],
  ])('%s: %j', async (_, headers, compressed) => {
    expect(await encodingOf('/rows', 'gzip', { headers })).toBe(compressed ? 'gzip' : null);
  });
});

describe('a stream', () => {
  async function open(path: string): Promise<IncomingMessage> {
    const headers = { 'accept-encoding': 'gzip' };
    const client = httpRequest({ host: '127.0.0.1', port: entries.port, path, headers }).end();
    const [response] = (await once(client, 'response')) as [IncomingMessage];
    return response;
  }

  test('is sent on piece by piece', async () => {
    const response = await open('/csv');
    expect(response.headers['content-encoding']).toBe('gzip');
    const lines = response.pipe(createGunzip());
    for (const line of ['a,b\n', '1,2\n']) {
      pieces.enqueue(Buffer.from(line));
      expect(String((await once(lines, 'data'))[0])).toBe(line);
    }
    pieces.close();
    await once(lines.resume(), 'end');
  });

  test('of events is not compressed', async () => {
    const response = await open('/events');
    expect(response.headers['content-encoding']).toBeUndefined();
    pieces.enqueue(Buffer.from('data: 1\n\n'));
    expect(String((await once(response, 'data'))[0])).toBe('data: 1\n\n');
    pieces.close();
  });

  test('that fails is cut off, compressed too', async () => {
    const response = await open('/csv');
    pieces.enqueue(Buffer.from('a,b\n'));
    await once(response, 'data');
    pieces.error(new Error('no more'));
    await expect(once(response, 'end')).rejects.toThrow('aborted');
  });

  test('is cancelled when the client goes away, compressed too', async () => {
    const before = cancelled;
    const response = await open('/csv');
    pieces.enqueue(Buffer.from('a,b\n'));
    await once(response, 'data');
    response.destroy();
    await expect.poll(() => cancelled).toBe(before + 1);
  });
});
