import { describe, expect, test } from 'vitest';
import { serverForFile, startServer, type TestRequest } from '../harness.ts';
import { openBrowser } from './browser.ts';

const password = 'long enough and not common';
const own = { 'sec-fetch-site': 'same-origin' };
const server = serverForFile({ env: { ADMIN_PASSWORD: password } });

async function call(path: string, init: TestRequest = { key: server.adminKey }) {
  const response = await server.fetch(path, init);
  const text = await response.text();
  return { status: response.status, body: text === '' ? undefined : JSON.parse(text) };
}

const asAdmin = (method: string, json?: unknown): TestRequest => ({ key: server.adminKey, method, json });
const invite = (json: unknown, key = server.adminKey) => call('/api/invitations', { key, json });
const change = (id: string, json: unknown, key = server.adminKey) =>
  call(`/api/users/${id}`, { key, json, method: 'PATCH' });

let users = 0;
async function somebody(more: Record<string, unknown> = {}) {
  const passwordHash = await server.auth.passwords.hash(password);
  const data = { email: `user-${++users}@example.com`, role: 'viewer' as const, passwordHash, ...more };
  return server.prisma.user.create({ data });
}

const admin = () => server.prisma.user.findUniqueOrThrow({ where: { email: 'admin@example.com' } });
/** What was done about somebody, their keys left out. */
const events = (userId: string) =>
  server.prisma.auditEvent.findMany({
    where: { userId, NOT: { kind: { startsWith: 'key.' } } },
    orderBy: { id: 'asc' },
  });

describe('GET /api/users', () => {
  test('lists users by e-mail address, page by page, without secrets', async () => {
    const list = await startServer();
    const get = async (query: string) =>
      JSON.parse(await (await list.fetch(`/api/users${query}`, { key: list.adminKey })).text());
    for (const email of ['b_1@x.example', 'bx1@x.example', 'c%@x.example'])
      await list.prisma.user.create({ data: { email, name: `Name of ${email}` } });
    const first = await get('?take=2');
    expect(first.users.map((user: { email: string }) => user.email)).toEqual([
      'admin@example.com',
      'b_1@x.example',
    ]);
    expect(first.users[0]).toEqual({
      id: expect.any(String),
      email: 'admin@example.com',
      name: 'Administrator',
      role: 'administrator',
      scopes: [],
      state: 'active',
      createdAt: expect.any(String),
      lastSignInAt: null,
    });
    const second = await get(`?take=2&after=${encodeURIComponent(first.next)}`);
    expect(second).toMatchObject({
      users: [{ email: 'bx1@x.example' }, { email: 'c%@x.example', state: 'invited' }],
    });
    expect(second.next).toBeUndefined();
    const emails = async (query: string) =>
      (await get(query)).users.map((user: { email: string }) => user.email);
    expect(await emails('?search=B_1')).toEqual(['b_1@x.example']);
    expect(await emails('?search=%25')).toEqual(['c%@x.example']);
    expect(await emails('?search=name%20of%20c')).toEqual(['c%@x.example']);
    expect(await emails("?search='%20or%20''='")).toEqual([]);
    expect(await emails('?search=%00')).toEqual([]);
    expect(await emails('?state=active')).toEqual(['admin@example.com']);
    expect(await emails('?state=disabled')).toEqual([]);
    await list.close();
  });

  test.each(['?take=0', '?take=201', '?take=x', '?state=gone', '?order=name'])('refuses %s', async query => {
    expect((await call(`/api/users${query}`)).status).toBe(400);
  });
});

