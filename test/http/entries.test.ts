import { afterAll, beforeAll, expect, test } from 'vitest';
import { fault } from '../../src/base/errors.ts';
import type { Incoming } from '../../src/http/message/message.ts';
import { json } from '../../src/http/message/respond.ts';
import { door, type OpenEntries, openEntries } from './open-entries.ts';

const long = 'Größe: 5 € '.repeat(4_000);

let entries: OpenEntries;

const seen = async (request: Incoming) =>
  json(200, {
    method: request.method,
    path: request.path,
    query: request.query,
    twice: request.header('x-twice'),
    absent: request.header('x-absent') ?? null,
    body: await request.text(1_000),
  });

beforeAll(async () => {
  entries = await openEntries(
    door(
      { method: ['GET', 'POST', 'PUT'], path: '/seen/*', open: true, handle: seen },
      { method: 'GET', path: '/closed', handle: (_, principal) => json(200, { id: principal.id }) },
      {
        method: 'GET',
        path: '/bytes',
        open: true,
        handle: () => ({ status: 200, body: Buffer.from([0, 255, 1]) }),
      },
      { method: 'GET', path: '/long', open: true, handle: () => ({ status: 200, body: long }) },
      { method: 'GET', path: '/empty', open: true, handle: () => ({ status: 204 }) },
      { method: 'GET', path: '/bare', open: true, handle: () => ({ status: 200 }) },
      {
        method: 'GET',
        path: '/stream',
        open: true,
        handle: () => ({
          status: 200,
          headers: { 'content-type': 'text/csv' },
          body: new Blob(['ä,', 'b']).stream(),
        }),
      },
      {
        method: 'GET',
        path: '/fault',
        open: true,
        handle() {
          throw fault('UNKNOWN_FIELD', 'There is no prise.', {
            hint: 'Did you mean "price"?',
            target: 'prise',
          });
        },
      },
      {
        method: 'GET',
        path: '/own-form',
        open: true,
        handle() {
          throw fault('CONFLICT', 'Twice.');
        },
        fail: (error, request) => json(error.status, { mine: error.code, id: request.id }),
      },
      {
        method: 'GET',
        path: '/own-headers',
        open: true,
        handle: () =>
          json(200, [], { 'cache-control': 'max-age=60', 'content-security-policy': "default-src 'self'" }),
      },
    ),
  );
});

afterAll(() => entries.close());

const id = { 'x-request-id': 'test.id-1' };

const cases: [string, string, RequestInit?][] = [
  ['a path and a query as sent', '/seen/a%20b/%C3%A4?$filter=name%20eq%20%27x%27&a=1&a=2'],
  ['a body with characters of every size', '/seen/', { method: 'POST', body: 'a ä € 😀' }],
  ['a body without its byte order mark', '/seen', { method: 'PUT', body: '\uFEFF{"a":1}' }],
  ['a body that is not UTF-8', '/seen', { method: 'POST', body: Buffer.from([0x7b, 0xff, 0x7d]) }],
  ['a body of the size that is allowed', '/seen', { method: 'POST', body: 'x'.repeat(1_000) }],
  ['a body that is one byte too long', '/seen', { method: 'POST', body: 'x'.repeat(1_001) }],
  ['a header sent twice', '/seen', { headers: [...Object.entries(id), ['x-twice', 'a'], ['x-twice', 'b']] }],
  ['HEAD where GET is', '/seen', { method: 'HEAD' }],
  ['HEAD of a stream', '/stream', { method: 'HEAD', headers: { ...id, 'accept-encoding': 'identity' } }],
  ['a credential', '/closed', { headers: { 'x-api-key': 'good' } }],
  ['no credential', '/closed'],
  ['bytes', '/bytes'],
  ['a long text', '/long', { headers: { ...id, 'accept-encoding': 'identity' } }],
  ['an answer without a body', '/empty'],
  ['an answer that says nothing', '/bare'],
  ['a stream', '/stream', { headers: { ...id, 'accept-encoding': 'identity' } }],
  ['an error', '/fault'],
  ['an error in the form of a door', '/own-form'],
  ['headers of its own', '/own-headers'],
  ['an unknown path', '/seem'],
  ['a method that is not served', '/bytes', { method: 'DELETE' }],
  ['an address that is too long', `/seen?a=${'x'.repeat(30_000)}`],
  [
    'a preflight',
    '/closed',
    { method: 'OPTIONS', headers: { origin: 'https://a.example', 'access-control-request-method': 'GET' } },
  ],
  ['a page of another origin', '/bytes', { headers: { origin: 'https://a.example' } }],
];

test.each(cases)('answers alike over a socket and in process: %s', async (_, path, init = {}) => {
  const request = {
    ...init,
    headers: Array.isArray(init.headers) ? init.headers : { ...id, ...init.headers },
  };
  const [far, near] = await Promise.all([
    entries.overSocket(path, request),
    entries.inProcess(path, request),
  ]);
  expect(await shown(far)).toEqual(await shown(near));
});

const ofTheConnection = ['connection', 'date', 'keep-alive', 'transfer-encoding'];

async function shown(response: Response) {
  const headers = [...response.headers].filter(([name]) => !ofTheConnection.includes(name));
  return {
    status: response.status,
    headers,
    body: Buffer.from(await response.arrayBuffer()).toString('latin1'),
  };
}

test('gives the handler what was sent', async () => {
  const response = await entries.overSocket('/seen/a%20b?$top=1&x=%C3%A4', { method: 'POST', body: 'hällo' });
  expect(await response.json()).toEqual({
    method: 'POST',
    path: '/seen/a%20b',
    query: '$top=1&x=%C3%A4',
    absent: null,
    body: 'hällo',
  });
});

test('says of a long text how many bytes it has', async () => {
  // Otherwise fetch asks for a compressed answer.
  const plain = { headers: { 'accept-encoding': 'identity' } };
  for (const response of [await entries.overSocket('/long', plain), await entries.inProcess('/long')]) {
    expect(response.headers.get('content-length')).toBe(String(Buffer.byteLength(long)));
    expect(await response.text()).toBe(long);
  }
});

test('leaves the body out for HEAD, but says how long it is', async () => {
  const [whole, head] = await Promise.all([
    entries.overSocket('/bytes'),
    entries.overSocket('/bytes', { method: 'HEAD' }),
  ]);
  expect(head.status).toBe(200);
  expect(head.headers.get('content-length')).toBe(whole.headers.get('content-length'));
  expect(await head.text()).toBe('');
});

test('adds the headers that keep data out of caches and frames, unless the answer says otherwise', async () => {
  const plain = await entries.inProcess('/bytes');
  expect(Object.fromEntries(plain.headers)).toMatchObject({
    'cache-control': 'no-store',
    'content-security-policy': "frame-ancestors 'none'",
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
  });
  const own = await entries.inProcess('/own-headers');
  expect(own.headers.get('cache-control')).toBe('max-age=60');
  expect(own.headers.get('content-security-policy')).toBe("default-src 'self'");
  expect(own.headers.get('x-content-type-options')).toBe('nosniff');
});

test("keeps a decent request id of the caller's and makes one up otherwise", async () => {
  const ids = async (given: string) =>
    (await entries.overSocket('/bytes', { headers: { 'x-request-id': given } })).headers.get('x-request-id');
  expect(await ids('Trace_1.a-b')).toBe('Trace_1.a-b');
  expect(await ids('x'.repeat(65))).toMatch(/^[0-9a-f-]{36}$/);
  expect(await ids('a b"c')).toMatch(/^[0-9a-f-]{36}$/);
});
