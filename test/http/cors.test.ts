import { afterAll, beforeAll, expect, test } from 'vitest';
import { json } from '../../src/http/message/respond.ts';
import { door, type OpenEntries, openEntries } from './open-entries.ts';

let entries: OpenEntries;

beforeAll(async () => {
  entries = await openEntries(door({ method: 'POST', path: '/api/query', handle: () => json(200, {}) }), {
    name: 'console',
    routes: [{ method: 'GET', path: '/console', open: true, handle: () => json(200, {}) }],
  });
});

afterAll(() => entries.close());

const origin = 'https://shop.example';

const ask = (path: string, headers: Record<string, string>) =>
  entries.inProcess(path, { method: 'OPTIONS', headers: { origin, ...headers } });

test('lets pages of any origin send keys in headers', async () => {
  const response = await ask('/api/query', {
    'access-control-request-method': 'POST',
    'access-control-request-headers': 'authorization,content-type, x-api-key',
  });
  expect(response.status).toBe(204);
  expect(Object.fromEntries(response.headers)).toMatchObject({
    'access-control-allow-origin': '*',
    'access-control-allow-methods': 'POST, OPTIONS',
    'access-control-allow-headers': 'authorization,content-type, x-api-key',
  });
});

test('lets them read the headers that matter, of errors too', async () => {
  const response = await entries.inProcess('/api/query', { method: 'POST', headers: { origin } });
  expect(response.status).toBe(401);
  expect(response.headers.get('access-control-allow-origin')).toBe('*');
  const exposed = response.headers.get('access-control-expose-headers');
  for (const name of ['Portolan-Truncated', 'X-Request-Id', 'Retry-After', 'RateLimit', 'Portolan-Cost'])
    expect(exposed).toContain(name);
});

test('never allows what a browser would add of its own', async () => {
  const response = await ask('/api/query', { 'access-control-request-method': 'POST' });
  expect(response.headers.has('access-control-allow-credentials')).toBe(false);
});

test('repeats no header list that is none', async () => {
  const response = await ask('/api/query', {
    'access-control-request-method': 'POST',
    'access-control-request-headers': 'a;b',
  });
  expect(response.headers.get('access-control-allow-headers')).toBe('*');
});

test('opens no other door to pages of other origins', async () => {
  const response = await ask('/console', { 'access-control-request-method': 'GET' });
  const names = [...response.headers.keys()];
  expect(response.headers.get('allow')).toBe('GET, HEAD, OPTIONS');
  expect(names.filter(name => name.startsWith('access-control'))).toEqual([]);
});
