import { decodeJwt } from 'jose';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Browser, type OauthWorld, openOauthWorld, type TestApp, type Tokens } from './oauth-world.ts';

let world: OauthWorld;
beforeAll(async () => {
  world = await openOauthWorld();
});
afterAll(() => world.close());

const setUser = (email: string, data: { role: null; scopes: string[] } | { role: 'viewer' | 'editor' }) =>
  world.prisma.user.update({ where: { email }, data });

const told = ({ access_token: token, scope }: Tokens) => [scope, decodeJwt(token).scope];

async function refreshed(app: TestApp, { refresh_token: token }: Tokens, scope?: string): Promise<Tokens> {
  const response = await world.refresh(app, token, { scope });
  expect(response.status).toBe(200);
  return (await response.json()) as Tokens;
}

test('a token and its response contain the scopes of that moment', async () => {
  const browser = await new Browser(world).signIn('changing@example.com', { role: 'editor' });
  const app = await world.createApp();
  const tokens = await world.obtain(app, {}, {}, { browser });
  expect(told(tokens)).toEqual(['read write', 'read write']);
  await setUser('changing@example.com', { role: 'viewer' });
  expect(told(await refreshed(app, tokens))).toEqual(['read', 'read']);
  await setUser('changing@example.com', { role: null, scopes: ['products:read'] });
  expect(told(await refreshed(app, tokens))).toEqual(['products:read', 'products:read']);
  await setUser('changing@example.com', { role: null, scopes: [] });
  expect(told(await refreshed(app, tokens))).toEqual(['', '']);
  await setUser('changing@example.com', { role: 'editor' });
  expect(told(await refreshed(app, tokens))).toEqual(['read write', 'read write']);
});

test('a code requested before the user lost a scope yields a token without it', async () => {
  const browser = await new Browser(world).signIn('losing@example.com', { role: 'editor' });
  const app = await world.createApp();
  const address = await world.authorize(app, {}, { browser });
  await setUser('losing@example.com', { role: 'viewer' });
  const response = await world.redeem(app, address.searchParams.get('code')!);
  expect(told((await response.json()) as Tokens)).toEqual(['read', 'read']);
});

test('the rest of a wider scope that the user revokes is in the token', async () => {
  const app = await world.createApp();
  const tokens = await world.obtain(app);
  await world.prisma.appGrant.updateMany({ where: { appId: app.id }, data: { scopes: ['products:read'] } });
  expect(told(await refreshed(app, tokens, 'read'))).toEqual(['products:read', 'products:read']);
  await world.prisma.oauthApp.update({ where: { id: app.id }, data: { scopes: ['customers:read'] } });
  expect(told(await refreshed(app, tokens))).toEqual(['', '']);
});

test('a client credentials token has the scopes of the owner, and is refused without any', async () => {
  await world.prisma.user.create({ data: { email: 'owner@example.com', role: 'viewer' } });
  const app = await world.createApp({ owner: 'owner@example.com' });
  const form = { grant_type: 'client_credentials', client_id: app.id, client_secret: app.secret };
  const tokens = (await (await world.token(form)).json()) as Tokens;
  expect(told(tokens)).toEqual(['read', 'read']);
  const refused = await world.token({ ...form, scope: 'write' });
  expect([refused.status, await refused.json()]).toMatchObject([400, { error: 'invalid_scope' }]);
});
