import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { asManager } from '../../src/apps/services/manager.ts';
import { Browser, type OauthWorld, openOauthWorld, type TestApp, type Tokens } from '../oauth/oauth-world.ts';

let world: OauthWorld;
beforeAll(async () => {
  world = await openOauthWorld();
});
afterAll(() => world.close());

interface Made {
  readonly id: string;
  readonly key: string;
}

async function send(path: string, headers: Record<string, string>, json: unknown): Promise<Made> {
  const response = await world.fetch(path, { json, headers });
  const text = await response.text();
  expect(response.status, text).toBe(201);
  return JSON.parse(text) as Made;
}

const makeKey = (headers: Record<string, string>, scopes = ['admin', 'read']) =>
  send('/api/keys', headers, { name: 'Of an app', scopes });

const bearer = ({ access_token: token }: Pick<Tokens, 'access_token'>) => ({
  authorization: `Bearer ${token}`,
});

async function statusOf(key: string): Promise<number> {
  const response = await world.fetch('/api/query', { key, json: { query: 'products(take: 1) { id }' } });
  await response.text();
  return response.status;
}

const works = (key: string) => expect.poll(() => statusOf(key)).toBe(200);
const isRefused = (key: string) => expect.poll(() => statusOf(key)).toBe(401);

const viewOf = async (id: string) => (await world.auth.keys.list()).find(key => key.id === id)!;

const adminApp = () => world.createApp({ scopes: ['admin', 'read', 'write'] });

async function connected(): Promise<{ app: TestApp; tokens: Tokens; made: Made }> {
  const app = await adminApp();
  const tokens = await world.obtain(app, { scope: 'admin read' });
  const made = await makeKey(bearer(tokens));
  await works(made.key);
  return { app, tokens, made };
}

const grantOf = ({ id }: TestApp) =>
  world.prisma.appGrant.findFirstOrThrow({ where: { appId: id, revokedAt: null } });

const manager = async () => {
  const { id: userId } = await world.prisma.user.findUniqueOrThrow({ where: { email: 'admin@example.com' } });
  const scopes = new Set(['admin']);
  return asManager({ kind: 'session', id: 'x', userId, name: 'x', scopes, scopeKey: 'admin' });
};

