import dns from 'node:dns';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { allowPublicAnd } from '../../src/outbound/address-guard.ts';
import { createOutbound } from '../../src/outbound/outbound.ts';

let server: Server;
let port: number;
const received: { url: string; method: string; headers: IncomingMessage['headers']; body: string }[] = [];

const routes: Record<string, (response: ServerResponse) => void> = {
  '/ok': response => response.end('fine'),
  '/slow': () => {},
  '/stalls': response => {
    response.writeHead(200);
    response.write('a part');
  },
  '/resets': response => response.destroy(),
  '/inside': response => response.writeHead(302, { location: 'http://169.254.169.254/latest' }).end(),
};

beforeAll(async () => {
  server = createServer(async (request, response) => {
    const { url = '', method = '', headers } = request;
    received.push({ url, method, headers, body: await text(request) });
    routes[url]!(response);
  });
  await new Promise<void>(resolve => server.listen(0, resolve));
  port = (server.address() as AddressInfo).port;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const open = createOutbound(allowPublicAnd(['127.0.0.1', '::1']));
const guarded = createOutbound(allowPublicAnd([]));
const timeoutMs = 20_000;
const urlOf = (path: string, host = '127.0.0.1') => `http://${host}:${port}${path}`;
const failureOf = (sent: Promise<unknown>) => sent.then(() => undefined).catch(error => error);

describe('a request', () => {
  test('is sent with its headers and body, and answered', async () => {
    const headers = { 'content-type': 'application/json' };
    const response = await open({ url: urlOf('/ok'), method: 'POST', headers, body: '{"ö":1}', timeoutMs });
    expect([response.status, await text(response.body)]).toEqual([200, 'fine']);
    expect(received.at(-1)).toMatchObject({
      method: 'POST',
      body: '{"ö":1}',
      headers: { 'content-type': 'application/json', 'content-length': '8' },
    });
  });

  test('ends when nothing responds, when the response stalls, and when it is aborted', async () => {
    const late = await failureOf(open({ url: urlOf('/slow'), timeoutMs: 100 }));
    expect(late).toMatchObject({ problem: 'timeout', message: `127.0.0.1:${port} does not respond.` });
    const stalled = await open({ url: urlOf('/stalls'), timeoutMs: 200 });
    expect(await failureOf(text(stalled.body))).toBeInstanceOf(Error);
    const reason = new Error('no longer needed');
    const aborted = open({ url: urlOf('/slow'), timeoutMs, signal: AbortSignal.abort(reason) });
    expect(await failureOf(aborted)).toBe(reason);
  });

  test('to a host that cannot be reached fails with a reason', async () => {
    expect(await failureOf(open({ url: urlOf('/resets'), timeoutMs }))).toMatchObject({
      problem: 'connection',
      message: `127.0.0.1:${port} cannot be reached: the connection was closed.`,
    });
    expect(await failureOf(open({ url: 'http://127.0.0.1:1/', timeoutMs }))).toMatchObject({
      message: '127.0.0.1:1 cannot be reached: the connection was refused.',
    });
    expect(await failureOf(open({ url: 'http://nothing.invalid/', timeoutMs }))).toMatchObject({
      problem: 'name',
      message: 'There is no host nothing.invalid.',
    });
  });
});

describe('addresses that are not public', () => {
  test.each([
    'http://127.0.0.1/',
    'http://localhost/',
    'http://[::1]/',
    'http://0/',
    'http://0x7f.1/',
    'http://2130706433/',
    'http://[::ffff:127.0.0.1]/',
    'http://169.254.169.254/latest/meta-data/',
    'https://10.0.0.1/',
  ])('are not connected to: %s', async url => {
    const before = received.length;
    expect(await failureOf(guarded({ url, timeoutMs }))).toMatchObject({ problem: 'address' });
    expect(received.length).toBe(before);
  });

  test('are not connected to if a name resolves to them, also the second time', async () => {
    const resolve = dns.lookup;
    const answers = ['93.184.216.34', '127.0.0.1'];
    const asked: string[] = [];
    dns.lookup = ((name: string, _options: object, done: (error: null, found: object[]) => void) => {
      asked.push(name);
      done(null, [{ address: answers[asked.length - 1] ?? '127.0.0.1', family: 4 }]);
    }) as never;
    try {
      const { syncBuiltinESMExports } = await import('node:module');
      syncBuiltinESMExports();
      const first = failureOf(guarded({ url: urlOf('/ok', 'rebind.example'), timeoutMs: 300 }));
      const second = failureOf(guarded({ url: urlOf('/ok', 'rebind.example'), timeoutMs: 300 }));
      expect((await first).problem).not.toBe('address');
      expect(await second).toMatchObject({ problem: 'address' });
      // One look-up for each connection: what was checked is what is connected to.
      expect(asked).toHaveLength(2);
    } finally {
      dns.lookup = resolve;
      (await import('node:module')).syncBuiltinESMExports();
    }
  });
});

test('a redirect is returned, and not followed', async () => {
  const before = received.length;
  const { status, headers, body } = await open({ url: urlOf('/inside'), timeoutMs });
  body.destroy();
  expect([status, headers.location]).toEqual([302, 'http://169.254.169.254/latest']);
  expect(received.length).toBe(before + 1);
});

test.each(['file:///etc/passwd', 'ftp://example.com', 'products.csv', ''])(
  '"%s" is no URL to request',
  async url => {
    expect(await failureOf(open({ url, timeoutMs }))).toMatchObject({ problem: 'url' });
  },
);