describe('PATCH /api/users/<id>', () => {
  test('changes name, role and scopes, and leaves a trace', async () => {
    const { id } = await somebody();
    const { status, body } = await change(id, {
      name: ' Ada ',
      role: 'editor',
      scopes: ['products.cost:read'],
    });
    expect(status).toBe(200);
    expect(body).toMatchObject({ id, name: 'Ada', role: 'editor', scopes: ['products.cost:read'] });
    expect((await change(id, { role: null, scopes: [] })).body).toMatchObject({
      name: 'Ada',
      role: null,
      scopes: [],
    });
    expect(await events(id)).toMatchObject([
      {
        kind: 'user.changed',
        actor: { kind: 'key' },
        details: { before: { role: 'viewer' }, after: { role: 'editor' } },
      },
      { kind: 'user.changed' },
    ]);
  });

  test('a changed role takes effect at once', async () => {
    const { id, email } = await somebody();
    const cookie = await server.signIn(email);
    const { key } = await server.auth.keys.create({ email, name: 'x', scopes: ['read'] });
    expect((await call('/api/query', { key, json: { query: 'products { id }' } })).status).toBe(200);
    await change(id, { role: null });
    const seen = await server.auth.sessions.find({
      header: name => (name === 'cookie' ? cookie : undefined),
      address: '',
    });
    expect([...seen!.principal.scopes]).toEqual([]);
  });

  test('disables, which ends sessions and keys, and enables again', async () => {
    const { id, email } = await somebody();
    const [cookie, { key }] = [
      await server.signIn(email),
      await server.auth.keys.create({ email, name: 'x', scopes: ['read'] }),
    ];
    expect((await change(id, { disabled: true })).body).toMatchObject({ state: 'disabled' });
    const account = () => server.fetch('/account', { headers: { cookie }, redirect: 'manual' });
    expect((await account()).status).toBe(303);
    const [again] = await Promise.all([change(id, { disabled: false })]);
    expect(again!.body).toMatchObject({ state: 'active' });
    expect((await account()).status).toBe(303);
    expect((await events(id)).map(event => event.kind)).toEqual(['user.disabled', 'user.enabled']);
    expect(key).toMatch(/^pk_/);
  });

  test.each([
    [{ role: 'boss' }, 'INVALID_VALUE', 'role'],
    [{ role: 7 }, 'INVALID_VALUE', 'role'],
    [{ scopes: ['product:read'] }, 'INVALID_VALUE', 'scopes'],
    [{ scopes: 'read' }, 'INVALID_VALUE', 'scopes'],
    [{ name: 'x'.repeat(101) }, 'INVALID_VALUE', 'name'],
    [{ name: 'a\nb' }, 'INVALID_VALUE', 'name'],
    [{ disabled: 'yes' }, 'INVALID_VALUE', 'disabled'],
    [{ email: 'x@example.com' }, 'UNKNOWN_ARGUMENT', 'email'],
    [{ passwordHash: 'x' }, 'UNKNOWN_ARGUMENT', 'passwordHash'],
  ])('refuses %j', async (json, code, target) => {
    const { id } = await somebody();
    expect(await change(id, json)).toMatchObject({ status: 400, body: { error: { code, target } } });
  });

  test('cannot grant more permissions than the caller has', async () => {
    const key = await server.createKey('admin', 'read');
    const { id } = await somebody();
    expect((await change(id, { name: 'x' }, key)).status).toBe(200);
    for (const json of [
      { role: 'editor' },
      { role: 'administrator' },
      { scopes: ['products.cost:read'] },
      { scopes: ['write'] },
    ])
      expect(await change(id, json, key)).toMatchObject({
        status: 403,
        body: { error: { code: 'SCOPE_MISSING' } },
      });
    expect((await change(id, { role: null, scopes: ['products:read', 'admin'] }, key)).status).toBe(200);
    expect(await invite({ email: 'more@example.com', role: 'editor' }, key)).toMatchObject({ status: 403 });
    expect(await server.prisma.user.count({ where: { email: 'more@example.com' } })).toBe(0);
  });

  test('nobody gets into an account that may do more', async () => {
    const key = await server.createKey('admin', 'read');
    const editor = await somebody({ role: 'editor' });
    const invited = await somebody({ role: 'editor', passwordHash: null });
    expect((await call(`/api/users/${editor.id}/password-reset`, { key, method: 'POST' })).status).toBe(403);
    expect((await call(`/api/invitations/${invited.id}`, { key, method: 'POST' })).status).toBe(403);
    expect((await change(editor.id, { disabled: true }, key)).status).toBe(200);
    expect((await change(editor.id, { disabled: false }, key)).status).toBe(403);
  });
});

