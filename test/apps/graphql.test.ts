import { beforeAll, describe, expect, test } from 'vitest';
import { serverForFile } from '../harness.ts';

let developer: string;
let stranger: string;
let administrator: string;
const server = serverForFile();
beforeAll(async () => {
  [developer, stranger, administrator] = [
    await server.signIn('developer@example.com', { role: 'editor' }),
    await server.signIn('stranger@example.com', { role: 'viewer' }),
    await server.signIn(),
  ];
  const register =
    'mutation { saveDeveloper(name: "Ada", contactEmail: "ada@example.com") { name website } }';
  expect((await ask(developer, register)).data).toEqual({ saveDeveloper: { name: 'Ada', website: null } });
});

/** @param who a cookie, or a key */
async function ask(who: string, query: string, variables: object = {}) {
  const isKey = who.startsWith('pk_');
  const headers = new Headers(
    isKey ? { 'x-api-key': who } : { cookie: who, 'sec-fetch-site': 'same-origin' },
  );
  const response = await server.fetch('/graphql', { json: { query, variables }, headers });
  return (await response.json()) as {
    data?: Record<string, never> & Record<string, unknown>;
    errors?: { message: string; extensions: { code: string } }[];
  };
}
const codeOf = async (...args: Parameters<typeof ask>) => (await ask(...args)).errors?.[0]?.extensions.code;

const create = `mutation ($scopes: [String!]!, $owner: String) {
  createOauthApp(name: "Report", redirectUris: ["https://report.example/cb"], scopes: $scopes, confidential: true, owner: $owner) {
    clientSecret
    app { id kind name scopes ownerEmail developer secrets { id lastFour } }
  }
}`;
interface Made {
  clientSecret: string;
  app: { id: string; secrets: { id: string; lastFour: string }[] };
}
const make = async (who = developer) =>
  (await ask(who, create, { scopes: ['read'] })).data!.createOauthApp as unknown as Made;

