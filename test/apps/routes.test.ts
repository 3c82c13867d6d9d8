import { beforeAll, describe, expect, test } from 'vitest';
import { serverForFile, type TestRequest } from '../harness.ts';
import { png } from './images.ts';

let developer: string;
let stranger: string;
let administrator: string;
const server = serverForFile();
beforeAll(async () => {
  [developer, stranger, administrator] = [
    await server.signIn('developer@example.com', { role: 'editor' }),
    await server.signIn('stranger@example.com', { role: 'editor' }),
    await server.signIn(),
  ];
  for (const cookie of [developer, stranger])
    await call('/api/developer', cookie, {
      method: 'PUT',
      json: { name: 'Ada', contactEmail: 'ada@example.com' },
    });
});

async function call(path: string, cookie?: string, init: TestRequest = {}) {
  const headers = { ...(cookie && { cookie, 'sec-fetch-site': 'same-origin' }), ...init.headers };
  const response = await server.fetch(path, { ...init, headers: headers as Record<string, string> });
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.startsWith('application/json');
  return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text };
}

const draft = {
  name: 'Stock report',
  redirectUris: ['https://report.example/cb'],
  scopes: ['read'],
  confidential: true,
};
const create = async (more: object = {}, cookie = developer) =>
  (await call('/api/apps', cookie, { json: { ...draft, ...more } })).body;

describe('/api/developer', () => {
  test('shows and changes how users see me', async () => {
    const json = { name: 'Ada & Co', contactEmail: 'ada@example.com', website: 'https://ada.example' };
    expect(await call('/api/developer', developer, { method: 'PUT', json })).toMatchObject({ status: 200 });
    expect((await call('/api/developer', developer)).body).toMatchObject({
      ...json,
      website: 'https://ada.example/',
    });
    expect((await call('/api/developer', administrator)).status).toBe(404);
  });

  test.each([
    [{ name: 'Ada' }, 'contactEmail'],
    [{ name: 7, contactEmail: 'a@b.example' }, 'name'],
    [{ name: 'Ada', contactEmail: 'a@b.example', website: 'ftp://x' }, 'website'],
  ])('refuses %j', async (json, target) => {
    const answer = await call('/api/developer', developer, { method: 'PUT', json });
    expect(answer).toMatchObject({ status: 400, body: { error: { target } } });
  });

  test('of another user is for administrators', async () => {
    const { id } = await server.prisma.user.findUniqueOrThrow({ where: { email: 'developer@example.com' } });
    expect((await call(`/api/developer?user=${id}`, administrator)).body.name).toBe('Ada & Co');
    expect((await call(`/api/developer?user=${id}`, stranger)).status).toBe(404);
    expect((await call('/api/developer?user=x%00', administrator)).status).toBe(404);
  });
});

