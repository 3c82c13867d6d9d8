import { describe, expect, test } from 'vitest';
import { serverForFile, type TestRequest } from '../harness.ts';

const server = serverForFile();

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
  test('creates a key of the caller, shows it, and forbids caching', async () => {
    const { status, headers, body } = await create({ ...good, expiresAt: '2099-01-01' });
    expect(status).toBe(201);
    expect(headers.get('cache-control')).toBe('no-store');
    expect(body).toEqual({
      id: body.key.slice(3, 15),
      key: expect.stringMatching(/^pk_/),
      name: 'Report',
      owner: 'admin@example.com',
      scopes: ['read'],
      lastFour: body.key.slice(-4),
      expiresAt: '2099-01-01T00:00:00.000Z',
      replaces: null,
    });
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

  test('suggests the nearest scope and the nearest member', async () => {
    const scope = await create({ ...good, scopes: ['product:read'] });
    expect(scope.body.error).toMatchObject({ code: 'INVALID_VALUE', hint: 'Did you mean "products:read"?' });
    const member = await create({ ...good, expires: '2099-01-01' });
    expect(member.body.error).toMatchObject({ code: 'UNKNOWN_ARGUMENT', target: 'expires' });
    expect((await create({ ...good, onwer: 'x' })).body.error.hint).toBe('Did you mean "owner"?');
  });

  test('grants no scope that the caller does not have', async () => {
    const key = await server.createKey('admin', 'products:read');
    const { status, body } = await create(good, { key });
    expect(status).toBe(403);
    expect(body.error).toMatchObject({ code: 'SCOPE_MISSING', target: 'read' });
    expect((await create({ ...good, scopes: ['products:read'] }, { key })).status).toBe(201);
    expect((await create({ ...good, scopes: ['products.cost:read'] }, { key })).status).toBe(403);
  });

  test('accepts only a JSON object, so that cross-site forms fail', async () => {
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
    expect((await post('x'.repeat(70_000), 'application/json')).status).toBe(413);
    expect((await post(json, 'application/json; charset=utf-8')).status).toBe(201);
  });
});

describe('the members of a body', () => {
  test.each([
    [{ name: 5, scopes: ['read'] }, '"name" must be a string.', 'name'],
    [{ scopes: ['read'] }, '"name" is missing.', 'name'],
    [{ ...good, scopes: 'read' }, '"scopes" must be a list of strings.', 'scopes'],
    [{ ...good, scopes: ['read', 1] }, '"scopes[1]" must be a string.', 'scopes[1]'],
    [
      { ...good, expiresAt: 'tomorrow' },
      '"expiresAt" must be a time such as 2027-01-01 or 2027-01-01T12:00:00Z.',
      'expiresAt',
    ],
    [{ ...good, expires: '2099-01-01' }, 'Unknown member "expires".', 'expires'],
  ])('are checked: %j', async (body, message, target) => {
    const { status, body: answer } = await create(body);
    expect([status, answer.error.message, answer.error.target]).toEqual([400, message, target]);
    expect(answer.error.details).toBeUndefined();
  });

  test('get all their validation errors at once', async () => {
    const { status, body } = await create({ name: 5, scopes: [true], expire: 1, constructor: 1 });
    expect(status).toBe(400);
    expect(body.error).toMatchObject({
      code: 'INVALID_VALUE',
      target: 'expire',
      message:
        '4 validation errors. Unknown member "expire". Unknown member "constructor". "name" must be a string. …',
      details: [
        { code: 'UNKNOWN_ARGUMENT', target: 'expire', message: 'Unknown member "expire".' },
        { code: 'UNKNOWN_ARGUMENT', target: 'constructor', message: 'Unknown member "constructor".' },
        { code: 'INVALID_VALUE', target: 'name', message: '"name" must be a string.' },
        { code: 'INVALID_VALUE', target: 'scopes[0]', message: '"scopes[0]" must be a string.' },
      ],
    });
  });

  test('are read after the permission is checked', async () => {
    const key = await server.createKey('read');
    expect((await create({ name: 5 }, { key })).body.error.code).toBe('SCOPE_MISSING');
  });
});

