// Privilege escalation: every operation that hands out scopes is refused without those scopes, and allowed with them.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { coversScope } from '../../src/auth/scopes/scopes.ts';
import { type OauthWorld, openOauthWorld, type TestApp } from '../oauth/oauth-world.ts';

/** Of a person without any scope, who owns apps that may ask for everything, and that the administrator allows everything. */
interface Targets {
  readonly boss: string;
  readonly bossEmail: string;
  readonly bossKey: string;
  readonly disabledBoss: string;
  readonly developer: string;
  readonly developerEmail: string;
  readonly disabledDeveloper: string;
  readonly invited: string;
  readonly app: TestApp;
  /** May use the client credentials grant, limited to its owner's scopes. */
  readonly webApp: TestApp;
  readonly disabledApp: TestApp;
  /** Owned by the user whose credential is tried. */
  readonly ownApp: TestApp;
}

interface Call {
  readonly method?: string;
  readonly path: string;
  readonly json: unknown;
}

interface Way {
  readonly name: string;
  /** @param self the person whose credential it is @param more a scope that the credential does not have */
  readonly call: (targets: Targets, more: string, self: string) => Call;
}

let world: OauthWorld;
let all: readonly string[];
let number = 0;
beforeAll(async () => {
  world = await openOauthWorld();
  all = world.catalog.scopes;
});
afterAll(() => world.close());

const admin = () => world.prisma.user.findUniqueOrThrow({ where: { email: 'admin@example.com' } });

async function makeUser(standing: {
  role?: 'administrator';
  scopes?: string[];
  disabledAt?: Date;
  new?: true;
}) {
  const { new: isNew, ...data } = standing;
  const passwordHash = isNew ? null : 'an old hash';
  const user = await world.prisma.user.create({
    data: { email: `target-${++number}@example.com`, passwordHash, ...data },
  });
  await world.prisma.developer.create({
    data: { userId: user.id, name: 'Maker', contactEmail: 'maker@example.com' },
  });
  return user;
}

async function makeGrantedApp(owner: string, more: { clientCredentials?: boolean; disabled?: true } = {}) {
  const { clientCredentials = true } = more;
  const app = await world.createApp({ owner, scopes: all, clientCredentials });
  const { id: userId } = await admin();
  await world.prisma.appGrant.create({
    data: { id: `grant-${++number}`, userId, appId: app.id, scopes: [...all], redirectUris: [] },
  });
  if (more.disabled)
    await world.prisma.oauthApp.update({
      where: { id: app.id },
      data: { disabledAt: new Date(), disabledById: userId },
    });
  return app;
}

async function makeTargets(selfEmail: string): Promise<Targets> {
  const boss = await makeUser({ role: 'administrator' });
  const developer = await makeUser({});
  const disabledDeveloper = await makeUser({ disabledAt: new Date() });
  await makeGrantedApp(disabledDeveloper.email);
  const { id: bossKey } = await world.auth.keys.create({ userId: boss.id, name: 'Boss', scopes: all });
  return {
    boss: boss.id,
    bossEmail: boss.email,
    bossKey,
    developer: developer.id,
    developerEmail: developer.email,
    disabledDeveloper: disabledDeveloper.id,
    disabledBoss: (await makeUser({ role: 'administrator', disabledAt: new Date() })).id,
    invited: (await makeUser({ role: 'administrator', new: true })).id,
    app: await makeGrantedApp(developer.email),
    webApp: await makeGrantedApp(developer.email, { clientCredentials: false }),
    disabledApp: await makeGrantedApp(developer.email, { disabled: true }),
    ownApp: await makeGrantedApp(selfEmail),
  };
}

