import { afterAll, beforeAll, expect, test } from 'vitest';
import { type OauthWorld, openOauthWorld, type TestApp, type Tokens } from './oauth-world.ts';

let world: OauthWorld;
let app: TestApp;
let tokens: Tokens;
let userId: string;
beforeAll(async () => {
  world = await openOauthWorld();
  app = await world.createApp({ name: 'Stock report', scopes: ['admin', 'read', 'write'] });
  tokens = await world.obtain(app, { scope: 'admin read write' });
  userId = (await world.prisma.user.findUniqueOrThrow({ where: { email: 'admin@example.com' } })).id;
});
afterAll(() => world.close());

async function graphql(headers: Record<string, string>, query: string): Promise<Record<string, unknown>> {
  const response = await world.fetch('/graphql', { json: { query }, headers });
  const { data, errors } = (await response.json()) as { data: Record<string, unknown>; errors?: unknown };
  expect(errors).toBeUndefined();
  return data;
}

/** The actor of a new supplier in the change log. */
async function actorOf(headers: Record<string, string>, code: string) {
  await graphql(
    headers,
    `mutation { createSupplier(data: { code: "${code}", name: "A", country: "DE" }) { id } }`,
  );
  const list =
    '{ changes(entity: "Supplier", newestFirst: true, take: 1) { actor { kind id user app via } } }';
  const { changes } = await graphql({ 'x-api-key': world.adminKey }, list);
  return (changes as { actor: unknown }[])[0]!.actor;
}

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

test("the change log's actor of an app's token is the app and its user", async () => {
  expect(await actorOf(bearer(tokens.access_token), 'BY-APP')).toMatchObject({
    kind: 'token',
    user: userId,
    app: app.id,
  });
  expect(await actorOf({ 'x-api-key': world.adminKey }, 'BY-KEY')).toMatchObject({ kind: 'key', app: null });
});

test("the change log's actor of a key created by an app is the app and its user", async () => {
  const json = { name: 'Made', scopes: ['read', 'write'] };
  const made = await world.fetch('/api/keys', { json, headers: bearer(tokens.access_token) });
  const { id, key } = (await made.json()) as { id: string; key: string };
  expect(await actorOf({ 'x-api-key': key }, 'BY-MADE')).toMatchObject({
    kind: 'key',
    id,
    user: userId,
    app: app.id,
  });
});

test('for the client credentials grant, the actor is the app and its owner', async () => {
  const form = { grant_type: 'client_credentials', client_id: app.id, client_secret: app.secret };
  const { access_token: token } = (await (await world.token(form)).json()) as Tokens;
  expect(await actorOf(bearer(token), 'BY-ITSELF')).toMatchObject({
    kind: 'token',
    user: userId,
    app: app.id,
  });
});

test("the audit log's actor of an app's token is the app and its user, from the token on", async () => {
  const by = async (kind: string) =>
    (await world.auth.audit.list({ kind, userId })).events.map(({ actor }) => actor);
  const appAndUser = { kind: 'token', userId, appId: app.id, name: 'Stock report' };
  expect(await by('key.created')).toContainEqual(expect.objectContaining(appAndUser));
  await expect.poll(() => by('oauth.token-issued')).toContainEqual(expect.objectContaining(appAndUser));
  await expect
    .poll(() => by('oauth.code-issued'))
    .toContainEqual(expect.objectContaining({ kind: 'session', userId }));
  expect(await by('grant.created')).toContainEqual(expect.objectContaining({ kind: 'session', userId }));
});