describe('/api/apps', () => {
  test('makes an app, shows its first secret once, and lets no cache keep that', async () => {
    const { status, headers, body } = await call('/api/apps', developer, { json: draft });
    expect(status).toBe(201);
    expect(headers.get('cache-control')).toBe('no-store');
    expect(body).toMatchObject({
      ...draft,
      clientSecret: expect.stringMatching(/^pas_/),
      developer: 'Ada & Co',
    });
    const again = await call(`/api/apps/${body.id}`, developer);
    expect(again.status).toBe(200);
    expect(JSON.stringify(again.body)).not.toContain(body.clientSecret);
    expect(again.body.secrets).toHaveLength(1);
    expect((await create({ confidential: false })).clientSecret).toBeUndefined();
  });

  test.each([
    [{ ...draft, name: undefined }, 400, 'INVALID_VALUE', 'name'],
    [{ ...draft, scopes: 'read' }, 400, 'INVALID_VALUE', 'scopes'],
    [{ ...draft, confidential: undefined }, 400, 'INVALID_VALUE', 'confidential'],
    [{ ...draft, redirectUris: ['javascript:alert(1)'] }, 400, 'INVALID_VALUE', 'redirectUris'],
    [{ ...draft, redirectUris: ['com.example.app:/cb'] }, 400, 'INVALID_VALUE', 'redirectUris'],
    [{ ...draft, scopes: ['admin'] }, 403, 'SCOPE_MISSING', 'admin'],
    [{ ...draft, owner: 'somebody' }, 404, 'NOT_FOUND', 'owner'],
    [{ ...draft, id: 'app_mine' }, 400, 'UNKNOWN_ARGUMENT', 'id'],
    [{ ...draft, kind: 'plugin' }, 400, 'UNKNOWN_ARGUMENT', 'kind'],
  ])('refuses %j', async (json, status, code, target) => {
    expect(await call('/api/apps', developer, { json })).toMatchObject({
      status,
      body: { error: { code, target } },
    });
  });

  test('takes an object', async () => {
    expect(await call('/api/apps', developer, { json: [] })).toMatchObject({
      status: 400,
      body: { error: { code: 'MALFORMED_REQUEST' } },
    });
  });

  test('lists what is mine', async () => {
    const mine = await create({ name: 'Mine' });
    const names = async (path: string, cookie: string) =>
      (await call(path, cookie)).body.apps.map((app: { name: string }) => app.name);
    expect(await names('/api/apps', developer)).toContain('Mine');
    expect(await names('/api/apps', stranger)).toEqual([]);
    expect(await names(`/api/apps?owner=${mine.owner.id}&search=mine`, administrator)).toEqual(['Mine']);
    expect(await names('/api/apps?owner=x&search=%00', administrator)).toEqual([]);
    expect(await names('/api/apps?search=%00', administrator)).toEqual([]);
  });

  test('changes, disables, enables and deletes', async () => {
    const { id } = await create();
    const changed = await call(`/api/apps/${id}`, developer, {
      method: 'PATCH',
      json: { name: 'New', homePage: null },
    });
    expect(changed).toMatchObject({ status: 200, body: { name: 'New', redirectUris: draft.redirectUris } });
    expect(
      (await call(`/api/apps/${id}/disable`, developer, { method: 'POST' })).body.disabledAt,
    ).not.toBeNull();
    expect((await call(`/api/apps/${id}/enable`, developer, { method: 'POST' })).body.disabledAt).toBeNull();
    expect(
      (await call(`/api/apps/${id}`, developer, { method: 'PATCH', json: { confidential: false } })).status,
    ).toBe(400);
    expect((await call(`/api/apps/${id}`, developer, { method: 'DELETE' })).status).toBe(204);
    expect((await call(`/api/apps/${id}`, developer)).status).toBe(404);
  });

  test('makes and removes secrets', async () => {
    const { id, secrets } = await create();
    const json = { othersExpireAt: '2099-01-01', expiresAt: null };
    const made = await call(`/api/apps/${id}/secrets`, developer, { json });
    expect(made).toMatchObject({
      status: 201,
      body: { secret: expect.stringMatching(/^pas_/), expiresAt: null },
    });
    const now = (await call(`/api/apps/${id}`, developer)).body.secrets;
    expect(now).toMatchObject([
      { id: made.body.id },
      { id: secrets[0].id, expiresAt: '2099-01-01T00:00:00.000Z' },
    ]);
    const remove = () => call(`/api/apps/${id}/secrets/${secrets[0].id}`, developer, { method: 'DELETE' });
    expect([(await remove()).status, (await remove()).status]).toEqual([204, 404]);
    const bad = await call(`/api/apps/${id}/secrets`, developer, { json: { expiresAt: 'soon' } });
    expect(bad).toMatchObject({ status: 400, body: { error: { target: 'expiresAt' } } });
  });

  test('stores a logo and serves it to anyone, as an image only', async () => {
    const { id } = await create();
    const image = png(64, 64);
    const put = (body: Uint8Array, cookie = developer) =>
      call(`/api/apps/${id}/logo`, cookie, {
        method: 'PUT',
        body: Uint8Array.from(body),
        headers: { 'content-type': 'text/html' },
      });
    const { body: app } = await put(image);
    expect(app.logoPath).toMatch(new RegExp(`^/apps/${id}/logo\\?v=\\w+$`));
    const shown = await server.fetch(app.logoPath);
    expect(Buffer.from(await shown.arrayBuffer())).toEqual(image);
    expect(Object.fromEntries(shown.headers)).toMatchObject({
      'content-type': 'image/png',
      'x-content-type-options': 'nosniff',
      'content-security-policy': "default-src 'none'; frame-ancestors 'none'; sandbox",
      'cross-origin-resource-policy': 'same-origin',
    });
    expect((await put(Buffer.from('<svg onload="alert(1)"/>'))).status).toBe(400);
    expect((await put(Buffer.alloc(300_000))).status).toBe(413);
    expect((await put(image, stranger)).status).toBe(404);
    await call(`/api/apps/${id}/disable`, developer, { method: 'POST' });
    expect((await server.fetch(app.logoPath)).status).toBe(404);
    await call(`/api/apps/${id}/enable`, developer, { method: 'POST' });
    expect((await call(`/api/apps/${id}/logo`, developer, { method: 'DELETE' })).body.logoPath).toBeNull();
    for (const path of [`/apps/${id}/logo`, '/apps/x/logo', `/apps/${id}`, '/apps', `/apps/${id}/logo/x`])
      expect((await server.fetch(path)).status).toBe(404);
  });

  test('of another user is not found, for every operation', async () => {
    const { id, secrets } = await create();
    const attempts: [string, string, object?][] = [
      ['GET', ''],
      ['PATCH', '', { name: 'Mine' }],
      ['DELETE', ''],
      ['POST', '/disable', {}],
      ['POST', '/enable', {}],
      ['DELETE', '/logo'],
      ['POST', '/secrets', {}],
      ['DELETE', `/secrets/${secrets[0].id}`],
    ];
    for (const [method, rest, json] of attempts)
      expect(await call(`/api/apps/${id}${rest}`, stranger, { method, json })).toMatchObject({
        status: 404,
        body: { error: { code: 'NOT_FOUND' } },
      });
    expect((await call(`/api/apps/${id}`, developer)).body.secrets).toHaveLength(1);
    for (const path of ['', '/x', '/__proto__', '/constructor', `/../${id}`])
      expect((await call(`/api/apps/${id}${path}/y`, developer)).status).toBe(404);
  });
});