const rest: readonly Way[] = [
  {
    name: 'a key of its own',
    call: (_, more) => ({ path: '/api/keys', json: { name: 'More', scopes: [more] } }),
  },
  {
    name: "a key of an administrator's",
    call: ({ bossEmail }, more) => ({
      path: '/api/keys',
      json: { name: 'More', scopes: [more], owner: bossEmail },
    }),
  },
  {
    name: "rotating an administrator's key",
    call: ({ bossKey }) => ({ path: `/api/keys/${bossKey}/rotate`, json: { overlapSeconds: 60 } }),
  },
  {
    name: 'another role for somebody',
    call: ({ developer }) => ({
      method: 'PATCH',
      path: `/api/users/${developer}`,
      json: { role: 'administrator' },
    }),
  },
  {
    name: 'more scopes for somebody',
    call: ({ developer }, more) => ({
      method: 'PATCH',
      path: `/api/users/${developer}`,
      json: { scopes: [more] },
    }),
  },
  {
    name: 'inviting an administrator',
    call: () => ({
      path: '/api/invitations',
      json: { email: `new-${++number}@example.com`, role: 'administrator' },
    }),
  },
  {
    name: 'inviting somebody with more scopes',
    call: (_, more) => ({
      path: '/api/invitations',
      json: { email: `new-${++number}@example.com`, role: null, scopes: [more] },
    }),
  },
  {
    name: 'another invitation of an administrator',
    call: ({ invited }) => ({ path: `/api/invitations/${invited}`, json: {} }),
  },
  {
    name: 'a new password for an administrator',
    call: ({ boss }) => ({ path: `/api/users/${boss}/password-reset`, json: {} }),
  },
  {
    name: 'a new password for a developer whose app may do more',
    call: ({ developer }) => ({ path: `/api/users/${developer}/password-reset`, json: {} }),
  },
  {
    name: 'enabling an administrator',
    call: ({ disabledBoss }) => ({
      method: 'PATCH',
      path: `/api/users/${disabledBoss}`,
      json: { disabled: false },
    }),
  },
  {
    name: 'enabling a developer whose app may do more',
    call: ({ disabledDeveloper }) => ({
      method: 'PATCH',
      path: `/api/users/${disabledDeveloper}`,
      json: { disabled: false },
    }),
  },
  {
    name: 'another redirect URI of an app',
    call: ({ app }) => ({
      method: 'PATCH',
      path: `/api/apps/${app.id}`,
      json: { redirectUris: ['https://evil.example/cb'] },
    }),
  },
  {
    name: 'a secret of an app',
    call: ({ app }) => ({ path: `/api/apps/${app.id}/secrets`, json: {} }),
  },
  {
    name: 'less scopes of an app, which is control of it',
    call: ({ app }) => ({ method: 'PATCH', path: `/api/apps/${app.id}`, json: { scopes: ['read'] } }),
  },
  {
    name: 'an app that acts for itself from now on',
    call: ({ webApp }) => ({
      method: 'PATCH',
      path: `/api/apps/${webApp.id}`,
      json: { clientCredentials: true },
    }),
  },
  {
    name: 'enabling an app',
    call: ({ disabledApp }) => ({ path: `/api/apps/${disabledApp.id}/enable`, json: {} }),
  },
  {
    name: 'an app in the name of a developer who may do nothing yet',
    call: ({ developerEmail }, more) => ({
      path: '/api/apps',
      json: {
        name: 'Tomorrow',
        scopes: [more],
        confidential: true,
        clientCredentials: true,
        owner: developerEmail,
      },
    }),
  },
  {
    name: 'another redirect URI of an app of its own person',
    call: ({ ownApp }) => ({
      method: 'PATCH',
      path: `/api/apps/${ownApp.id}`,
      json: { redirectUris: ['https://evil.example/cb'] },
    }),
  },
  {
    name: 'a secret of an app of its own person',
    call: ({ ownApp }) => ({ path: `/api/apps/${ownApp.id}/secrets`, json: {} }),
  },
];

const graphql = (name: string, text: (targets: Targets, more: string, self: string) => string): Way => ({
  name: `GraphQL: ${name}`,
  call: (...given) => ({ path: '/graphql', json: { query: `mutation { ${text(...given)} }` } }),
});