describe("a key created with an app's token", () => {
  test('stops working with the grant, and is listed as revoked', async () => {
    const { app, made } = await connected();
    expect(await viewOf(made.id)).toMatchObject({ madeBy: 'token', appId: app.id, state: 'active' });
    await world.app.apps.grants.revoke(await manager(), (await grantOf(app)).id);
    await isRefused(made.key);
    expect((await viewOf(made.id)).state).toBe('revoked');
  });

  test('is revoked with its token family when a code or refresh token is reused', async () => {
    const app = await adminApp();
    const address = await world.authorize(app, { scope: 'admin read' });
    const code = address.searchParams.get('code')!;
    const made = await makeKey(bearer((await (await world.redeem(app, code)).json()) as Tokens));
    await works(made.key);
    expect((await world.redeem(app, code)).status).toBe(400);
    await isRefused(made.key);
    expect((await viewOf(made.id)).state).toBe('revoked');
    // The grant itself stays.
    expect(await grantOf(app)).toBeDefined();
  });

  test('is limited to the current scopes of app and user', async () => {
    const { app, made } = await connected();
    const { id } = await grantOf(app);
    await world.prisma.appGrant.update({ where: { id }, data: { scopes: ['admin'] } });
    await expect.poll(() => statusOf(made.key)).toBe(403);
    await world.prisma.appGrant.update({ where: { id }, data: { scopes: ['admin', 'read'] } });
    await works(made.key);
    await world.prisma.oauthApp.update({ where: { id: app.id }, data: { scopes: ['admin'] } });
    await expect.poll(() => statusOf(made.key)).toBe(403);
  });

  test.each(['disabled', 'deleted'])('is refused while the app is %s', async what => {
    const { app, made } = await connected();
    const { registry } = world.app.apps;
    await registry[what === 'disabled' ? 'disable' : 'remove'](await manager(), app.id);
    await isRefused(made.key);
  });

  test('creates keys that end with it, and so does its replacement', async () => {
    const { app, made } = await connected();
    const child = await makeKey({ 'x-api-key': made.key });
    const rotate = (id: string, key: string) =>
      send(`/api/keys/${id}/rotate`, { 'x-api-key': key }, { overlapSeconds: 3600 });
    const itself = await rotate(made.id, made.key);
    const byOther = await rotate(child.id, world.adminKey);
    for (const { id, key } of [child, itself, byOther]) {
      await works(key);
      expect((await viewOf(id)).appId).toBe(app.id);
    }
    await world.app.apps.grants.revoke(await manager(), (await grantOf(app)).id);
    for (const { key } of [made, child, itself, byOther]) await isRefused(key);
  });

  test("that replaces a user's own key ends with the grant, too", async () => {
    const { app, tokens } = await connected();
    const own = await makeKey({ 'x-api-key': world.adminKey }, ['read']);
    const rotated = await send(`/api/keys/${own.id}/rotate`, bearer(tokens), { overlapSeconds: 3600 });
    await works(rotated.key);
    await world.app.apps.grants.revoke(await manager(), (await grantOf(app)).id);
    await isRefused(rotated.key);
    await works(own.key);
  });

  test('of the client credentials grant ends with the app secret', async () => {
    const app = await adminApp();
    const form = { grant_type: 'client_credentials', client_id: app.id, client_secret: app.secret };
    const made = await makeKey(bearer((await (await world.token(form)).json()) as Tokens));
    await works(made.key);
    await world.app.apps.secrets.remove(await manager(), app.id, app.secretId);
    await isRefused(made.key);
  });

  test('of a disabled user is rejected', async () => {
    const email = 'helper@example.com';
    const browser = await new Browser(world).signIn(email, { role: 'administrator' });
    const app = await adminApp();
    const tokens = await world.obtain(app, { scope: 'admin read' }, {}, { browser });
    const json = { name: 'For another', scopes: ['read'], owner: 'admin@example.com' };
    const made = await send('/api/keys', bearer(tokens), json);
    await works(made.key);
    await world.prisma.user.update({ where: { email }, data: { disabledAt: new Date() } });
    await isRefused(made.key);
  });
});

test('an app whose owner is no longer an administrator loses admin, and so do its tokens and keys', async () => {
  const email = 'demoted@example.com';
  await world.prisma.user.create({ data: { email, role: 'administrator' } });
  const app = await world.createApp({ scopes: ['admin', 'read'], owner: email });
  const tokens = await world.obtain(app, { scope: 'admin read' });
  const { key } = await makeKey(bearer(tokens));
  const mayAdmin = async (headers: Record<string, string>) => {
    const response = await world.fetch('/api/users', { headers });
    await response.text();
    return response.status === 200;
  };
  for (const headers of [bearer(tokens), { 'x-api-key': key }]) expect(await mayAdmin(headers)).toBe(true);
  await world.prisma.user.update({ where: { email }, data: { role: 'viewer' } });
  for (const headers of [bearer(tokens), { 'x-api-key': key }])
    await expect.poll(() => mayAdmin(headers)).toBe(false);
  const refreshed = (await (await world.refresh(app, tokens.refresh_token)).json()) as Tokens;
  expect(refreshed.scope).toBe('read');
});

test('keys of sessions, keys and the command line record their origin, and depend on no grant', async () => {
  const cookie = await world.signIn();
  const own = { cookie, 'sec-fetch-site': 'same-origin' };
  const bySession = await makeKey(own);
  const byKey = await makeKey({ 'x-api-key': bySession.key });
  const byServer = await world.auth.keys.create({ email: 'admin@example.com', name: 'x', scopes: ['read'] });
  await world.auth.keys.revoke(bySession.id);
  await works(byKey.key);
  for (const [{ id }, madeBy] of [
    [bySession, 'session'],
    [byKey, 'key'],
    [byServer, 'server'],
  ] as const)
    expect(await viewOf(id)).toMatchObject({ madeBy, appId: null });
});