describe('the last administrator', () => {
  test('cannot be demoted, disabled or deleted; invited users do not count', async () => {
    const { id } = await admin();
    await somebody({ role: 'administrator', passwordHash: null });
    await somebody({ role: 'administrator', disabledAt: new Date() });
    const { key } = await server.auth.keys.create({
      email: (await somebody({ scopes: server.catalog.scopes })).email,
      name: 'x',
      scopes: server.catalog.scopes,
    });
    for (const json of [{ role: 'editor' }, { role: null }, { disabled: true }])
      expect(await change(id, json, key)).toMatchObject({
        status: 409,
        body: { error: { code: 'CONFLICT' } },
      });
    expect((await call(`/api/users/${id}`, { key, method: 'DELETE' })).status).toBe(409);
    expect((await change(id, { name: 'Still here' }, key)).status).toBe(200);
    expect(await admin()).toMatchObject({ role: 'administrator', disabledAt: null, name: 'Still here' });
  });

  test('stays when the last two demote one another at the same time', async () => {
    const pair = await startServer({ env: { ADMIN_PASSWORD: password } });
    const passwordHash = await pair.auth.passwords.hash(password);
    const other = await pair.prisma.user.create({
      data: { email: 'other@example.com', role: 'administrator', passwordHash },
    });
    const first = await pair.prisma.user.findUniqueOrThrow({ where: { email: 'admin@example.com' } });
    const demote = (id: string) =>
      pair
        .fetch(`/api/users/${id}`, { key: pair.adminKey, method: 'PATCH', json: { role: 'viewer' } })
        .then(answer => answer.status);
    const statuses = await Promise.all([demote(first.id), demote(other.id)]);
    expect(statuses.sort()).toEqual([200, 409]);
    expect(await pair.prisma.user.count({ where: { role: 'administrator' } })).toBe(1);
    await pair.close();
  });

  test('is not oneself by mistake: nobody disables or deletes themselves', async () => {
    const { email, id } = await somebody({ role: 'administrator' });
    const headers = { cookie: await server.signIn(email), ...own };
    expect(
      (await call(`/api/users/${id}`, { method: 'PATCH', json: { disabled: true }, headers })).status,
    ).toBe(409);
    expect((await call(`/api/users/${id}`, { method: 'DELETE', headers })).status).toBe(409);
    await server.prisma.user.delete({ where: { id } });
  });
});

test('DELETE /api/users/<id> takes keys, sessions and secrets along, and leaves the audit trail', async () => {
  const { id, email } = await somebody();
  await server.signIn(email);
  await server.auth.keys.create({ email, name: 'x', scopes: ['read'] });
  await change(id, { name: 'Traced' });
  expect((await call(`/api/users/${id}`, asAdmin('DELETE'))).status).toBe(204);
  const where = { userId: id };
  const { prisma } = server;
  const left = [
    prisma.apiKey.count({ where }),
    prisma.session.count({ where }),
    prisma.userKey.count({ where }),
  ];
  expect(await Promise.all(left)).toEqual([0, 0, 0]);
  expect((await events(id)).map(event => event.kind)).toEqual(['user.changed', 'user.deleted']);
  expect((await call(`/api/users/${id}`)).status).toBe(404);
});