const byGraphql: readonly Way[] = [
  graphql('a key of its own', (_, more) => `createApiKey(name: "More", scopes: ["${more}"]) { key }`),
  graphql(
    "a key of an administrator's",
    ({ bossEmail }, more) => `createApiKey(name: "More", scopes: ["${more}"], owner: "${bossEmail}") { key }`,
  ),
  graphql(
    "rotating an administrator's key",
    ({ bossKey }) => `rotateApiKey(id: "${bossKey}", overlapSeconds: 60) { key }`,
  ),
  graphql(
    'another role for somebody',
    ({ developer }) => `updateUser(id: "${developer}", role: administrator) { id }`,
  ),
  graphql(
    'inviting an administrator',
    () => `inviteUser(email: "new-${++number}@example.com", role: administrator) { delivery { link } }`,
  ),
  graphql(
    'another invitation of an administrator',
    ({ invited }) => `resendInvitation(userId: "${invited}") { delivery { link } }`,
  ),
  graphql(
    'a new password for an administrator',
    ({ boss }) => `sendPasswordReset(userId: "${boss}") { link }`,
  ),
  graphql(
    'a new password for a developer whose app may do more',
    ({ developer }) => `sendPasswordReset(userId: "${developer}") { link }`,
  ),
  graphql(
    'another redirect URI of an app',
    ({ app }) => `updateOauthApp(id: "${app.id}", redirectUris: ["https://evil.example/cb"]) { id }`,
  ),
  graphql('a secret of an app', ({ app }) => `createOauthAppSecret(appId: "${app.id}") { secret }`),
  graphql(
    'enabling an app',
    ({ disabledApp }) => `setOauthAppDisabled(id: "${disabledApp.id}", disabled: false) { id }`,
  ),
  graphql(
    'an app in the name of a developer who may do nothing yet',
    ({ developerEmail }, more) =>
      `createOauthApp(name: "Tomorrow", scopes: ["${more}"], confidential: true, clientCredentials: true, owner: "${developerEmail}") { clientSecret }`,
  ),
];

const ways = [...rest, ...byGraphql];

/** The headers with a credential. */
type Credential = Readonly<Record<string, string>>;

async function succeeds({ method = 'POST', path, json }: Call, credential: Credential): Promise<boolean> {
  const response = await world.fetch(path, {
    method,
    json,
    headers: { 'sec-fetch-site': 'same-origin', ...credential },
  });
  const text = await response.text();
  expect(response.status, text).toBeLessThan(500);
  return response.status < 300 && !text.includes('"errors"');
}

/** State that would differ if anything had been handed out. */
const state = async () => ({
  users: await world.prisma.user.findMany({
    select: { id: true, role: true, scopes: true, disabledAt: true },
    orderBy: { id: 'asc' },
  }),
  keys: await world.prisma.apiKey.count(),
  links: await world.prisma.signInLink.count(),
  secrets: await world.prisma.appSecret.count(),
  apps: await world.prisma.oauthApp.findMany({
    select: { id: true, redirectUris: true, scopes: true, clientCredentials: true, disabledAt: true },
    orderBy: { id: 'asc' },
  }),
});

const moreThan = (scope: string): string =>
  ['products.cost:read', 'write'].find(other => !coversScope(new Set([scope]), other))!;

async function appToken(scope: string, owner?: string): Promise<Credential> {
  const app = await world.createApp({ scopes: [scope], owner });
  const form = { grant_type: 'client_credentials', client_id: app.id, client_secret: app.secret };
  const { access_token: token } = (await (await world.token(form)).json()) as { access_token: string };
  return { authorization: `Bearer ${token}` };
}

