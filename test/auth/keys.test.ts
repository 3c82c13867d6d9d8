import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { type Auth, createAuth } from '../../src/auth/create-auth.ts';
import { hashApiKey } from '../../src/auth/keys/api-key.ts';
import { createUserKeys } from '../../src/safestore/user-keys.ts';
import { type AuthWorld, catalog, openAuthWorld, pepper, principalWith, withKey } from './auth-fixture.ts';

let world: AuthWorld;
beforeAll(async () => {
  world = await openAuthWorld();
});
afterAll(() => world.close());

const refused = (more: object) => expect.objectContaining(more);

describe('a new API key', () => {
  test('belongs to its owner, and is listed without its secret', async () => {
    const expiresAt = new Date(Date.now() + 60_000);
    const { id, key } = await world.createKey({ name: ' Shop ', scopes: 'write, read read', expiresAt });
    const listed = (await world.auth.keys.list()).find(summary => summary.id === id);
    expect(listed).toEqual({
      id,
      prefix: `pk_${id}`,
      name: 'Shop',
      owner: world.owner.email,
      userId: world.owner.id,
      lastFour: key.slice(-4),
      state: 'expiring',
      warning: 'It expires within the hour.',
      scopes: ['read', 'write'],
      createdAt: expect.any(Date),
      expiresAt,
      lastUsedAt: null,
      lastUsedIp: null,
      revokedAt: null,
      madeBy: 'server',
      appId: null,
      replaces: null,
      replacedBy: null,
    });
  });

  test('finds its owner by e-mail address in any case', async () => {
    expect(await world.createKey({ email: ' OWNER@example.com' })).toMatchObject({
      owner: world.owner.email,
    });
  });

  test.each([
    [{ name: '  ' }, 'INVALID_VALUE', 'name'],
    [{ name: 'x'.repeat(101) }, 'INVALID_VALUE', 'name'],
    [{ name: 'two\nlines' }, 'INVALID_VALUE', 'name'],
    [{ name: '\u001b[31mred' }, 'INVALID_VALUE', 'name'],
    [{ scopes: [] }, 'INVALID_VALUE', 'scopes'],
    [{ scopes: ['raed'] }, 'INVALID_VALUE', 'scopes'],
    [{ expiresAt: new Date(0) }, 'INVALID_VALUE', 'expiresAt'],
    [{ expiresAt: new Date(Number.NaN) }, 'INVALID_VALUE', 'expiresAt'],
    [{ email: 'nobody@example.com' }, 'NOT_FOUND', 'owner'],
  ])('is refused with %o', async (more, code, target) => {
    await expect(world.createKey(more)).rejects.toThrow(refused({ code, target }));
  });

  test('cannot have scopes that its owner does not have', async () => {
    const email = 'small@example.com';
    await world.prisma.user.create({ data: { email, scopes: ['products:read'] } });
    const error = { code: 'SCOPE_MISSING', target: 'read', message: expect.stringContaining(email) };
    await expect(world.createKey({ email, scopes: ['read'] })).rejects.toThrow(refused(error));
    expect(await world.createKey({ email, scopes: ['products:read'] })).toMatchObject({ owner: email });
  });

  test('cannot have scopes that its creator does not have', async () => {
    const wanted = { email: world.owner.email, name: 'Test', scopes: ['write'] };
    const principal = principalWith('admin', 'read');
    await expect(world.auth.keys.create(wanted, { principal })).rejects.toThrow(
      refused({ code: 'SCOPE_MISSING' }),
    );
  });

  test('cannot be created for a disabled user', async () => {
    await world.prisma.user.create({
      data: { email: 'off@example.com', scopes: ['read'], disabledAt: new Date() },
    });
    const error = { code: 'INVALID_VALUE', message: 'The user off@example.com is disabled.' };
    await expect(world.createKey({ email: 'off@example.com' })).rejects.toThrow(refused(error));
  });
});

describe('revoking a key', () => {
  test('is recorded, and doing it twice changes nothing', async () => {
    const { id } = await world.createKey();
    await world.auth.keys.revoke(id);
    const { revokedAt } = await world.prisma.apiKey.findUniqueOrThrow({ where: { id } });
    expect(revokedAt).toBeInstanceOf(Date);
    await world.auth.keys.revoke(id);
    expect(await world.prisma.apiKey.findUniqueOrThrow({ where: { id } })).toMatchObject({ revokedAt });
  });

  test.each(['000000000000', 'short', "' or 1=1 --", ''])('answers that there is no key "%s"', async id => {
    await expect(world.auth.keys.revoke(id)).rejects.toThrow(refused({ code: 'NOT_FOUND' }));
  });
});

