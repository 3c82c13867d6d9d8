import { describe, expect, test } from 'vitest';
import { serverForFile, type TestServer } from '../harness.ts';
import { createClient, makeApp } from '../oauth/oauth-world.ts';

const server = serverForFile({ env: { RATE_LIMIT: '5000', TAKE_MAX: '200', TAKE_DEFAULT: '20' } });

const getMe = async (init: Parameters<TestServer['fetch']>[1]) => {
  const response = await server.fetch('/api/me', init);
  return { status: response.status, headers: response.headers, body: await response.json() };
};

describe('GET /api/me', () => {
  test('tells a key who it is, what it may do, and its limits', async () => {
    const expiresAt = new Date('2099-01-01');
    const scopes = ['products:read', 'products:write', 'products.cost:read', 'orders:read'];
    const made = await server.auth.keys.create({
      email: 'admin@example.com',
      name: 'Shop',
      scopes,
      expiresAt,
    });
    const { status, headers, body } = await getMe({ key: made.key });
    expect([status, headers.get('cache-control')]).toEqual([200, 'no-store']);
    expect(body).toEqual({
      kind: 'key',
      id: made.id,
      name: 'Shop',
      user: {
        id: expect.any(String),
        email: 'admin@example.com',
        name: 'Administrator',
        role: 'administrator',
      },
      app: null,
      scopes: ['orders:read', 'products.cost:read', 'products:read', 'products:write'],
      allowed: [
        'Read orders',
        'Read the purchase price of products',
        'Read products, but no restricted fields',
        'Create, change and delete products, but no restricted fields',
      ],
      sets: [
        {
          name: 'products',
          read: true,
          write: true,
          restrictedFields: [
            { name: 'cost', read: true, write: false },
            { name: 'margin', read: true, write: false },
          ],
        },
        { name: 'orders', read: true, write: false, restrictedFields: [] },
      ],
      limits: {
        takeDefault: 20,
        takeMax: 200,
        depthMax: 12,
        costMax: 10_000_000,
        bodyBytesMax: 1_048_576,
        uploadBytesMax: 1_073_741_824,
        requests: { max: 5_000, seconds: 60 },
        totalCost: null,
      },
      expiresAt: '2099-01-01T00:00:00.000Z',
    });
  });

  test('says what may not be read: a scope for every set gives no restricted field', async () => {
    const { body } = await getMe({ key: await server.createKey('read') });
    const products = body.sets.find((set: { name: string }) => set.name === 'products');
    expect(products).toEqual({
      name: 'products',
      read: true,
      write: false,
      restrictedFields: [
        { name: 'cost', read: false, write: false },
        { name: 'margin', read: false, write: false },
      ],
    });
    expect(body.expiresAt).toBeNull();
  });

  test('tells a session, cut to what its person may do now', async () => {
    const cookie = await server.signIn('vera@example.com', { role: 'viewer' });
    const { body } = await getMe({ headers: { cookie } });
    expect(body).toMatchObject({
      kind: 'session',
      user: { email: 'vera@example.com', role: 'viewer' },
      scopes: ['read'],
    });
    expect(Date.parse(body.expiresAt)).toBeGreaterThan(Date.now());
  });

  test('tells a token which app holds it, and for whom it acts', async () => {
    const app = await makeApp(server, { name: 'Nightly job', scopes: ['products:read', 'orders:read'] });
    const form = { grant_type: 'client_credentials', client_id: app.id, client_secret: app.secret };
    const { access_token: token } = await (
      await createClient(server).token({ ...form, scope: 'products:read' })
    ).json();
    const { body } = await getMe({ headers: { authorization: `Bearer ${token}` } });
    expect(body).toMatchObject({
      kind: 'token',
      user: { email: 'admin@example.com' },
      app: { id: app.id, name: 'Nightly job' },
      scopes: ['products:read'],
      sets: [{ name: 'products', read: true, write: false }],
    });
    const days = (Date.parse(body.expiresAt) - Date.now()) / 86_400_000;
    expect(days).toBeGreaterThan(29.9);
    expect(days).toBeLessThanOrEqual(30);
    for (const path of ['/api/keys', '/api/audit', '/api/safestore'])
      expect((await server.fetch(path, { headers: { authorization: `Bearer ${token}` } })).status).toBe(403);
  });

  test('needs a credential', async () => {
    expect((await getMe({})).status).toBe(401);
    expect((await getMe({ key: 'pk_wrong' })).status).toBe(401);
  });
});

test('me in GraphQL says the same', async () => {
  const key = await server.createKey('read', 'products:write');
  const query = `{ me { kind id name user { id email name role } app { id name } scopes allowed
    sets { name read write restrictedFields { name read write } }
    limits { takeDefault takeMax depthMax costMax bodyBytesMax uploadBytesMax requests { max seconds } totalCost { max seconds } } expiresAt } }`;
  const { data } = await (await server.fetch('/graphql', { key, json: { query } })).json();
  expect(data.me).toEqual((await getMe({ key })).body);
});
