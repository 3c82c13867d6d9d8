import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { makeApiKey } from '../../src/auth/keys/api-key.ts';
import type { Fault } from '../../src/base/errors.ts';
import type { Incoming } from '../../src/http/message/message.ts';
import { type AuthWorld, basic, openAuthWorld, request, withKey, withOtherSecret } from './auth-fixture.ts';

let world: AuthWorld;
beforeAll(async () => {
  world = await openAuthWorld();
});
afterAll(() => world.close());
afterEach(() => vi.useRealTimers());

const principalOf = (from: Incoming) => world.auth.authenticate(from);

/** What a caller sees of an error. */
async function refusalOf(from: Incoming) {
  const error = await principalOf(from).then(
    () => expect.unreachable('it was let in'),
    (refused: Fault) => refused,
  );
  const { code, status, message, hint, headers } = error;
  return { code, status, message, hint, headers };
}

describe('a valid key', () => {
  test('yields the user and the scopes', async () => {
    const { id, key } = await world.createKey({ name: 'Report', scopes: ['read', 'products.cost:read'] });
    expect(await principalOf(withKey(key))).toEqual({
      kind: 'key',
      id,
      userId: world.owner.id,
      name: 'Report',
      scopes: new Set(['products.cost:read', 'read']),
      scopeKey: 'products.cost:read read',
    });
  });

  test('is accepted as the password of HTTP Basic', async () => {
    const { id, key } = await world.createKey();
    expect(await principalOf(request({ authorization: basic('excel', key) }))).toMatchObject({ id });
  });

  test('is limited to the scopes of its owner', async () => {
    const email = 'reader@example.com';
    const { id } = await world.prisma.user.create({ data: { email, scopes: ['read', 'write'] } });
    const { key } = await world.createKey({ email, scopes: ['read', 'write'] });
    await world.prisma.user.update({ where: { id }, data: { scopes: ['products:read'] } });
    expect(await principalOf(withKey(key))).toMatchObject({ scopeKey: 'products:read' });
  });
});

describe('without a valid key', () => {
  const challenge = {
    'www-authenticate': 'Basic realm="Portolan", charset="UTF-8", Bearer realm="Portolan"',
  };
  const invalid = {
    code: 'INVALID_CREDENTIAL',
    status: 401,
    message: 'This API key is not valid.',
    hint: expect.stringContaining('X-API-Key'),
    headers: challenge,
  };

  test('a request gets 401 with a challenge', async () => {
    expect(await refusalOf(request())).toEqual({
      code: 'UNAUTHENTICATED',
      status: 401,
      message: 'This request needs a credential.',
      hint: expect.stringContaining('password of HTTP Basic'),
      headers: challenge,
    });
  });

  test('unknown and wrong keys, revoked keys and keys of disabled users get the same answer', async () => {
    const { key, id } = await world.createKey();
    const wrong = await refusalOf(withKey(withOtherSecret(key)));
    const unknown = await refusalOf(withKey(makeApiKey().key));
    await world.auth.keys.revoke(id);
    const revoked = await refusalOf(withKey(key));
    const disabled = await refusalOf(withKey(await keyOfDisabledUser()));
    for (const refusal of [wrong, unknown, revoked, disabled]) expect(refusal).toEqual(invalid);
  });

  test('unknown and wrong keys cost the same queries', async () => {
    const { key } = await world.createKey();
    await principalOf(withKey(key));
    const costOf = async (presented: string) => {
      world.queries.length = 0;
      await refusalOf(withKey(presented));
      return [...world.queries];
    };
    const wrong = await costOf(withOtherSecret(key));
    expect(wrong).toHaveLength(1);
    expect(await costOf(makeApiKey().key)).toEqual(wrong);
  });

  test('a mistyped key is reported as such, without a query', async () => {
    const { key } = await world.createKey();
    world.queries.length = 0;
    for (const text of [
      key.slice(0, -1),
      `${key.slice(0, 30)}${key[30] === 'A' ? 'B' : 'A'}${key.slice(31)}`,
      'x',
    ])
      expect(await refusalOf(withKey(text))).toMatchObject({
        code: 'INVALID_CREDENTIAL',
        hint: expect.stringContaining('checksum'),
      });
    expect(world.queries).toEqual([]);
  });

  test('a token is refused as RFC 6750 specifies', async () => {
    const { headers, code } = await refusalOf(request({ authorization: 'Bearer ey.J.x' }));
    expect(code).toBe('INVALID_CREDENTIAL');
    expect(headers?.['www-authenticate']).toBe(`${challenge['www-authenticate']}, error="invalid_token"`);
  });
});