describe('sessions of others', () => {
  test('are listed and ended by administrators', async () => {
    const { id, email } = await somebody();
    const cookies = [await server.signIn(email), await server.signIn(email), await server.signIn(email)];
    const { body } = await call(`/api/users/${id}/sessions`);
    expect(body.sessions).toHaveLength(3);
    expect(body.sessions[0]).toEqual({
      id: expect.stringMatching(/^[0-9a-f]{64}$/),
      createdAt: expect.any(String),
      lastSeenAt: expect.any(String),
      address: '192.0.2.7',
      userAgent: null,
    });
    expect((await call(`/api/users/${id}/sessions/${body.sessions[0].id}`, asAdmin('DELETE'))).status).toBe(
      204,
    );
    expect((await call(`/api/users/${id}/sessions/${body.sessions[0].id}`, asAdmin('DELETE'))).status).toBe(
      404,
    );
    expect((await call(`/api/users/${id}/sessions`, asAdmin('DELETE'))).status).toBe(204);
    for (const cookie of cookies)
      expect((await call('/api/users', { headers: { cookie } })).status).toBe(401);
  });

  test('are nobody else’s business; one’s own are', async () => {
    const [mine, other] = [await somebody(), await somebody()];
    const headers = { cookie: await server.signIn(mine.email), ...own };
    expect((await call(`/api/users/${mine.id}/sessions`, { headers })).body.sessions).toHaveLength(1);
    expect((await call(`/api/users/${other.id}/sessions`, { headers })).status).toBe(403);
    expect((await call(`/api/users/${other.id}/sessions`, { headers, method: 'DELETE' })).status).toBe(403);
    expect((await call(`/api/users/${mine.id}`, { headers })).body).toMatchObject({ email: mine.email });
    expect(
      (await call(`/api/users/${mine.id}`, { headers, method: 'PATCH', json: { name: 'Me' } })).body,
    ).toMatchObject({ name: 'Me' });
    for (const json of [
      { role: 'administrator' },
      { scopes: ['admin'] },
      { disabled: true },
      { name: 'x', role: 'editor' },
    ])
      expect((await call(`/api/users/${mine.id}`, { headers, method: 'PATCH', json })).status).toBe(403);
    const { key } = await server.auth.keys.create({ email: mine.email, name: 'x', scopes: ['read'] });
    expect((await call(`/api/users/${mine.id}`, { key })).status).toBe(403);
  });
});

describe('invitations', () => {
  test('without a mail server the link is shown once, and lets its user choose name and password', async () => {
    const { status, body } = await invite({
      email: 'New.User@Example.com',
      role: 'editor',
      scopes: ['products.cost:read'],
    });
    expect(status).toBe(201);
    expect(body).toMatchObject({
      sent: false,
      user: { email: 'new.user@example.com', state: 'invited', role: 'editor' },
    });
    expect(body.link).toMatch(/^http:\/\/localhost:3000\/invitation\/[\w-]{43}$/);
    expect(new Date(body.expiresAt).getTime()).toBeGreaterThan(Date.now() + 6 * 86_400_000);
    const path = new URL(body.link).pathname;
    const browser = openBrowser(server);
    const page = await browser.get(path);
    expect(page.text).toContain('new.user@example.com');
    expect(page.headers.get('referrer-policy')).toBe('no-referrer');
    expect(await browser.submit(path, { name: 'New <User>', password })).toMatchObject({
      status: 303,
      location: '/account?done=welcome',
    });
    const account = await browser.get('/account');
    expect(account.text).toContain('New &lt;User&gt;');
    expect(account.text).not.toContain('<User>');
    expect(
      (await openBrowser(server).submit('/sign-in', { email: 'new.user@example.com', password })).status,
    ).toBe(303);
    const again = openBrowser(server);
    expect((await again.get(path)).status).toBe(404);
    expect((await events(body.user.id)).map(event => event.kind)).toEqual([
      'user.invited',
      'invitation.accepted',
      'sign-in.succeeded',
      'sign-in.succeeded',
    ]);
  });

  test('a link is known to the database by its hash alone', async () => {
    const { body } = await invite({ email: 'hashed@example.com' });
    const secret = body.link.split('/').at(-1);
    const { rows } = await server.database.query('SELECT l::text FROM "portolan"."sign_in_link" l');
    expect(rows.flat().join()).not.toContain(secret);
  });

  test('are listed, sent again with another link, and withdrawn', async () => {
    const { body } = await invite({ email: 'later@example.com' });
    const { id } = body.user;
    const listed = async () =>
      (await call('/api/invitations')).body.invitations.map((user: { id: string }) => user.id);
    expect(await listed()).toContain(id);
    const again = await call(`/api/invitations/${id}`, asAdmin('POST'));
    expect(again).toMatchObject({ status: 201, body: { sent: false, user: { id } } });
    expect((await openBrowser(server).get(new URL(body.link).pathname)).status).toBe(404);
    expect((await openBrowser(server).get(new URL(again.body.link).pathname)).status).toBe(200);
    expect((await call(`/api/invitations/${id}`, asAdmin('DELETE'))).status).toBe(204);
    expect(await listed()).not.toContain(id);
    expect((await openBrowser(server).get(new URL(again.body.link).pathname)).status).toBe(404);
  });

  test('of existing users are rejected', async () => {
    const { id, email } = await somebody();
    expect(await invite({ email: email.toUpperCase() })).toMatchObject({
      status: 409,
      body: { error: { target: 'email' } },
    });
    expect((await call(`/api/invitations/${id}`, asAdmin('POST'))).status).toBe(409);
    expect((await call(`/api/invitations/${id}`, asAdmin('DELETE'))).status).toBe(409);
    expect(await server.prisma.user.count({ where: { id } })).toBe(1);
  });

  test.each([
    [{}, 'email'],
    [{ email: 'nobody' }, 'email'],
    [{ email: 'a@b.example\r\nBcc: x@y.example' }, 'email'],
    [{ email: 'a@b.example,x@y.example' }, 'email'],
    [{ email: '"a b"@c.example' }, 'email'],
    [{ email: `${'x'.repeat(250)}@b.example` }, 'email'],
    [{ email: 7 }, 'email'],
    [{ email: 'a@b.example', name: 'a\r\nBcc: x@y.example' }, 'name'],
    [{ email: 'a@b.example', role: 'root' }, 'role'],
    [{ email: 'a@b.example', scopes: ['everything'] }, 'scopes'],
    [{ email: 'a@b.example', password: 'x' }, 'password'],
  ])('refuses %j', async (json, target) => {
    expect(await invite(json)).toMatchObject({ status: 400, body: { error: { target } } });
  });
});