describe('apps in GraphQL', () => {
  test('are made, changed, disabled and deleted by their developer', async () => {
    const { app, clientSecret } = await make();
    expect(app).toMatchObject({ kind: 'developer', name: 'Report', scopes: ['read'], developer: 'Ada' });
    expect(clientSecret.endsWith(app.secrets[0]!.lastFour)).toBe(true);
    const update = `mutation ($id: String!) {
      updateOauthApp(id: $id, name: "New", homePage: "https://report.example") { name homePage scopes }
    }`;
    expect((await ask(developer, update, app)).data).toEqual({
      updateOauthApp: { name: 'New', homePage: 'https://report.example/', scopes: ['read'] },
    });
    const disable =
      'mutation ($id: String!) { setOauthAppDisabled(id: $id, disabled: true) { disabledAt locked } }';
    expect((await ask(developer, disable, app)).data).toMatchObject({
      setOauthAppDisabled: { disabledAt: expect.any(String), locked: false },
    });
    const remove = 'mutation ($id: String!) { deleteOauthApp(id: $id) }';
    expect((await ask(developer, remove, app)).data).toEqual({ deleteOauthApp: true });
    expect(await codeOf(developer, remove, app)).toBe('NOT_FOUND');
  });

  test('get and lose secrets', async () => {
    const { app } = await make();
    const add = `mutation ($id: String!) {
      createOauthAppSecret(appId: $id, othersExpireAt: "2099-01-01T00:00:00Z") { secret about { id expiresAt } }
    }`;
    const { createOauthAppSecret: made } = (await ask(developer, add, app)).data as never as {
      createOauthAppSecret: { secret: string; about: { id: string; expiresAt: null } };
    };
    expect(await server.app.apps.clients.verifySecret(app.id, made.secret)).toBe(true);
    const remove =
      'mutation ($id: String!, $secret: String!) { removeOauthAppSecret(appId: $id, id: $secret) }';
    expect((await ask(developer, remove, { id: app.id, secret: made.about.id })).data).toEqual({
      removeOauthAppSecret: true,
    });
    expect(await server.app.apps.clients.verifySecret(app.id, made.secret)).toBe(false);
    const shown = await ask(
      developer,
      'query ($id: String!) { oauthApp(id: $id) { secrets { expiresAt } } }',
      app,
    );
    expect(shown.data).toEqual({ oauthApp: { secrets: [{ expiresAt: '2099-01-01T00:00:00.000Z' }] } });
  });

  test.each([
    ['query ($id: String!) { oauthApp(id: $id) { id } }'],
    ['mutation ($id: String!) { updateOauthApp(id: $id, name: "Mine") { id } }'],
    ['mutation ($id: String!) { setOauthAppDisabled(id: $id, disabled: true) { id } }'],
    ['mutation ($id: String!) { deleteOauthApp(id: $id) }'],
    ['mutation ($id: String!) { createOauthAppSecret(appId: $id) { secret } }'],
  ])('of somebody else are not there: %s', async query => {
    const { app } = await make();
    expect(await codeOf(stranger, query, app)).toBe('NOT_FOUND');
  });

  test('are listed: one’s own, and for administrators everybody’s', async () => {
    const { app } = await make();
    const ids = async (who: string) =>
      ((await ask(who, '{ oauthApps { id } }')).data!.oauthApps as unknown as { id: string }[]).map(
        ({ id }) => id,
      );
    expect(await ids(developer)).toContain(app.id);
    expect(await ids(stranger)).toEqual([]);
    expect(await ids(administrator)).toContain(app.id);
    expect(await ids(server.adminKey)).toContain(app.id);
  });

  test('refuse what they must', async () => {
    expect(await codeOf(developer, create, { scopes: ['reed'] })).toBe('INVALID_VALUE');
    expect(await codeOf(developer, create, { scopes: ['admin'] })).toBe('SCOPE_MISSING');
    expect(await codeOf(developer, create, { scopes: ['read'], owner: 'admin@example.com' })).toBe(
      'NOT_FOUND',
    );
    expect(await codeOf(stranger, create, { scopes: ['read'] })).toBe('CONFLICT');
    const key = await server.createKey('read', 'write');
    expect(await codeOf(key, create, { scopes: ['read'] })).toBe('SCOPE_MISSING');
    expect(await codeOf(key, '{ oauthApps { id } }')).toBe('SCOPE_MISSING');
    expect(await codeOf(key, '{ oauthGrants { id } }')).toBe('SCOPE_MISSING');
    const anonymous = await server.fetch('/graphql', { json: { query: '{ oauthApps { id } }' } });
    expect(anonymous.status).toBe(401);
    const foreign = { cookie: developer, 'sec-fetch-site': 'cross-site' };
    const forged = await server.fetch('/graphql', {
      json: { query: create, variables: { scopes: ['read'] } },
      headers: foreign,
    });
    expect(forged.status).toBe(403);
  });
});

test('grants in GraphQL are seen and revoked by whose they are', async () => {
  const { app } = await make();
  const user = await server.prisma.user.findUniqueOrThrow({ where: { email: 'stranger@example.com' } });
  await server.app.apps.grants.record({
    id: 'grant',
    userId: user.id,
    appId: app.id,
    scopes: ['read'],
    redirectUri: 'https://app.example/callback',
  });
  const list = '{ oauthGrants { id appName developer scopes userEmail lastUsedAt } }';
  expect((await ask(stranger, list)).data).toEqual({
    oauthGrants: [
      {
        ...{ id: 'grant', appName: 'Report', developer: 'Ada', scopes: ['read'] },
        ...{ userEmail: 'stranger@example.com', lastUsedAt: null },
      },
    ],
  });
  expect((await ask(developer, list)).data).toEqual({ oauthGrants: [] });
  const revoke = 'mutation { revokeOauthGrant(id: "grant") }';
  expect(await codeOf(developer, revoke)).toBe('NOT_FOUND');
  expect((await ask(stranger, revoke)).data).toEqual({ revokeOauthGrant: true });
  expect(await codeOf(stranger, revoke)).toBe('NOT_FOUND');
});