async function keyOfDisabledUser(): Promise<string> {
  const email = 'gone@example.com';
  const { id } = await world.prisma.user.create({ data: { email, scopes: ['read'] } });
  const { key } = await world.createKey({ email });
  await world.prisma.user.update({ where: { id }, data: { disabledAt: new Date() } });
  return key;
}

describe('expiry and revocation', () => {
  beforeEach(() => vi.useFakeTimers({ toFake: ['Date', 'performance'] }));

  test('expiry is only reported to callers with the right secret', async () => {
    const { key } = await world.createKey({ expiresAt: new Date(Date.now() + 5_000) });
    vi.advanceTimersByTime(5_000);
    expect((await refusalOf(withKey(key))).message).toMatch(/^This API key expired on 20\d\d-/);
    expect((await refusalOf(withKey(withOtherSecret(key)))).message).toBe('This API key is not valid.');
  });

  test('a key that expires while it is cached stops working at that moment', async () => {
    const { key } = await world.createKey({ expiresAt: new Date(Date.now() + 500) });
    await principalOf(withKey(key));
    vi.advanceTimersByTime(499);
    await principalOf(withKey(key));
    vi.advanceTimersByTime(1);
    expect((await refusalOf(withKey(key))).message).toContain('expired');
  });

  test('a revoked key stops working at once on the same instance', async () => {
    const { id, key } = await world.createKey();
    await principalOf(withKey(key));
    await world.auth.keys.revoke(id);
    expect((await refusalOf(withKey(key))).code).toBe('INVALID_CREDENTIAL');
  });

  test('a revoked key stops working on other instances within a second', async () => {
    const { id, key } = await world.createKey();
    await principalOf(withKey(key));
    const elsewhere = world.instance();
    await elsewhere.keys.revoke(id);
    vi.advanceTimersByTime(1_000);
    expect((await refusalOf(withKey(key))).code).toBe('INVALID_CREDENTIAL');
    await elsewhere.close();
  });

  test('the keys of a disabled user stop working within a second', async () => {
    const { id } = await world.prisma.user.create({ data: { email: 'soon@example.com', scopes: ['read'] } });
    const { key } = await world.createKey({ email: 'soon@example.com' });
    await principalOf(withKey(key));
    await world.prisma.user.update({ where: { id }, data: { disabledAt: new Date() } });
    vi.advanceTimersByTime(1_000);
    expect((await refusalOf(withKey(key))).code).toBe('INVALID_CREDENTIAL');
  });

  test('a busy key costs two queries a second', async () => {
    const { key } = await world.createKey();
    world.queries.length = 0;
    await Promise.all(Array.from({ length: 50 }, () => principalOf(withKey(key))));
    vi.advanceTimersByTime(499);
    await principalOf(withKey(key));
    expect(world.queries).toHaveLength(1);
    vi.advanceTimersByTime(1);
    await principalOf(withKey(key));
    expect(world.queries).toHaveLength(2);
  });

  test('a wrong key is not cached', async () => {
    const wrong = makeApiKey().key;
    world.queries.length = 0;
    await refusalOf(withKey(wrong));
    await refusalOf(withKey(wrong));
    expect(world.queries).toHaveLength(2);
  });
});

describe('a key whose sealed hash cannot be opened', () => {
  test('is refused like a wrong key, and its id is logged', async () => {
    const { id, key } = await world.createKey();
    const { sealed } = await world.prisma.apiKey.findUniqueOrThrow({ where: { id } });
    sealed[30]! ^= 1;
    await world.prisma.apiKey.update({ where: { id }, data: { sealed } });
    expect((await refusalOf(withKey(key))).message).toBe('This API key is not valid.');
    const line = world.logLines.find(logged => logged.includes(id));
    expect(JSON.parse(line ?? '{}')).toMatchObject({ keyId: id, msg: 'a stored API key cannot be opened' });
  });

  test('a hash moved into the row of another key makes neither key work', async () => {
    const [one, two] = [await world.createKey(), await world.createKey()];
    const { sealed } = await world.prisma.apiKey.findUniqueOrThrow({ where: { id: one.id } });
    await world.prisma.apiKey.update({ where: { id: two.id }, data: { sealed } });
    expect((await refusalOf(withKey(two.key))).code).toBe('INVALID_CREDENTIAL');
    expect(await principalOf(withKey(one.key))).toMatchObject({ id: one.id });
  });

  test('a database error is not reported as a wrong key', async () => {
    const { key } = await world.createKey();
    const broken = vi.spyOn(world.database, 'query').mockRejectedValueOnce(new Error('connection lost'));
    await expect(principalOf(withKey(key))).rejects.toThrow('connection lost');
    broken.mockRestore();
    expect(await principalOf(withKey(key))).toMatchObject({ kind: 'key' });
  });
});
