import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import type { Auth } from '../../src/auth/create-auth.ts';
import { FetchIncoming } from '../../src/http/node/incoming-fetch.ts';
import { type AuthWorld, openAuthWorld } from './auth-fixture.ts';

let world: AuthWorld;
let auth: Auth;
beforeAll(async () => {
  world = await openAuthWorld();
  auth = world.auth;
});
afterAll(() => world.close());
afterEach(() => vi.useRealTimers());

const dayMs = 86_400_000;

const from = (headers: Record<string, string> = {}, method = 'GET') =>
  new FetchIncoming(new Request('http://localhost:3000/', { method, headers }), '192.0.2.7');

/** @returns the header `cookie` of a new session */
async function signIn(userId = world.owner.id, headers: Record<string, string> = {}) {
  const { id, cookie } = await auth.sessions.start(userId, from(headers));
  return { id, cookie: cookie.split(';')[0]!, set: cookie };
}

const person = (email: string, more = {}) =>
  world.prisma.user.create({ data: { email, role: 'viewer', ...more } });
const found = (cookie: string, by: Auth = auth) => by.sessions.find(from({ cookie }));
const past = (ms: number) => vi.useFakeTimers({ now: Date.now() + ms, toFake: ['Date'] });

describe('a session', () => {
  test('yields the user and the scopes', async () => {
    const { id: userId } = await person('ada@example.com', { name: 'Ada', scopes: ['products.cost:read'] });
    const { id, cookie } = await signIn(userId);
    expect(await found(cookie)).toMatchObject({
      id,
      user: { id: userId, email: 'ada@example.com', name: 'Ada', role: 'viewer' },
      principal: { kind: 'session', id, userId, name: 'Ada', scopeKey: 'products.cost:read read' },
    });
  });

  test('is a value of 256 random bits that the database does not know', async () => {
    const { cookie, id } = await signIn();
    const value = cookie.split('=')[1]!;
    expect(Buffer.from(value, 'base64url')).toHaveLength(32);
    const { rows } = await world.database.query('SELECT s::text FROM "portolan"."session" s');
    expect(rows.flat().join()).toContain(id);
    expect(rows.flat().join()).not.toContain(value);
  });

  test('is sent in a cookie that neither scripts nor other sites can use', async () => {
    expect((await signIn()).set).toMatch(
      /^portolan_session=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax; Max-Age=7776000$/,
    );
    const secure = await openAuthWorld({ PUBLIC_URL: 'https://shop.example', SESSION_MAX_DAYS: '7' });
    const { cookie } = await secure.auth.sessions.start(secure.owner.id, from());
    await secure.close();
    expect(cookie).toMatch(
      /^__Host-portolan_session=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax; Secure; Max-Age=604800$/,
    );
  });

  test('is not started for an unknown or disabled user', async () => {
    const { id } = await person('gone@example.com', { disabledAt: new Date() });
    await expect(signIn(id)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(signIn('00000000-0000-4000-8000-000000000000')).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  test('gets a new value at each sign-in, which ends the one before', async () => {
    const first = await signIn();
    const second = await signIn(world.owner.id, { cookie: first.cookie });
    expect(second.cookie).not.toBe(first.cookie);
    expect(await found(first.cookie)).toBeUndefined();
    expect(await found(second.cookie)).toBeDefined();
  });

  test('cannot be fixed beforehand: a value chosen by an attacker is never used', async () => {
    const chosen = `portolan_session=${'A'.repeat(43)}`;
    const { cookie } = await signIn(world.owner.id, { cookie: chosen });
    expect(await found(chosen)).toBeUndefined();
    expect(cookie).not.toBe(chosen);
  });

  test.each([
    '',
    'portolan_session=',
    'portolan_session=x',
    `portolan_session=${'A'.repeat(43)}`,
    "portolan_session=' OR 1=1 --",
  ])('is not found for the cookie %j', async cookie => {
    expect(await found(cookie)).toBeUndefined();
  });

  test('is not found when the cookie is sent twice, or inside another one', async () => {
    const { cookie } = await signIn();
    expect(await found(`${cookie}; portolan_session=${'B'.repeat(43)}`)).toBeUndefined();
    expect(await found(`other=x,${cookie}`)).toBeUndefined();
    expect(await found(`x${cookie}`)).toBeUndefined();
    expect(await found(`other=x; ${cookie}; more=y`)).toBeDefined();
  });
});

describe('a session ends', () => {
  test('after 14 days without a request, and each request extends it', async () => {
    const { cookie } = await signIn();
    past(13 * dayMs);
    expect(await found(cookie)).toBeDefined();
    await auth.sessions.close();
    past(13 * dayMs);
    expect(await found(cookie)).toBeDefined();
    await auth.sessions.close();
    past(14 * dayMs + 1);
    expect(await found(cookie)).toBeUndefined();
  });

  test('after 90 days at the latest', async () => {
    const { cookie } = await signIn();
    for (let day = 0; day < 89; day += 10) {
      past(9.9 * dayMs);
      expect(await found(cookie)).toBeDefined();
      await auth.sessions.close();
    }
    past(dayMs);
    expect(await found(cookie)).toBeUndefined();
  });

  test('one at a time, by its owner only', async () => {
    const [mine, other] = [await signIn(), await signIn()];
    const stranger = await person('stranger@example.com');
    expect(await auth.sessions.end(stranger.id, mine.id)).toBe(false);
    expect(await found(mine.cookie)).toBeDefined();
    expect(await auth.sessions.end(world.owner.id, mine.id)).toBe(true);
    expect(await auth.sessions.end(world.owner.id, mine.id)).toBe(false);
    expect(await found(mine.cookie)).toBeUndefined();
    expect(await found(other.cookie)).toBeDefined();
  });

  test('everywhere except in this browser', async () => {
    const { id } = await person('many@example.com');
    const sessions = [await signIn(id), await signIn(id), await signIn(id)];
    const stranger = await signIn();
    for (const { cookie } of sessions) expect(await found(cookie)).toBeDefined();
    expect(await auth.sessions.endAll(id, sessions[1]!.id)).toBe(2);
    expect(await Promise.all(sessions.map(({ cookie }) => found(cookie)))).toEqual([
      undefined,
      expect.anything(),
      undefined,
    ]);
    expect(await auth.sessions.endAll(id)).toBe(1);
    expect(await found(stranger.cookie)).toBeDefined();
  });

  test('on other instances within half a second, when it is ended or its user disabled', async () => {
    const other = world.instance();
    const { id: userId } = await person('two@example.com');
    const [first, second] = [await signIn(userId), await signIn(userId)];
    expect(await found(first.cookie, other)).toBeDefined();
    expect(await found(second.cookie, other)).toBeDefined();
    await auth.sessions.end(userId, first.id);
    past(501);
    expect(await found(first.cookie, other)).toBeUndefined();
    expect(await found(second.cookie, other)).toBeDefined();
    await world.prisma.user.update({ where: { id: userId }, data: { disabledAt: new Date() } });
    past(501);
    expect(await found(second.cookie, other)).toBeUndefined();
    await other.close();
  });

  test('changed scopes of a user take effect within half a second, and at once after forget()', async () => {
    const { id } = await person('rising@example.com');
    const { cookie } = await signIn(id);
    expect((await found(cookie))?.principal.scopeKey).toBe('read');
    await world.prisma.user.update({ where: { id }, data: { role: 'editor' } });
    auth.sessions.forget(id);
    expect((await found(cookie))?.principal.scopeKey).toBe('read write');
  });
});

test('a busy session costs one query in half a second, and is written once a minute', async () => {
  const { cookie } = await signIn();
  world.queries.length = 0;
  await Promise.all(Array.from({ length: 50 }, () => found(cookie)));
  expect(world.queries).toHaveLength(1);
  past(61_000);
  await Promise.all(Array.from({ length: 50 }, () => found(cookie)));
  await auth.sessions.close();
  expect(world.queries.filter(text => text.includes('UPDATE'))).toHaveLength(1);
});

test('the list contains valid sessions, most recently used first, with device and address', async () => {
  const { id } = await person('lists@example.com');
  const old = await signIn(id, { 'user-agent': 'old'.repeat(200) });
  past(1_000);
  const fresh = await signIn(id, { 'user-agent': 'Fresh' });
  const list = await auth.sessions.list(id);
  expect(list).toEqual([
    {
      id: fresh.id,
      createdAt: expect.any(Date),
      lastSeenAt: expect.any(Date),
      address: '192.0.2.7',
      userAgent: 'Fresh',
    },
    expect.objectContaining({ id: old.id, userAgent: 'old'.repeat(100) }),
  ]);
  past(15 * dayMs);
  expect(await auth.sessions.list(id)).toEqual([]);
});

test('expired sessions are deleted, and no others', async () => {
  const { id } = await person('cleared@example.com');
  await signIn(id);
  await auth.sessions.clear();
  expect(await world.prisma.session.count({ where: { userId: id } })).toBe(1);
  past(100 * dayMs);
  await auth.sessions.clear();
  expect(await world.prisma.session.count({ where: { userId: id } })).toBe(0);
});

describe('a session as a credential', () => {
  const own = { 'sec-fetch-site': 'same-origin' };

  test('a session is accepted', async () => {
    const { cookie, id } = await signIn();
    expect(await auth.authenticate(from({ cookie }))).toMatchObject({ kind: 'session', id });
    expect(await auth.authenticate(from({ cookie, ...own }, 'POST'))).toMatchObject({ kind: 'session', id });
    expect(await auth.authenticate(from({ cookie, origin: 'http://localhost:3000' }, 'POST'))).toMatchObject({
      id,
    });
  });

  test.each<Record<string, string>>([
    {},
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
    { origin: 'https://evil.example' },
    { origin: 'null' },
    { origin: 'http://localhost:3001' },
  ])('is refused for writes of a page of another origin: %o', async headers => {
    const { cookie } = await signIn();
    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE'])
      await expect(auth.authenticate(from({ cookie, ...headers }, method))).rejects.toMatchObject({
        code: 'FOREIGN_PAGE',
        status: 403,
      });
  });

  test('a session and a key in one request are refused', async () => {
    const [{ cookie }, { key }] = [await signIn(), await world.createKey()];
    await expect(auth.authenticate(from({ cookie, 'x-api-key': key }))).rejects.toMatchObject({
      code: 'TWO_CREDENTIALS',
    });
  });

  test('an ended session is ignored: a key is used, and without one the answer is 401', async () => {
    const [{ cookie, id }, { key }] = [await signIn(), await world.createKey()];
    await auth.sessions.end(world.owner.id, id);
    expect(await auth.authenticate(from({ cookie, 'x-api-key': key }))).toMatchObject({ kind: 'key' });
    await expect(auth.authenticate(from({ cookie }))).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  });
});
