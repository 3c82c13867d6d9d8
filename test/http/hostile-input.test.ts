import { request as httpRequest } from 'node:http';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { json } from '../../src/http/message/respond.ts';
import { door, type OpenEntries, openEntries } from './open-entries.ts';
import { sendRaw } from './raw-request.ts';

let entries: OpenEntries;

beforeAll(async () => {
  entries = await openEntries(
    door(
      {
        method: 'POST',
        path: '/text',
        open: true,
        handle: async request => json(200, { length: (await request.text(1_000)).length }),
      },
      {
        method: 'GET',
        path: '/key',
        open: true,
        handle: request => json(200, { key: request.header('authorization') }),
      },
      {
        method: 'GET',
        path: '/odata/*',
        open: true,
        handle: request => json(200, { length: request.query.length }),
      },
    ),
  );
});

afterAll(() => entries.close());

const close = 'Connection: close\r\n\r\n';

test('takes long OData addresses', async () => {
  const response = await entries.overSocket(`/odata/products?$filter=${'a'.repeat(25_000)}`);
  expect(await response.json()).toEqual({ length: 25_008 });
});

test('refuses an address that is longer than the whole head may be', async () => {
  const received = await sendRaw(entries.port, `GET /odata?${'a'.repeat(40_000)}`);
  expect(received).toMatch(/^HTTP\/1\.1 414 /);
  expect(received).toContain('"code":"URI_TOO_LONG"');
});

test('refuses headers that are too long', async () => {
  const received = await sendRaw(
    entries.port,
    `GET /odata HTTP/1.1\r\nHost: x\r\nX-A: ${'a'.repeat(40_000)}\r\n\r\n`,
  );
  expect(received).toMatch(/^HTTP\/1\.1 431 /);
});

test.each([
  ['no request line', 'hello\r\n\r\n'],
  ['two lengths', 'POST /text HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab'],
  [
    'a length and chunks',
    'POST /text HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
  ],
  ['a space before the colon', 'GET /key HTTP/1.1\r\nHost : x\r\n\r\n'],
])('refuses what is not HTTP and closes the connection: %s', async (_, text) => {
  const received = await sendRaw(entries.port, text);
  expect(received).toMatch(/^HTTP\/1\.1 400 /);
  expect(received).toContain('"code":"MALFORMED_REQUEST"');
});

test('sees both of two credentials', async () => {
  const received = await sendRaw(
    entries.port,
    `GET /key HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer a\r\nAuthorization: Bearer b\r\n${close}`,
  );
  expect(received).toContain('{"key":"Bearer a, Bearer b"}');
});

test('serves the absolute form that proxies send', async () => {
  const received = await sendRaw(
    entries.port,
    `GET http://other.example/odata/x?a=1 HTTP/1.1\r\nHost: x\r\n${close}`,
  );
  expect(received).toContain('{"length":3}');
});

test('refuses a body by its declared length before any of it arrives', async () => {
  const received = await new Promise<number | undefined>((resolve, reject) => {
    const headers = { 'content-length': 5_000_000_000 };
    const request = httpRequest({ port: entries.port, path: '/text', method: 'POST', headers }, response => {
      resolve(response.statusCode);
      request.destroy();
    });
    request.on('error', reject);
    request.flushHeaders();
  });
  expect(received).toBe(413);
});

test('refuses a body that grows too long on its way', async () => {
  const part = `${(600).toString(16)}\r\n${'x'.repeat(600)}\r\n`;
  const head = 'POST /text HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n';
  const received = await sendRaw(entries.port, head + close, part, part, '0\r\n\r\n');
  expect(received).toMatch(/^HTTP\/1\.1 413 /);
  expect(received).toContain('The body is longer than 1000 bytes.');
});

test('answers the next request on a connection whose body nobody read', async () => {
  const refused = `POST /nothing HTTP/1.1\r\nHost: x\r\nContent-Length: 20000\r\n\r\n${'x'.repeat(20_000)}`;
  const received = await sendRaw(entries.port, refused, `GET /key HTTP/1.1\r\nHost: x\r\n${close}`);
  expect(received).toMatch(/^HTTP\/1\.1 404 [\s\S]*HTTP\/1\.1 200 /);
});
