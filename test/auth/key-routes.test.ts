import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startServer, type TestRequest, type TestServer } from '../harness.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.close());

async function call(path: string, init?: TestRequest) {
  const response = await server.fetch(path, init);
  const text = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    body: text === '' ? undefined : JSON.parse(text),
  };
}

const asAdmin = (init: TestRequest = {}): TestRequest => ({ key: server.adminKey, ...init });
const create = (json: unknown, more: TestRequest = {}) => call('/api/keys', asAdmin({ json, ...more }));
const good = { name: 'Report', scopes: ['read'] };

describe('POST /api/keys', () => {
  test('creates a key of the caller, shows it, and lets no cache keep it', async () => {
    const { status, headers, body } = await create({ ...good, expiresAt: '2099-01-01' });
    expect(status).toBe(201);
    expect(headers.get('cache-control')).toBe('no-store');
    expect(body).toEqual({
      id: body.key.slice(3, 15),
      key: expect.stringMatching(/^pk_/),
      name: 'Report',
      owner: 'admin@example.com',
      scopes: ['read'],
      expiresAt: '2099-01-01T00:00:00.000Z',
    });
    expect((await call('/api/keys', { key: body.key })).status).toBe(403);
  });

  test.each([
    [{ scopes: ['read'] }, 400, 'INVALID_VALUE', 'name'],
    [{ name: 7, scopes: ['read'] }, 400, 'INVALID_VALUE', 'name'],
    [{ name: '', scopes: ['read'] }, 400, 'INVALID_VALUE', 'name'],
    [{ name: 'x' }, 400, 'INVALID_VALUE', 'scopes'],
    [{ name: 'x', scopes: 'read' }, 400, 'INVALID_VALUE', 'scopes'],
    [{ name: 'x', scopes: [] }, 400, 'INVALID_VALUE', 'scopes'],
    [{ ...good, expiresAt: 'tomorrow' }, 400, 'INVALID_VALUE', 'expiresAt'],
    [{ ...good, expiresAt: '2099-13-01' }, 400, 'INVALID_VALUE', 'expiresAt'],
    [{ ...good, expiresAt: '2099-02-31' }, 400, 'INVALID_VALUE', 'expiresAt'],
    [{ ...good, expiresAt: '2099-01-01T00:00:00' }, 400, 'INVALID_VALUE', 'expiresAt'],
    [{ ...good, expiresAt: '2001-01-01' }, 400, 'INVALID_VALUE', 'expiresAt'],
    [{ ...good, expiresAt: 4070908800 }, 400, 'INVALID_VALUE', 'expiresAt'],
    [{ ...good, owner: 7 }, 400, 'INVALID_VALUE', 'owner'],
    [{ ...good, owner: 'nobody@example.com' }, 404, 'NOT_FOUND', 'owner'],
  ])('refuses %j', async (json, status, code, target) => {
    expect(await create(json)).toMatchObject({ status, body: { error: { code, target } } });
  });

  test('names the nearest scope and the nearest member', async () => {
    const scope = await create({ ...good, scopes: ['product:read'] });
    expect(scope.body.error).toMatchObject({ code: 'INVALID_VALUE', hint: 'Did you mean "products:read"?' });
    const member = await create({ ...good, expires: '2099-01-01' });
    expect(member.body.error).toMatchObject({ code: 'UNKNOWN_ARGUMENT', target: 'expires' });
    expect((await create({ ...good, onwer: 'x' })).body.error.hint).toBe('Did you mean "owner"?');
  });

  test('hands out no scope that the caller does not have', async () => {
    const key = await server.createKey('admin', 'products:read');
    const { status, body } = await create(good, { key });
    expect(status).toBe(403);
    expect(body.error).toMatchObject({ code: 'SCOPE_MISSING', target: 'read' });
    expect((await create({ ...good, scopes: ['products:read'] }, { key })).status).toBe(201);
    expect((await create({ ...good, scopes: ['products.cost:read'] }, { key })).status).toBe(403);
  });

  test('takes nothing but a JSON object, so that forms of foreign pages fail', async () => {
    const post = (body: string, type: string) =>
      call('/api/keys', asAdmin({ method: 'POST', body, headers: { 'content-type': type } }));
    const json = JSON.stringify(good);
    expect((await post(json, 'text/plain')).body.error.code).toBe('UNSUPPORTED_MEDIA_TYPE');
    expect((await post(json, 'application/x-www-form-urlencoded')).status).toBe(415);
    expect((await post('{"name": "secret', 'application/json')).body.error).toMatchObject({
      code: 'INVALID_JSON',
      message: expect.not.stringContaining('secret'),
    });
    expect((await post('[]', 'application/json')).body.error.code).toBe('MALFORMED_REQUEST');
    expect((await post('null', 'application/json')).body.error.code).toBe('MALFORMED_REQUEST');
    expect((await post('x'.repeat(20_000), 'application/json')).status).toBe(413);
    expect((await post(json, 'application/json; charset=utf-8')).status).toBe(201);
  });
});