describe('/api/grants', () => {
  test('are listed and revoked by whose they are, and by administrators', async () => {
    const app = await create();
    const user = await server.prisma.user.findUniqueOrThrow({ where: { email: 'stranger@example.com' } });
    const grant = (id: string) =>
      server.app.apps.grants.record({
        id,
        userId: user.id,
        appId: app.id,
        scopes: ['read'],
        redirectUri: 'https://app.example/callback',
      });
    const ids = async (path: string, cookie: string) =>
      (await call(path, cookie)).body.grants.map((one: { id: string }) => one.id);
    await grant('first');
    expect(await ids('/api/grants', stranger)).toEqual(['first']);
    expect(await ids(`/api/grants?app=${app.id}`, developer)).toEqual([]);
    expect(await ids(`/api/grants?user=${user.id}&app=${app.id}`, administrator)).toEqual(['first']);
    expect(await ids('/api/grants?user=x%00', administrator)).toEqual([]);
    expect(await ids('/api/grants?app=x%00', administrator)).toEqual([]);
    const revoke = (cookie: string, id = 'first') => call(`/api/grants/${id}`, cookie, { method: 'DELETE' });
    expect((await revoke(developer)).status).toBe(404);
    expect((await revoke(stranger)).status).toBe(204);
    expect((await revoke(stranger)).status).toBe(404);
    await grant('second');
    expect((await revoke(administrator, 'second')).status).toBe(204);
    expect((await revoke(administrator, '%00')).status).toBe(404);
  });
});

describe('who may', () => {
  const places: [string, string][] = [
    ['GET', '/api/apps'],
    ['POST', '/api/apps'],
    ['GET', '/api/apps/app_x'],
    ['GET', '/api/developer'],
    ['PUT', '/api/developer'],
    ['GET', '/api/grants'],
    ['DELETE', '/api/grants/x'],
  ];

  test.each(places)('%s %s takes a credential', async (method, path) => {
    expect((await call(path, undefined, { method })).status).toBe(401);
  });

  test.each(places)('%s %s is not for keys without the scope admin', async (method, path) => {
    const key = await server.createKey('read', 'write');
    const json = method === 'POST' || method === 'PUT' ? {} : undefined;
    expect(await call(path, undefined, { method, key, json })).toMatchObject({
      status: 403,
      body: { error: { code: 'SCOPE_MISSING', target: 'admin' } },
    });
  });

  test('a page of another site can do nothing with the cookie', async () => {
    const headers = { cookie: developer, 'sec-fetch-site': 'cross-site' };
    expect((await server.fetch('/api/apps', { json: draft, headers })).status).toBe(403);
    expect((await server.fetch('/api/apps', { json: draft, headers: { cookie: developer } })).status).toBe(
      403,
    );
  });
});
