import { describe, expect, test } from 'vitest';
import { serverForFile } from '../harness.ts';
import { openBrowser } from './browser.ts';

const password = 'long enough and not common';
const own = { 'sec-fetch-site': 'same-origin' };
const server = serverForFile({ env: { ADMIN_PASSWORD: password } });

// biome-ignore lint/suspicious/noExplicitAny: any answer
type Data = any;

interface Asked {
  readonly key?: string;
  readonly cookie?: string;
  readonly headers?: Record<string, string>;
}

async function ask(
  query: string,
  variables: Record<string, unknown> = {},
  { key, cookie, headers = own }: Asked = { key: server.adminKey },
) {
  const response = await server.fetch('/graphql', {
    key,
    json: { query, variables },
    headers: cookie ? { ...headers, cookie } : {},
  });
  const { data, errors } = (await response.json()) as {
    data?: Data;
    errors?: { message: string; extensions: { code: string } }[];
  };
  return { data: data as Data, code: errors?.[0]?.extensions?.code, message: errors?.[0]?.message };
}

let users = 0;
async function somebody(more: Record<string, unknown> = {}) {
  const passwordHash = await server.auth.passwords.hash(password);
  const data = { email: `graph-${++users}@example.com`, role: 'viewer' as const, passwordHash, ...more };
  return server.prisma.user.create({ data });
}

describe('administrators', () => {
  test('list users, page by page', async () => {
    const { email } = await somebody({ name: 'Listed' });
    const query = `query ($after: String) { users(take: 1, search: "example.com", after: $after) { users { id email name role scopes state createdAt lastSignInAt } next } }`;
    const first = (await ask(query)).data.users;
    expect(first.users).toEqual([
      expect.objectContaining({
        email: 'admin@example.com',
        role: 'administrator',
        scopes: [],
        state: 'active',
        lastSignInAt: null,
      }),
    ]);
    expect(first.next).toBe('admin@example.com');
    expect((await ask(query, { after: first.next })).data.users.users[0].email).toBe(email);
    expect((await ask('{ users(take: 999) { next } }')).code).toBe('INVALID_VALUE');
  });

  test('invite, resend and withdraw', async () => {
    const { data } = await ask(
      `mutation { inviteUser(email: "I@Example.com", role: editor, scopes: ["products.cost:read"]) { user { id email role scopes state } delivery { sent link expiresAt } } }`,
    );
    expect(data.inviteUser).toEqual({
      user: {
        id: expect.any(String),
        email: 'i@example.com',
        role: 'editor',
        scopes: ['products.cost:read'],
        state: 'invited',
      },
      delivery: {
        sent: false,
        link: expect.stringMatching(/\/invitation\/[\w-]{43}$/),
        expiresAt: expect.any(String),
      },
    });
    const userId = data.inviteUser.user.id;
    const again = await ask(
      'mutation ($userId: String!) { resendInvitation(userId: $userId) { delivery { link } } }',
      { userId },
    );
    const path = (link: string) => new URL(link).pathname;
    expect((await openBrowser(server).get(path(data.inviteUser.delivery.link))).status).toBe(404);
    expect((await openBrowser(server).get(path(again.data.resendInvitation.delivery.link))).status).toBe(200);
    expect(
      (await ask('mutation ($userId: String!) { withdrawInvitation(userId: $userId) }', { userId })).data
        .withdrawInvitation,
    ).toBe(true);
    expect((await ask('query ($id: String!) { user(id: $id) { email } }', { id: userId })).code).toBe(
      'NOT_FOUND',
    );
    expect(
      (await ask('mutation { inviteUser(email: "v@example.com") { user { role } } }')).data.inviteUser.user
        .role,
    ).toBe('viewer');
    expect(
      (await ask('mutation { inviteUser(email: "n@example.com", role: null) { user { role } } }')).data
        .inviteUser.user.role,
    ).toBeNull();
    expect((await ask('mutation { inviteUser(email: "v@example.com") { user { role } } }')).code).toBe(
      'CONFLICT',
    );
  });

  test('change users, send password links, end sessions, delete', async () => {
    const { id, email } = await somebody();
    const cookie = await server.signIn(email);
    const update = `mutation ($id: String!, $role: Role, $disabled: Boolean) { updateUser(id: $id, role: $role, disabled: $disabled) { role state } }`;
    expect((await ask(update, { id, role: 'editor' })).data.updateUser).toEqual({
      role: 'editor',
      state: 'active',
    });
    expect((await ask(update, { id, role: null })).data.updateUser.role).toBeNull();
    expect(
      (await ask('mutation ($id: String!) { updateUser(id: $id, name: "Kept") { role name } }', { id })).data
        .updateUser,
    ).toEqual({ role: null, name: 'Kept' });
    expect(
      (await ask('query ($id: String!) { userSessions(userId: $id) { id address userAgent } }', { id })).data
        .userSessions,
    ).toHaveLength(1);
    expect(
      (await ask('mutation ($id: String!) { sendPasswordReset(userId: $id) { sent link } }', { id })).data
        .sendPasswordReset,
    ).toEqual({ sent: false, link: expect.stringContaining('/reset/') });
    expect(
      (await ask('mutation ($id: String!) { endUserSessions(userId: $id) }', { id })).data.endUserSessions,
    ).toBe(1);
    expect((await ask('{ mySessions { id } }', {}, { cookie })).code).toBe('UNAUTHENTICATED');
    expect((await ask(update, { id, disabled: true })).data.updateUser.state).toBe('disabled');
    expect((await ask('mutation ($id: String!) { deleteUser(id: $id) }', { id })).data.deleteUser).toBe(true);
    expect(await server.prisma.user.findUnique({ where: { id } })).toBeNull();
    const admin = await server.prisma.user.findUniqueOrThrow({ where: { email: 'admin@example.com' } });
    expect((await ask(update, { id: admin.id, role: 'viewer' })).code).toBe('CONFLICT');
  });

  test('cannot grant more than they have', async () => {
    const key = await server.createKey('admin');
    const { id } = await somebody({ role: 'editor' });
    const refused = { code: 'SCOPE_MISSING' };
    expect(
      await ask('mutation { inviteUser(email: "x@example.com", role: viewer) { user { id } } }', {}, { key }),
    ).toMatchObject(refused);
    expect(
      await ask('mutation ($id: String!) { sendPasswordReset(userId: $id) { link } }', { id }, { key }),
    ).toMatchObject(refused);
    expect(
      (
        await ask(
          'mutation ($id: String!) { updateUser(id: $id, disabled: true) { state } }',
          { id },
          { key },
        )
      ).data.updateUser.state,
    ).toBe('disabled');
  });
});