describe('no credential with a single scope gets more', () => {
  const tried = ['admin', 'read', 'write', 'products:read', 'products:write', 'products.cost:read'];

  test.each(tried)('%s, with a key, an app token and a session', async scope => {
    expect(all).toContain(scope);
    const email = `only-${++number}@example.com`;
    const cookie = await world.signIn(email, { role: null, scopes: [scope] });
    const { id: person } = await world.prisma.user.findUniqueOrThrow({ where: { email } });
    const { id: boss } = await admin();
    const targets = await makeTargets('admin@example.com');
    const credentials: [string, Credential, string][] = [
      ['key', { 'x-api-key': await world.createKey(scope) }, boss],
      ['token', await appToken(scope), boss],
      ['session', { cookie }, person],
    ];
    const before = await state();
    for (const [kind, credential, self] of credentials)
      for (const { name, call } of ways)
        expect([kind, name, await succeeds(call(targets, moreThan(scope), self), credential)]).toEqual([
          ...[kind, name, false],
        ]);
    expect(await state()).toEqual(before);
  });

  test('nor does one with all but one of the required scopes', async () => {
    const targets = await makeTargets('admin@example.com');
    const more = 'products.cost:read';
    const almost = { 'x-api-key': await world.createKey(...all.filter(scope => scope !== more)) };
    const before = await state();
    const { id: boss } = await admin();
    for (const { name, call } of ways.filter(way => !way.name.startsWith('less')))
      expect([name, await succeeds(call(targets, more, boss), almost)]).toEqual([name, false]);
    expect(await state()).toEqual(before);
  });
});

test.each(ways)('a caller with all required scopes may: $name', async ({ call }) => {
  const targets = await makeTargets('admin@example.com');
  const credential = { 'x-api-key': world.adminKey };
  expect(await succeeds(call(targets, 'products.cost:read', (await admin()).id), credential)).toBe(true);
});

test('operations that only need admin grant nothing: seals, signing keys, the audit log', async () => {
  const key = await world.createKey('admin');
  for (const [path, init] of [
    ['/api/safestore', {}],
    ['/api/safestore/rotate', { json: {} }],
    ['/api/oauth/signing-keys', { json: {} }],
    ['/api/audit?take=500', {}],
    ['/api/grants', {}],
    ['/api/apps', {}],
    ['/api/users', {}],
    ['/api/keys', {}],
  ] as const) {
    const response = await world.fetch(path, { key, ...init });
    const text = await response.text();
    expect([path, response.ok]).toEqual([path, true]);
    // Neither secrets nor private keys.
    expect(text).not.toMatch(
      /pk_\w{12}_\w{20}|"d":|"(passwordHash|secret|link)":"|\$argon2|\/reset\/|\/invitation\//,
    );
    const refused = await world.fetch(path, { key: await world.createKey('read', 'write'), ...init });
    await refused.text();
    if (path !== '/api/keys') expect([path, refused.status]).toEqual([path, 403]);
  }
});

test('a single scope reads and writes what it covers, and nothing else', async () => {
  for (const scope of all) {
    const held = new Set([scope]);
    const headers = { 'x-api-key': await world.createKey(scope), 'content-type': 'application/json' };
    for (const { set, fields } of world.catalog.sets.values()) {
      const read = await world.fetch(`/odata/${set}?$top=1`, { headers });
      await read.text();
      expect([scope, set, 'read', read.ok]).toEqual([scope, set, 'read', coversScope(held, `${set}:read`)]);
      const write = await world.fetch(`/odata/${set}`, { headers, method: 'POST', body: '{"no":1}' });
      await write.text();
      const mayWrite = write.status !== 403 && write.status !== 404;
      expect([scope, set, 'write', mayWrite]).toEqual([
        ...[scope, set, 'write'],
        coversScope(held, `${set}:write`),
      ]);
      for (const { name, restricted } of fields.values()) {
        if (restricted === undefined) continue;
        for (const query of [`$select=${name}`, `$filter=${name} ne null`, `$orderby=${name}`]) {
          const response = await world.fetch(`/odata/${set}?$top=1&${query}`, { headers });
          await response.text();
          expect([scope, set, query, response.ok]).toEqual([scope, set, query, false]);
        }
      }
    }
  }
});
