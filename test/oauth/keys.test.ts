import { decodeProtectedHeader } from 'jose';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { createAuth } from '../../src/auth/create-auth.ts';
import { createLog } from '../../src/base/log.ts';
import { runPortolan } from '../../src/cli/run-portolan.ts';
import { type OauthWorld, openOauthWorld, type TestApp } from './oauth-world.ts';

let world: OauthWorld;
let app: TestApp;
beforeAll(async () => {
  world = await openOauthWorld();
  app = await world.createApp();
});
afterAll(() => world.close());
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

interface Key {
  readonly kid: string;
  readonly alg: string;
  readonly d?: string;
}

const published = async () =>
  ((await (await world.fetch('/auth/oauth/jwks')).json()) as { keys: Key[] }).keys;
const kidOf = (token: string) => decodeProtectedHeader(token).kid;

describe('the keys that sign tokens', () => {
  test('are published, one per algorithm, without their private keys', async () => {
    const keys = await published();
    expect(keys.map(({ alg }) => alg).sort()).toEqual(['ES256', 'EdDSA']);
    for (const key of keys) {
      expect(Object.keys(key).sort()).toEqual(
        key.alg === 'ES256'
          ? ['alg', 'crv', 'kid', 'kty', 'use', 'x', 'y']
          : ['alg', 'crv', 'kid', 'kty', 'use', 'x'],
      );
    }
    const stored = JSON.stringify(await world.prisma.signingKey.findMany());
    const signing = await (await world.auth.signingKeys.current()).signing();
    for (const key of signing) expect(stored).not.toContain(key.d);
  });

  test('are rotated by one command, and older tokens stay valid', async () => {
    const before = await world.obtain(app);
    vi.stubGlobal('fetch', (url: string, init: RequestInit) => world.fetch(new URL(url).pathname, init));
    const lines: string[] = [];
    const code = await runPortolan(['oauth', 'rotate-keys'], {
      env: { PORTOLAN_URL: world.config.publicUrl, PORTOLAN_API_KEY: world.adminKey },
      print: line => lines.push(line),
      say: () => {},
    });
    expect(code).toBe(0);
    expect(lines).toHaveLength(2);
    expect((await published()).map(({ kid }) => kid)).toHaveLength(4);
    const after = await world.obtain(app);
    expect(lines).toContain(kidOf(after.access_token));
    expect(kidOf(after.access_token)).not.toBe(kidOf(before.access_token));
    expect(await world.use(before.access_token)).toBe(200);
    expect(await world.use(after.access_token)).toBe(200);
    const [event] = await world.prisma.auditEvent.findMany({ where: { kind: 'oauth.keys-rotated' } });
    expect(event?.details).toEqual({ keys: lines });
  });

  test('are used by other instances without a restart', async () => {
    const { config, database, prisma, catalog } = world;
    const other = createAuth({ database, prisma, config, log: createLog(config), catalog });
    const before = (await other.signingKeys.current()).id;
    await world.auth.signingKeys.rotate();
    const token = (await world.obtain(app)).access_token;
    await expect
      .poll(async () => (await other.signingKeys.current()).id, { timeout: 5_000 })
      .not.toBe(before);
    expect(await other.tokens.find(token)).toBeDefined();
    await other.close();
  });

  test('that are old are published while tokens may need them', async () => {
    const kids = (await published()).map(({ kid }) => kid);
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 32 * 86_400_000 });
    await world.auth.signingKeys.rotate();
    await expect.poll(async () => (await published()).length).toBe(4);
    const left = await published();
    expect(left.filter(({ kid }) => kids.includes(kid))).toHaveLength(2);
    await world.auth.signingKeys.clear();
    expect(await world.prisma.signingKey.count()).toBe(4);
  });

  test('are needed to sign tokens, and not to verify them', async () => {
    const { access_token: token } = await world.obtain(app);
    const { config, database, prisma, catalog } = world;
    const other = { ...config, peppers: [{ version: 1, secret: Buffer.alloc(32, 9) }] };
    const stranger = createAuth({ database, prisma, config: other, log: createLog(config), catalog });
    expect(await stranger.tokens.find(token)).toBeDefined();
    await expect((await stranger.signingKeys.current()).signing()).rejects.toThrow('seal');
    await stranger.close();
  });

  test('can only be rotated with the scope admin', async () => {
    const address = '/api/oauth/signing-keys';
    expect((await world.fetch(address, { method: 'POST' })).status).toBe(401);
    const key = await world.createKey('read', 'write');
    expect((await world.fetch(address, { method: 'POST', key })).status).toBe(403);
  });

  test('are created once when several instances start at the same time', async () => {
    await world.prisma.signingKey.deleteMany();
    const { config, database, prisma, catalog } = world;
    const instances = Array.from({ length: 4 }, () =>
      createAuth({ database, prisma, config, log: createLog(config), catalog }),
    );
    const sets = await Promise.all(instances.map(({ signingKeys }) => signingKeys.current()));
    expect(new Set(sets.map(({ id }) => id)).size).toBe(1);
    expect(await prisma.signingKey.count()).toBe(2);
    for (const instance of instances) await instance.close();
  });
});
