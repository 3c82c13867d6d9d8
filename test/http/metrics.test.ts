import { afterAll, beforeAll, expect, test } from 'vitest';
import { anonymous } from '../../src/base/principal.ts';
import { json } from '../../src/http/message/respond.ts';
import { metricsRoute } from '../../src/http/metrics-route.ts';
import { door, type OpenEntries, openEntries } from './open-entries.ts';

let entries: OpenEntries;

beforeAll(async () => {
  entries = await openEntries(
    door({ method: 'GET', path: '/data', open: true, handle: () => json(200, {}) }),
  );
});

afterAll(() => entries.close());

test('counts requests and measures them by door and status class', async () => {
  await entries.overSocket('/data');
  await entries.overSocket('/data');
  await entries.overSocket('/nothing');
  const printed = await entries.metrics.print();
  expect(printed).toContain('portolan_http_requests_total{door="test",status="2xx"} 2');
  expect(printed).toContain('portolan_http_requests_total{door="none",status="4xx"} 1');
  expect(printed).toContain('portolan_http_request_duration_seconds_count{door="test",status="2xx"} 2');
  expect(printed).toContain('portolan_http_requests_in_flight 0');
});

test('shows the pool of connections and the process', async () => {
  const printed = await entries.metrics.print();
  expect(printed).toContain('portolan_database_connections 3');
  expect(printed).toContain('portolan_database_connections_idle 2');
  expect(printed).toContain('portolan_database_connections_waiting 1');
  expect(printed).toMatch(/process_resident_memory_bytes \d+/);
});

const ask = (address: string, scopes: string[], headers: Record<string, string> = {}) => {
  const route = metricsRoute(entries.metrics, async () => ({ ...anonymous, scopes: new Set(scopes) }));
  const request = { address, header: (name: string) => headers[name] };
  return route.handle(request as never, anonymous);
};

test.each(['127.0.0.1', '::1', '::ffff:127.0.0.1'])(
  'needs no key from the machine itself: %s',
  async address => {
    expect(await ask(address, [])).toMatchObject({
      status: 200,
      body: expect.stringContaining('process_cpu'),
    });
  },
);

test('needs the scope admin from elsewhere', async () => {
  await expect(ask('192.0.2.1', ['read'])).rejects.toMatchObject({ code: 'SCOPE_MISSING' });
  expect(await ask('192.0.2.1', ['admin'])).toMatchObject({ status: 200 });
});

test('takes what a proxy on the machine passes on as coming from elsewhere', async () => {
  await expect(ask('127.0.0.1', [], { 'x-forwarded-for': '192.0.2.1' })).rejects.toMatchObject({
    code: 'SCOPE_MISSING',
  });
});
