import { afterAll, beforeAll, expect, test } from 'vitest';
import { createLog } from '../../src/base/log.ts';
import { createAccessLog } from '../../src/http/access-log.ts';
import type { Received } from '../../src/http/message/message.ts';
import { json } from '../../src/http/message/respond.ts';
import { door, type OpenEntries, openEntries } from './open-entries.ts';

let entries: OpenEntries;

beforeAll(async () => {
  entries = await openEntries(door({ method: 'GET', path: '/data/*', handle: () => json(200, {}) }));
});

afterAll(() => entries.close());

async function lineOf(path: string, init: RequestInit = {}) {
  const response = await entries.overSocket(path, { headers: { 'x-api-key': 'good' }, ...init });
  await response.text();
  const id = response.headers.get('x-request-id');
  return entries.logged().find(entry => entry.requestId === id);
}

test('writes one line a request', async () => {
  expect(await lineOf('/data/a?x=1')).toEqual({
    level: 30,
    time: expect.any(Number),
    method: 'GET',
    url: '/data/a?x=1',
    status: 200,
    durationMs: expect.any(Number),
    principal: 'abcdefghijkl',
    requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
    msg: 'request',
  });
});

test('names no principal where there is none', async () => {
  const line = await lineOf('/data', { headers: {} });
  expect(line).toMatchObject({ status: 401 });
  expect(line).not.toHaveProperty('principal');
});

test('says HEAD for HEAD', async () => {
  expect(await lineOf('/data', { method: 'HEAD' })).toMatchObject({ method: 'HEAD', status: 200 });
});

test.each(['api_key', 'api%5Fkey', '%61pi_key', 'API_KEY', 'a=1&api_key', 'a&api%5fKEY'])(
  'never holds a key that came in the query as %s',
  async name => {
    const line = await lineOf(`/data?${name}=hunter2hunter2&b=2`);
    expect(line?.url).toMatch(/&b=2$/);
    expect(JSON.stringify(entries.logged())).not.toContain('hunter2');
  },
);

test('never holds a key that came in a header', async () => {
  await lineOf('/data', {
    headers: { 'x-api-key': 'ptl_wrong_hunter3', authorization: 'Basic aHVudGVyMw==' },
  });
  expect(JSON.stringify(entries.logged())).not.toMatch(/hunter3|aHVudGVyMw/);
});

test('cuts long addresses', async () => {
  const line = await lineOf(`/data?a=${'x'.repeat(10_000)}`);
  expect(String(line?.url)).toHaveLength(2_000);
});

test('writes a line at a time for people, so that none is left as JSON', () => {
  const written: string[] = [];
  const log = createLog({ logLevel: 'info', logFormat: 'json' }, { write: text => void written.push(text) });
  const accessLog = createAccessLog(log, 'pretty');
  const request = { method: 'GET', path: '/', query: '', id: 'one', head: false } as Received;
  for (const status of [200, 404])
    accessLog.write({ request, startedAt: 0 }, { status, durationMs: 1, cost: 1 });
  expect(written.map(line => JSON.parse(line).status)).toEqual([200, 404]);
});