describe('GET /api/keys', () => {
  test('refuses unknown options, except for the credential of the query', async () => {
    const { status, body } = await call('/api/keys?ownr=x', asAdmin());
    expect([status, body.error.code, body.error.hint]).toEqual([
      400,
      'UNKNOWN_OPTION',
      'Did you mean "owner"?',
    ]);
    expect((await call('/api/keys?api_key=x', asAdmin())).status).toBe(200);
  });

  test('lists keys without their secrets', async () => {
    const { body: made } = await create({ ...good, name: 'Listed' });
    const { status, headers, body } = await call('/api/keys', asAdmin());
    expect([status, headers.get('cache-control')]).toEqual([200, 'no-store']);
    const listed = body.keys.find((summary: { id: string }) => summary.id === made.id);
    expect(Object.keys(listed).sort()).toEqual([
      ...['appId', 'createdAt', 'expiresAt', 'id', 'lastFour', 'lastUsedAt'],
      ...['lastUsedIp', 'madeBy', 'name', 'owner', 'prefix', 'replacedBy', 'replaces', 'revokedAt', 'scopes'],
      ...['state', 'userId', 'warning'],
    ]);
    expect(listed).toMatchObject({
      name: 'Listed',
      owner: 'admin@example.com',
      lastFour: made.key.slice(-4),
    });
  });
});

describe('DELETE /api/keys/<id>', () => {
  test('revokes a key at once and permanently', async () => {
    const { body } = await create({ ...good, scopes: ['admin'] });
    expect((await call('/api/keys', { key: body.key })).status).toBe(200);
    const remove = () => call(`/api/keys/${body.id}`, asAdmin({ method: 'DELETE' }));
    expect(await remove()).toMatchObject({ status: 204, body: undefined });
    expect((await call('/api/keys', { key: body.key })).status).toBe(401);
    expect((await remove()).status).toBe(204);
  });

  test.each(['/api/keys/', '/api/keys'])('answers 405 for %s', async path => {
    const { status, headers, body } = await call(path, asAdmin({ method: 'DELETE' }));
    expect([status, body.error.code]).toEqual([405, 'METHOD_NOT_ALLOWED']);
    expect(headers.get('allow')).toBe('GET, POST, HEAD, OPTIONS');
  });

  test.each([
    ...['/api/keys/000000000000', '/api/keys/x', "/api/keys/'%20or%201=1", '/api/keys/%', '/api/keys/%E0%A4'],
    ...['/api/keys/x/y', '/api/keys//rotate'],
  ])('answers 404 for %s', async path => {
    const { status, body } = await call(path, asAdmin({ method: 'DELETE' }));
    expect([status, body.error.code]).toEqual([404, 'NOT_FOUND']);
  });
});