describe('GET /api/keys', () => {
  test('lists keys without a trace of their secrets', async () => {
    const { body: made } = await create({ ...good, name: 'Listed' });
    const { status, headers, body } = await call('/api/keys', asAdmin());
    expect([status, headers.get('cache-control')]).toEqual([200, 'no-store']);
    const listed = body.keys.find((summary: { id: string }) => summary.id === made.id);
    expect(Object.keys(listed).sort()).toEqual([
      ...['createdAt', 'expiresAt', 'id', 'lastFour', 'lastUsedAt'],
      ...['lastUsedIp', 'name', 'owner', 'replaces', 'revokedAt', 'scopes'],
    ]);
    expect(listed).toMatchObject({
      name: 'Listed',
      owner: 'admin@example.com',
      lastFour: made.key.slice(-4),
    });
  });
});

describe('DELETE /api/keys/<id>', () => {
  test('revokes, at once and for good', async () => {
    const { body } = await create({ ...good, scopes: ['admin'] });
    expect((await call('/api/keys', { key: body.key })).status).toBe(200);
    const remove = () => call(`/api/keys/${body.id}`, asAdmin({ method: 'DELETE' }));
    expect(await remove()).toMatchObject({ status: 204, body: undefined });
    expect((await call('/api/keys', { key: body.key })).status).toBe(401);
    expect((await remove()).status).toBe(204);
  });

  test.each(['/api/keys/000000000000', '/api/keys/x', '/api/keys/', '/api/keys', "/api/keys/'%20or%201=1"])(
    'finds nothing at %s',
    async path => {
      const { status, body } = await call(path, asAdmin({ method: 'DELETE' }));
      expect([status, body.error.code]).toEqual([404, 'NOT_FOUND']);
    },
  );
});

describe.each([
  ['GET', '/api/keys'],
  ['POST', '/api/keys'],
  ['DELETE', '/api/keys/000000000000'],
])('%s %s', (method, path) => {
  test('needs a credential, and says how to send one', async () => {
    const { status, headers, body } = await call(path, { method });
    expect(status).toBe(401);
    expect(headers.get('www-authenticate')).toMatch(/^Basic realm="Portolan", charset="UTF-8"/);
    expect(body.error).toMatchObject({ code: 'UNAUTHENTICATED', hint: expect.stringContaining('X-API-Key') });
  });

  test('needs the scope admin, and names it', async () => {
    const { status, body } = await call(path, { method, key: await server.createKey('read', 'write') });
    expect(status).toBe(403);
    expect(body.error).toMatchObject({ code: 'SCOPE_MISSING', target: 'admin' });
  });

  test('refuses two credentials', async () => {
    const authorization = `Basic ${btoa(`x:${await server.createKey('read')}`)}`;
    const { status, body } = await call(path, asAdmin({ method, headers: { authorization } }));
    expect([status, body.error.code]).toEqual([400, 'TWO_CREDENTIALS']);
  });
});

test('HTTP Basic with the key as password works, as Excel sends it', async () => {
  const authorization = `Basic ${btoa(`excel:${server.adminKey}`)}`;
  expect((await call('/api/keys', { headers: { authorization } })).status).toBe(200);
});
