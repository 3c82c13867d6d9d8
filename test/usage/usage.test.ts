import { describe, expect, test } from 'vitest';
import { serverForFile, startServer } from '../harness.ts';

const server = serverForFile({ demo: true, env: { COST_LIMIT: '1000000' } });

async function usage(query: string, init: { key?: string; headers?: Record<string, string> }) {
  const response = await server.fetch(`/api/usage${query}`, init);
  return { status: response.status, body: await response.json() };
}
const today = () => new Date().toISOString().slice(0, 10);
const tooDeep = { query: '{ products { nothing } }' };

describe('GET /api/usage', () => {
  test('adds up requests, errors and cost of a key, by day and API', async () => {
    const key = await server.createKey('read');
    for (let count = 0; count < 3; count++) await server.fetch('/odata/products?$top=1000', { key });
    await server.fetch('/odata/nothing', { key });
    await server.fetch('/graphql', { key, json: tooDeep });
    const { status, body } = await usage('?by=day,api', { key });
    expect(status).toBe(200);
    const row = { day: today(), limited: 0, failures: 0, meanMs: expect.any(Number) };
    expect(body.usage).toEqual([
      { ...row, api: 'graphql', requests: 1, errors: expect.any(Number), cost: 1 },
      { ...row, api: 'odata', requests: 4, errors: 1, cost: expect.any(Number) },
    ]);
    expect(body.usage[1].cost).toBeGreaterThan(10);
    expect(body.to).toBe(today());
  });

  test('keeps adding to what is stored', async () => {
    const key = await server.createKey('read');
    await server.fetch('/odata/products(1)', { key });
    const first = await usage('?by=', { key });
    await server.fetch('/odata/products(1)', { key });
    const second = await usage('?by=', { key });
    // The request for the usage itself counts too.
    expect([first.body.usage[0].requests, second.body.usage[0].requests]).toEqual([1, 3]);
  });

  test('shows a key its own usage, a user that of all their credentials, and an administrator everything', async () => {
    const cookie = await server.signIn('clerk@example.com', { role: 'editor' });
    const clerk = await server.prisma.user.findUniqueOrThrow({ where: { email: 'clerk@example.com' } });
    const { key } = await server.auth.keys.create({
      ...{ email: 'clerk@example.com', name: 'Report', scopes: ['read'] },
    });
    await server.fetch('/odata/products(1)', { key });
    await server.fetch('/odata/products(1)', { headers: { cookie } });
    const credentials = async (init: object) =>
      (await usage('?by=credential', init)).body.usage.map(
        (row: { credential: string }) => row.credential.split(':')[0],
      );
    expect(await credentials({ key })).toEqual(['key']);
    expect(await credentials({ headers: { cookie } })).toEqual(['key', 'user']);
    const { body } = await usage('?by=user', { key: server.adminKey });
    expect(body.usage.map((row: { user: string }) => row.user)).toContain(clerk.id);
    expect(body.usage.length).toBeGreaterThan(1);
    const others = await usage(`?user=${clerk.id}`, { key: await server.createKey('read') });
    expect([others.status, others.body.error.code]).toEqual([403, 'SCOPE_MISSING']);
  });

  test.each([
    ['?from=2027-02-30', 'from'],
    ['?from=2027-02-02&to=2027-02-01', 'from'],
    ['?by=day,hour', 'by'],
    ['?user=7', 'user'],
  ])('refuses %s', async (query, target) => {
    const { status, body } = await usage(query, { key: server.adminKey });
    expect([status, body.error.code, body.error.target]).toEqual([400, 'INVALID_VALUE', target]);
  });

  test('refuses unknown options and requests without a credential', async () => {
    const unknown = await usage('?form=2027-01-01', { key: server.adminKey });
    expect([unknown.status, unknown.body.error.hint]).toEqual([400, 'Did you mean "from"?']);
    expect((await usage('', {})).status).toBe(401);
  });
});

test('what the database does not take is kept and written later', async () => {
  const key = await server.createKey('read');
  await server.database.query('ALTER TABLE "portolan"."usage" RENAME TO "usage_away"');
  await server.fetch('/odata/products(1)', { key });
  const failed = await usage('?by=', { key });
  await server.database.query('ALTER TABLE "portolan"."usage_away" RENAME TO "usage"');
  expect(failed.status).toBe(500);
  const { body } = await usage('?by=api', { key });
  expect(body.usage).toMatchObject([
    { api: 'odata', requests: 1 },
    { api: 'usage', requests: 1, failures: 1 },
  ]);
});

test('a key in the URL is no option', async () => {
  await using open = await startServer({ env: { API_KEY_IN_QUERY: 'true' } });
  for (const path of ['usage', 'audit', 'keys', 'webhooks'])
    expect([path, (await open.fetch(`/api/${path}?api_key=${open.adminKey}`)).status]).toEqual([path, 200]);
});

test('counts responses with 429 apart from other errors', async () => {
  await using limited = await startServer({ env: { RATE_LIMIT: '2', RATE_LIMIT_SECONDS: '3600' } });
  const key = await limited.createKey('read');
  for (let count = 0; count < 5; count++) await limited.fetch('/odata', { key });
  const response = await limited.fetch('/api/usage?by=api', { key: limited.adminKey });
  expect((await response.json()).usage).toMatchObject([{ api: 'odata', requests: 5, limited: 3, errors: 0 }]);
});