describe('POST /api/keys/<id>/rotate', () => {
  const rotate = (id: string, json: unknown, more: TestRequest = {}) =>
    call(`/api/keys/${id}/rotate`, asAdmin({ json, ...more }));
  const works = async (key: string) => (await call('/api/keys', { key })).status === 200;

  test('creates a key with the same scopes, and the old one works during the overlap', async () => {
    const { body: old } = await create({ ...good, name: 'Shop', expiresAt: '2099-01-01' });
    const { status, headers, body } = await rotate(old.id, { overlapSeconds: 3_600 });
    expect([status, headers.get('cache-control')]).toEqual([201, 'no-store']);
    expect(body).toMatchObject({
      name: 'Shop',
      scopes: ['read'],
      owner: 'admin@example.com',
      replaces: old.id,
    });
    expect(body.key).not.toBe(old.key);
    expect([await works(old.key), await works(body.key)]).toEqual([true, true]);
    const { keys } = (await call('/api/keys', asAdmin())).body;
    const [before, after] = [old.id, body.id].map(id => keys.find((key: { id: string }) => key.id === id));
    const left = Date.parse(before.expiresAt) - Date.now();
    expect(left).toBeGreaterThan(3_500_000);
    expect(left).toBeLessThanOrEqual(3_600_000);
    expect(before).toMatchObject({ state: 'expiring', replacedBy: body.id });
    expect(before.warning).toMatch(/^It expires within the hour/);
    expect(after).toMatchObject({ state: 'active', replaces: old.id, warning: null });
    // It has the lifetime of the old key.
    expect(Date.parse(after.expiresAt)).toBeGreaterThan(Date.parse('2099-01-01') - 1_000);
  });

  test('without an overlap revokes the old key at once', async () => {
    const { body: old } = await create(good);
    const { body } = await rotate(old.id, { overlapSeconds: 0, expiresAt: '2099-02-01' });
    expect(body.expiresAt).toBe('2099-02-01T00:00:00.000Z');
    expect([await works(old.key), await works(body.key)]).toEqual([false, true]);
  });

  test('an overlap never extends the old key', async () => {
    const expiresAt = new Date(Date.now() + 60_000).toISOString();
    const { body: old } = await create({ ...good, expiresAt });
    await rotate(old.id, { overlapSeconds: 86_400 });
    const { keys } = (await call('/api/keys', asAdmin())).body;
    expect(keys.find((key: { id: string }) => key.id === old.id).expiresAt).toBe(expiresAt);
  });

  test('succeeds once for concurrent requests', async () => {
    const { body: old } = await create(good);
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => rotate(old.id, { overlapSeconds: 60 })),
    );
    expect(answers.map(answer => answer.status).sort()).toEqual([201, 409, 409, 409, 409]);
    const { body } = answers.find(answer => answer.status === 201)!;
    expect(await server.prisma.apiKey.count({ where: { replaces: old.id } })).toBe(1);
    expect((await rotate(old.id, { overlapSeconds: 60 })).body.error.hint).toBe(`Rotate ${body.id}.`);
  });

  test.each([
    [{}, 'overlapSeconds'],
    [{ overlapSeconds: '60' }, 'overlapSeconds'],
    [{ overlapSeconds: -1 }, 'overlap'],
    [{ overlapSeconds: 91 * 86_400 }, 'overlap'],
    [{ overlapSeconds: 0, expiresAt: '2001-01-01' }, 'expiresAt'],
    [{ overlapSeconds: 0, expiresAt: 'soon' }, 'expiresAt'],
  ])('refuses %j', async (json, target) => {
    const { body: old } = await create(good);
    const { status, body } = await rotate(old.id, json);
    expect([status, body.error.code, body.error.target]).toEqual([400, 'INVALID_VALUE', target]);
    expect(await works(old.key)).toBe(true);
  });

  test('refuses keys that are inactive or unknown', async () => {
    const { body: old } = await create(good);
    await call(`/api/keys/${old.id}`, asAdmin({ method: 'DELETE' }));
    expect((await rotate(old.id, { overlapSeconds: 0 })).status).toBe(409);
    expect((await rotate('000000000000', { overlapSeconds: 0 })).status).toBe(404);
    expect((await call(`/api/keys/${old.id}/other`, asAdmin({ json: {} }))).status).toBe(404);
  });

  test('never creates a key with more scopes than the caller has', async () => {
    const { body: strong } = await create({ ...good, scopes: ['read', 'write'] });
    const key = await server.createKey('admin', 'read');
    const { status, body } = await rotate(strong.id, { overlapSeconds: 0 }, { key });
    expect([status, body.error.code, body.error.target]).toEqual([403, 'SCOPE_MISSING', 'write']);
    expect(await works(strong.key)).toBe(true);
  });
});