describe('the stored form of a key', () => {
  test('contains neither the key nor its hash', async () => {
    const { key } = await world.createKey();
    await world.auth.authenticate(withKey(key));
    const dump = await dumpAll();
    const secret = key.slice(16, -6);
    const hash = hashApiKey(key);
    const traces = [
      key,
      secret,
      hash.toString('hex'),
      hash.toString('base64'),
      Buffer.from(key).toString('hex'),
    ];
    expect(dump).toContain(key.slice(3, 15));
    for (const trace of traces) expect(dump).not.toContain(trace);
  });

  test('is resealed with a new pepper without its owner, and the old pepper can be removed', async () => {
    const [old, fresh] = [pepper(1), pepper(2)];
    const first = await openAuthWorld({ SAFESTORE_PEPPERS: old });
    const { key } = await first.createKey();
    const under = (peppers: string) =>
      createAuth({ ...first, config: { ...first.config, peppers: peppersOf(peppers) }, catalog });
    const both = under(`${fresh},${old}`);
    await both.authenticate(withKey(key));
    expect([await moved(both), await moved(both)]).toEqual([1, 0]);
    expect(await under(fresh).authenticate(withKey(key))).toMatchObject({ kind: 'key' });
    await expect(under(old).authenticate(withKey(key))).rejects.toThrow('This API key is not valid.');
    await first.close();
  });

  test('cannot be opened after the key of its user is deleted', async () => {
    const email = 'shredded@example.com';
    const { id } = await world.prisma.user.create({ data: { email, scopes: ['read'] } });
    const { key } = await world.createKey({ email });
    const elsewhere = world.instance();
    await createUserKeys(world.prisma).shred(id);
    await expect(elsewhere.authenticate(withKey(key))).rejects.toThrow('This API key is not valid.');
    await elsewhere.close();
  });
});

const moved = async (auth: Auth) => (await auth.sealRotation.run()).moved;

const peppersOf = (text: string) =>
  text.split(',').map(entry => {
    const [version = '', secret = ''] = entry.split(':');
    return { version: Number(version), secret: Buffer.from(secret, 'base64') };
  });

/** @returns every row of every table, as JSON text */
async function dumpAll(): Promise<string> {
  const tables = await world.database.query(
    `SELECT format('%I.%I', schemaname, tablename) FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')`,
  );
  const dumps = tables.rows.map(([table]) => world.database.query(`SELECT to_json(t) FROM ${table} t`));
  return (await Promise.all(dumps)).flatMap(({ rows }) => rows.map(([row]) => row)).join('\n');
}

describe('the last use of a key', () => {
  const lastUseOf = async (id: string) => {
    const { lastUsedAt, lastUsedIp } = await world.prisma.apiKey.findUniqueOrThrow({ where: { id } });
    return { lastUsedAt, lastUsedIp };
  };

  test('is stored, with the address, by the time the server has closed', async () => {
    const { id, key } = await world.createKey();
    const server = world.instance();
    const before = Date.now();
    await server.authenticate(withKey(key));
    expect(await lastUseOf(id)).toEqual({ lastUsedAt: null, lastUsedIp: null });
    await server.close();
    const { lastUsedAt, lastUsedIp } = await lastUseOf(id);
    expect(lastUsedIp).toBe('192.0.2.7');
    expect(lastUsedAt?.getTime()).toBeGreaterThanOrEqual(before);
  });

  test('is stored soon after the first use, then at most once a minute', async () => {
    vi.useFakeTimers({ toFake: ['Date', 'setTimeout', 'clearTimeout'] });
    const server = world.instance();
    const { key } = await world.createKey();
    world.queries.length = 0;
    const writes = () => world.queries.filter(query => query.includes('"lastUsedAt"')).length;
    const useEachSecond = async (seconds: number) => {
      for (let i = 0; i < seconds; i++) {
        await server.authenticate(withKey(key));
        vi.advanceTimersByTime(1_000);
      }
    };
    await useEachSecond(1);
    expect(writes()).toBe(1);
    await useEachSecond(59);
    expect(writes()).toBe(1);
    await useEachSecond(2);
    expect(writes()).toBe(2);
    vi.useRealTimers();
    await server.close();
  });

  test('is not overwritten by an instance that writes late', async () => {
    const { id, key } = await world.createKey();
    const later = new Date(Date.now() + 60_000);
    const server = world.instance();
    await server.authenticate(withKey(key));
    await world.prisma.apiKey.update({ where: { id }, data: { lastUsedAt: later, lastUsedIp: '192.0.2.8' } });
    await server.close();
    expect(await lastUseOf(id)).toEqual({ lastUsedAt: later, lastUsedIp: '192.0.2.8' });
  });

  test('that cannot be stored is logged, and requests succeed', async () => {
    const { key } = await world.createKey();
    const database = { ...world.database, query: vi.fn(world.database.query) };
    const server = createAuth({ ...world, database, catalog });
    await server.authenticate(withKey(key));
    database.query.mockRejectedValueOnce(new Error('connection lost'));
    await server.close();
    const line = world.logLines.find(logged => logged.includes('connection lost'));
    expect(JSON.parse(line ?? '{}').msg).toBe('the last use of API keys could not be stored');
  });
});