describe.each([
  ['GET', '/api/users'],
  ['GET', '/api/users/00000000-0000-4000-8000-000000000000'],
  ['PATCH', '/api/users/00000000-0000-4000-8000-000000000000'],
  ['DELETE', '/api/users/00000000-0000-4000-8000-000000000000'],
  ['POST', '/api/users/00000000-0000-4000-8000-000000000000/password-reset'],
  ['GET', '/api/users/00000000-0000-4000-8000-000000000000/sessions'],
  ['DELETE', '/api/users/00000000-0000-4000-8000-000000000000/sessions'],
  ['GET', '/api/invitations'],
  ['POST', '/api/invitations'],
  ['POST', '/api/invitations/00000000-0000-4000-8000-000000000000'],
  ['DELETE', '/api/invitations/00000000-0000-4000-8000-000000000000'],
])('%s %s', (method, path) => {
  const json =
    method === 'PATCH'
      ? { name: 'x' }
      : path === '/api/invitations' && method === 'POST'
        ? { email: 'a@b.example' }
        : undefined;

  test('needs a credential', async () => {
    expect((await call(path, { method, json })).status).toBe(401);
  });

  test('needs the scope admin, of keys and of sessions', async () => {
    const refused = { status: 403, body: { error: { code: 'SCOPE_MISSING', target: 'admin' } } };
    expect(await call(path, { method, json, key: await server.createKey('read', 'write') })).toMatchObject(
      refused,
    );
    const headers = { cookie: await server.signIn('editor@example.com', { role: 'editor' }), ...own };
    expect(await call(path, { method, json, headers })).toMatchObject(refused);
  });

  test('by a session takes a page of ours', async () => {
    const headers = { cookie: await server.signIn(), 'sec-fetch-site': 'cross-site' };
    if (method !== 'GET')
      expect((await call(path, { method, json, headers })).body.error.code).toBe('FOREIGN_PAGE');
  });

  test('finds nobody where nobody is', async () => {
    if (!/0000/.test(path)) return;
    for (const id of ['00000000-0000-4000-8000-000000000000', 'x', "'%20or%201=1", '%00'])
      expect(
        (await call(path.replace(/0{8}-[^/]+/, id), { key: server.adminKey, method, json })).status,
      ).toBe(404);
  });
});