test('a rotated key has the scopes that its owner has now, even if the owner gets more later', async () => {
  const cookie = await server.signIn('falling@example.com', { role: 'editor' });
  const headers = { cookie, 'sec-fetch-site': 'same-origin' };
  const { body: old } = await call('/api/keys', { headers, json: { ...good, scopes: ['read', 'write'] } });
  const { id } = await server.prisma.user.findUniqueOrThrow({ where: { email: 'falling@example.com' } });
  await server.app.userServices.users.change(id, { role: 'viewer' }, {});
  const { status, body } = await call(`/api/keys/${old.id}/rotate`, {
    headers,
    json: { overlapSeconds: 60 },
  });
  expect([status, body.scopes]).toEqual([201, ['read']]);
  await server.app.userServices.users.change(id, { role: null }, {});
  const refused = await call(`/api/keys/${body.id}/rotate`, asAdmin({ json: { overlapSeconds: 60 } }));
  expect([refused.status, refused.body.error.code]).toEqual([409, 'CONFLICT']);
});

describe('without the scope admin', () => {
  const ownOf = async (cookie: string) =>
    (await call('/api/keys', { headers: { cookie } })).body.keys.map((key: { owner: string }) => key.owner);

  test('a key can list its owner’s keys and rotate and revoke itself, and nothing else', async () => {
    const key = await server.createKey('read');
    const [id, other] = [key.slice(3, 15), (await server.createKey('write')).slice(3, 15)];
    const { body } = await call('/api/keys', { key });
    expect(new Set(body.keys.map((one: { owner: string }) => one.owner))).toEqual(
      new Set(['admin@example.com']),
    );
    for (const path of [`/api/keys/${other}`, '/api/keys/000000000000'])
      expect((await call(path, { key, method: 'DELETE' })).status).toBe(404);
    expect((await call(`/api/keys/${other}/rotate`, { key, json: { overlapSeconds: 0 } })).status).toBe(404);
    const refused = await call('/api/keys', { key, json: good });
    expect([refused.status, refused.body.error.target]).toEqual([403, 'admin']);
    const next = await call(`/api/keys/${id}/rotate`, { key, json: { overlapSeconds: 60 } });
    expect(next.body).toMatchObject({ scopes: ['read'], replaces: id });
    expect((await call(`/api/keys/${id}`, { key, method: 'DELETE' })).status).toBe(204);
    expect((await call('/api/keys', { key })).status).toBe(401);
    expect((await call('/api/keys', { key: next.body.key })).status).toBe(200);
  });

  test('a key cannot extend its lifetime by rotating itself', async () => {
    const { body } = await create({ ...good, expiresAt: new Date(Date.now() + 86_400_000).toISOString() });
    const rotate = (json: object) =>
      call(`/api/keys/${body.id}/rotate`, { key: body.key, json: { overlapSeconds: 0, ...json } });
    for (const expiresAt of [null, '2099-01-01'])
      expect((await rotate({ expiresAt })).body.error).toMatchObject({
        code: 'INVALID_VALUE',
        target: 'expiresAt',
      });
    expect((await rotate({})).status).toBe(201);
  });

  test('a signed-in user manages their own keys, within their own scopes', async () => {
    const cookie = await server.signIn('vera@example.com');
    const headers = { cookie, 'sec-fetch-site': 'same-origin' };
    const { status, body } = await call('/api/keys', { headers, json: good });
    expect([status, body.owner]).toEqual([201, 'vera@example.com']);
    expect(await ownOf(cookie)).toEqual(['vera@example.com']);
    expect((await call('/api/keys', { headers, json: { ...good, scopes: ['write'] } })).status).toBe(403);
    expect((await call('/api/keys', { headers, json: { ...good, owner: 'admin@example.com' } })).status).toBe(
      403,
    );
    expect(
      (await call('/api/keys', { headers, json: { ...good, owner: 'nobody@example.com' } })).status,
    ).toBe(403);
    const foreign = server.adminKey.slice(3, 15);
    expect((await call(`/api/keys/${foreign}`, { headers, method: 'DELETE' })).status).toBe(404);
    expect((await call(`/api/keys/${foreign}/rotate`, { headers, json: { overlapSeconds: 0 } })).status).toBe(
      404,
    );
    const rotated = await call(`/api/keys/${body.id}/rotate`, { headers, json: { overlapSeconds: 0 } });
    expect(rotated.body).toMatchObject({ owner: 'vera@example.com', replaces: body.id });
    expect((await call(`/api/keys/${rotated.body.id}`, { headers, method: 'DELETE' })).status).toBe(204);
    expect((await call('/api/keys', { headers: { cookie }, json: good })).status).toBe(403);
  });

  test('an administrator can list the keys of one user', async () => {
    const { id } = await server.prisma.user.findUniqueOrThrow({ where: { email: 'vera@example.com' } });
    for (const owner of ['Vera@example.com', id]) {
      const { body } = await call(`/api/keys?owner=${owner}`, asAdmin());
      expect(new Set(body.keys.map((key: { owner: string }) => key.owner))).toEqual(
        new Set(['vera@example.com']),
      );
    }
    expect((await call('/api/keys?owner=%00', asAdmin())).body.keys).toEqual([]);
    const cookie = await server.signIn('vera@example.com');
    expect((await call('/api/keys?owner=admin@example.com', { headers: { cookie } })).body.keys).toEqual([]);
    expect((await call('/api/keys?user=x', asAdmin())).body.error.code).toBe('UNKNOWN_OPTION');
  });
});

