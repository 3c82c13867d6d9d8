// The whole list of routes, through both entries.

import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createHttpServer } from '../../src/http/server/create-server.ts';
import { startServer, type TestServer } from '../harness.ts';

let server: TestServer;
let origin: string;
const socket = createHttpServer((request, response) => server.app.listener(request, response));

beforeAll(async () => {
  server = await startServer({ demo: true });
  await new Promise<void>(resolve => socket.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(socket.address() as AddressInfo).port}`;
});

afterAll(async () => {
  socket.closeAllConnections();
  socket.close();
  await server.close();
});

const query = { query: 'products(take: 2, orderBy: [{ id: asc }]) { id, name, price }' };
const form = () => {
  const data = new FormData();
  data.set('entity', 'warehouses');
  data.set('file', new Blob(['code,name,city\nZZ1,Zed,Here\n'], { type: 'text/csv' }), 'w.csv');
  return data;
};

const asJson = (body: unknown): RequestInit => ({
  method: 'POST',
  body: JSON.stringify(body),
  headers: { 'content-type': 'application/json' },
});

const cases: [string, string, (() => RequestInit)?][] = [
  ['the index', '/'],
  ['liveness', '/healthz'],
  ['readiness', '/readyz'],
  ['the Query API', '/api/query', () => asJson(query)],
  ['a mistake in the Query API', '/api/query', () => asJson({ query: 'products { prise }' })],
  ['a body that is not JSON', '/api/query', () => ({ ...asJson(0), body: '{' })],
  ['GraphQL, compiled', '/graphql', () => asJson({ query: '{ products(take: 1) { id price } }' })],
  ['GraphQL, the long way', '/graphql', () => asJson({ query: '{ __schema { queryType { name } } }' })],
  ['GraphQL by GET', `/graphql?query=${encodeURIComponent('{ products(take: 1) { id } }')}`],
  ['the page of GraphiQL', '/graphql', () => ({ headers: { accept: 'text/html' } })],
  ['OData', '/odata/products?$select=id,name&$top=2&$orderby=id'],
  ['the metadata of OData', '/odata/$metadata'],
  ['a mistake in OData', '/odata/products?$select=prise'],
  ['HEAD of OData', '/odata/products?$top=1', () => ({ method: 'HEAD' })],
  ['an import', '/api/import', () => ({ method: 'POST', body: form() })],
  ['API keys', '/api/keys'],
  ['nothing', '/api/querry'],
];

const varying = ['connection', 'date', 'keep-alive', 'transfer-encoding'];

async function shown(response: Response) {
  const headers = [...response.headers].filter(([name]) => !varying.includes(name)).sort();
  return { status: response.status, headers, body: await response.text() };
}

test.each(cases)('answers alike over a socket and in process: %s', async (_, path, init = () => ({})) => {
  const send = (to: (url: string, init: RequestInit) => Promise<Response>, base: string) => {
    const { headers, ...rest } = init();
    const all = {
      'x-api-key': server.adminKey,
      'x-request-id': 'same',
      accept: '*/*',
      // Over the socket fetch would ask for compressed answers.
      'accept-encoding': 'identity',
      ...(headers as object),
    };
    return to(base + path, { ...rest, headers: all }).then(shown);
  };
  // One after the other: the import of the first must not be running when the second comes.
  const first = await send(fetch, origin);
  const near = await send((url, more) => server.app.fetch(new Request(url, more)), server.config.publicUrl);
  expect(first.status).toBeLessThan(500);
  if (path === '/api/import') expect(first.body).toContain('"imported":1');
  else expect(first).toEqual(near);
});

test.each(['/api/query', '/graphql', '/odata/products', '/api/import', '/api/keys'])(
  'needs a credential: %s',
  async path => {
    const method = path === '/api/query' || path === '/api/import' ? 'POST' : 'GET';
    const response = await fetch(origin + path, { method, headers: { accept: 'application/json' } });
    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toBeTruthy();
  },
);

test.each(['/api/query', '/graphql', '/odata/products', '/api/import'])(
  'lets pages of other origins in with a key: %s',
  async path => {
    const headers = { origin: 'https://a.example', 'access-control-request-method': 'POST' };
    const response = await server.fetch(path, { method: 'OPTIONS', headers });
    expect(response.status).toBe(204);
    expect(response.headers.get('access-control-allow-origin')).toBe('*');
  },
);

test('serves metrics to the local machine and to administrators', async () => {
  expect((await fetch(`${origin}/metrics`)).status).toBe(200);
  const proxied = { 'x-forwarded-for': '192.0.2.1' };
  expect((await fetch(`${origin}/metrics`, { headers: proxied })).status).toBe(401);
  const reader = await server.createKey('read');
  expect((await fetch(`${origin}/metrics`, { headers: { ...proxied, 'x-api-key': reader } })).status).toBe(
    403,
  );
  const headers = { ...proxied, 'x-api-key': server.adminKey };
  expect(await (await fetch(`${origin}/metrics`, { headers })).text()).toMatch(/door="odata",status="2xx"/);
});

test('is not ready while migrations are missing', async () => {
  await server.database.query('update "_prisma_migrations" set rolled_back_at = now()');
  const response = await server.fetch('/readyz');
  expect(response.status).toBe(503);
  expect((await response.json()).reasons[0]).toMatch(/^migrations are not applied: \d+_/);
  await server.database.query('update "_prisma_migrations" set rolled_back_at = null');
  expect((await server.fetch('/readyz')).status).toBe(200);
});

test('is not ready while it stops, and closes connections after their answers', async () => {
  server.app.drain();
  const [ready, alive] = await Promise.all([fetch(`${origin}/readyz`), fetch(`${origin}/healthz`)]);
  expect(ready.status).toBe(503);
  expect(await ready.json()).toEqual({ status: 'not ready', reasons: ['the server is stopping'] });
  expect(ready.headers.get('connection')).toBe('close');
  expect(alive.status).toBe(200);
});