describe('everybody else', () => {
  test('does not see the fields for administrators', async () => {
    const key = await server.createKey('read', 'write');
    for (const query of [
      '{ users { next } }',
      'mutation { inviteUser(email: "x@example.com") { user { id } } }',
      'mutation { deleteUser(id: "x") }',
    ]) {
      const { data, code } = await ask(query, {}, { key });
      expect(data ?? null).toBeNull();
      expect(code).toBeDefined();
    }
    const names = await ask(
      '{ __schema { queryType { fields { name } } mutationType { fields { name } } } }',
      {},
      { key },
    );
    expect(JSON.stringify(names.data)).not.toMatch(/inviteUser|"users"/);
    expect(JSON.stringify(names.data)).toContain('mySessions');
  });

  test('manages their own account, when signed in', async () => {
    const { email } = await somebody();
    const [cookie, other] = [await server.signIn(email), await server.signIn(email)];
    const mine = { cookie };
    expect((await ask('{ mySessions { id } }', {}, mine)).data.mySessions).toHaveLength(2);
    expect((await ask('mutation { updateMyName(name: " Ada ") }', {}, mine)).data.updateMyName).toBe('Ada');
    expect((await ask('mutation { endMyOtherSessions }', {}, mine)).data.endMyOtherSessions).toBe(1);
    expect((await ask('{ mySessions { id } }', {}, { cookie: other })).code).toBe('UNAUTHENTICATED');
    const change =
      'mutation ($current: String!, $next: String!) { changeMyPassword(current: $current, next: $next) }';
    expect((await ask(change, { current: 'wrong', next: 'another one that is long' }, mine)).code).toBe(
      'INVALID_VALUE',
    );
    expect((await ask(change, { current: password, next: 'passwordpassword' }, mine)).code).toBe(
      'INVALID_VALUE',
    );
    expect(
      (await ask(change, { current: password, next: 'another one that is long' }, mine)).data
        .changeMyPassword,
    ).toBe(true);
    const stranger = await somebody();
    await server.signIn(stranger.email);
    const [theirs] = await server.auth.sessions.list(stranger.id);
    expect(
      (await ask('mutation ($id: String!) { endMySession(id: $id) }', { id: theirs!.id }, mine)).data
        .endMySession,
    ).toBe(0);
    expect(await server.auth.sessions.list(stranger.id)).toHaveLength(1);
  });

  test('a key or a page of another user does not', async () => {
    const { email } = await somebody();
    const { key } = await server.auth.keys.create({ email, name: 'x', scopes: ['read'] });
    expect((await ask('{ mySessions { id } }', {}, { key })).code).toBe('SCOPE_MISSING');
    expect((await ask('mutation { endMyOtherSessions }', {}, { key })).code).toBe('SCOPE_MISSING');
    const cookie = await server.signIn(email);
    for (const headers of [{ 'sec-fetch-site': 'cross-site' }, { origin: 'https://evil.example' }, {}])
      expect(
        (
          await ask(
            'mutation { updateMyName(name: "x") }',
            {},
            { cookie, headers: headers as Record<string, string> },
          )
        ).code,
      ).toBe('FOREIGN_PAGE');
    const byGet = await server.fetch(
      `/graphql?query=${encodeURIComponent('mutation { updateMyName(name: "x") }')}`,
      { headers: { cookie, ...own } },
    );
    expect(byGet.status).toBeGreaterThanOrEqual(400);
    expect(await server.prisma.user.findUnique({ where: { email } })).toMatchObject({ name: '' });
  });
});