test('every key event is in the audit log, with actor and address, and without the key', async () => {
  await server.prisma.auditEvent.deleteMany();
  const { body: made } = await create(good);
  const { body: next } = await call(`/api/keys/${made.id}/rotate`, asAdmin({ json: { overlapSeconds: 0 } }));
  await call(`/api/keys/${next.id}`, asAdmin({ method: 'DELETE' }));
  await call(`/api/keys/${next.id}`, asAdmin({ method: 'DELETE' }));
  const { events } = await server.auth.audit.list();
  expect(events.map(({ kind, subject }) => [kind, subject]).reverse()).toEqual([
    ['key.created', made.id],
    ['key.rotated', next.id],
    ['key.revoked', next.id],
  ]);
  for (const event of events)
    expect(event).toMatchObject({ actor: { id: server.adminKey.slice(3, 15) }, address: '127.0.0.1' });
  expect(JSON.stringify(events)).not.toContain(made.key.slice(16, -6));
  expect(JSON.stringify(events)).not.toContain(next.key.slice(16, -6));
});

describe.each([
  ['GET', '/api/keys'],
  ['POST', '/api/keys'],
  ['DELETE', '/api/keys/000000000000'],
  ['POST', '/api/keys/000000000000/rotate'],
])('%s %s', (method, path) => {
  test('needs a credential, and says how to send one', async () => {
    const { status, headers, body } = await call(path, { method });
    expect(status).toBe(401);
    expect(headers.get('www-authenticate')).toMatch(/^Basic realm="Portolan", charset="UTF-8"/);
    expect(body.error).toMatchObject({ code: 'UNAUTHENTICATED', hint: expect.stringContaining('X-API-Key') });
  });

  test('refuses two credentials', async () => {
    const authorization = `Basic ${btoa(`x:${await server.createKey('read')}`)}`;
    const { status, body } = await call(path, asAdmin({ method, headers: { authorization } }));
    expect([status, body.error.code]).toEqual([400, 'TWO_CREDENTIALS']);
  });
});

test('HTTP Basic with the key as the password works, as Excel sends it', async () => {
  const authorization = `Basic ${btoa(`excel:${server.adminKey}`)}`;
  expect((await call('/api/keys', { headers: { authorization } })).status).toBe(200);
});
