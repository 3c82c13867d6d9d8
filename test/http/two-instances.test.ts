// Two instances over one PostgreSQL and one Redis: what ends on one is over on the other within a second, and what is
// counted is counted together.

import { setTimeout as pause } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Instance, openInstance } from '../changes/instance.ts';
import { startServer, type TestRequest, type TestServer } from '../harness.ts';

const redisUrl = process.env.TEST_REDIS_URL ?? 'redis://127.0.0.1:6379';
const hasRedis = await answers(redisUrl);

async function answers(url: string): Promise<boolean> {
  const client = new Redis(url, { lazyConnect: true, retryStrategy: () => null, connectTimeout: 1_000 });
  client.on('error', () => {});
  try {
    await client.connect();
    return true;
  } catch {
    return false;
  } finally {
    client.disconnect();
  }
}

const withinMs = 1_000;
const missing = [
  ...(process.env.TEST_DATABASE_URL ? [] : ['PostgreSQL']),
  ...(hasRedis ? [] : ['Redis']),
].join(' and ');
const without = missing && ` (${missing} is not here: skipped)`;

describe.skipIf(missing)(`two instances${without}`, () => {
  let first: TestServer;
  let second: Instance;
  beforeAll(async () => {
    first = await startServer({ env: { REDIS_URL: redisUrl, RATE_LIMIT: '40' } });
    second = await openInstance(first);
  });
  afterAll(async () => {
    await second[Symbol.asyncDispose]();
    await first.close();
  });

  const onSecond = async ({ key, headers }: TestRequest): Promise<number> => {
    const all = new Headers(headers);
    if (key !== undefined) all.set('x-api-key', key);
    return (await second.app.fetch(new Request(`${first.config.publicUrl}/api/me`, { headers: all }))).status;
  };
  const admin = async () =>
    (await first.prisma.user.findFirstOrThrow({ where: { role: 'administrator' } })).id;

  interface Ending {
    readonly init: TestRequest;
    end(): Promise<unknown>;
  }

  const endings: Readonly<Record<string, () => Promise<Ending>>> = {
    async 'a key that is revoked'() {
      const key = await first.createKey('read');
      return { init: { key }, end: () => first.auth.keys.revoke(key.slice(3, 15)) };
    },
    async 'a key that is rotated without an overlap'() {
      const key = await first.createKey('read');
      return { init: { key }, end: () => first.auth.keys.rotate(key.slice(3, 15), { overlapMs: 0 }) };
    },
    async 'the key of somebody who is disabled'() {
      const { id, email } = await person('keys@example.com');
      const { key } = await first.auth.keys.create({ email, name: 'x', scopes: ['read'] });
      return { init: { key }, end: () => first.app.userServices.users.change(id, { disabled: true }, {}) };
    },
    async 'the key of somebody who is deleted'() {
      const { id, email } = await person('deleted@example.com');
      const { key } = await first.auth.keys.create({ email, name: 'x', scopes: ['read'] });
      return { init: { key }, end: () => first.app.userServices.users.remove(id, {}) };
    },
    async 'a session that was ended'() {
      const cookie = await first.signIn('signed-in@example.com');
      const { id } = await person('signed-in@example.com');
      return { init: { headers: { cookie } }, end: () => first.auth.sessions.endAll(id) };
    },
    async 'the session of somebody who is disabled'() {
      const cookie = await first.signIn('disabled@example.com');
      const { id } = await person('disabled@example.com');
      return {
        init: { headers: { cookie } },
        end: () => first.app.userServices.users.change(id, { disabled: true }, {}),
      };
    },
  };

  const person = (email: string) =>
    first.prisma.user.upsert({ where: { email }, create: { email, role: 'viewer' }, update: {} });

  // Sent to both before: each has it in its memory when it ends.
  test.each(Object.keys(endings))('%s is dead on the other within a second', async name => {
    const { init, end } = await endings[name]!();
    expect([(await first.fetch('/api/me', init)).status, await onSecond(init)]).toEqual([200, 200]);
    await end();
    expect((await first.fetch('/api/me', init)).status).toBe(401);
    await pause(withinMs);
    expect(await onSecond(init)).toBe(401);
  });

  test('a role that is taken away is gone on the other within a second', async () => {
    const { id, email } = await first.prisma.user.create({
      data: { email: 'less@example.com', role: 'editor' },
    });
    const { key } = await first.auth.keys.create({ email, name: 'x', scopes: ['read', 'write'] });
    const scopes = async () => (await (await second.fetch('/api/me', { key })).json()).scopes;
    expect(await scopes()).toEqual(['read', 'write']);
    await first.app.userServices.users.change(id, { role: 'viewer' }, {});
    await pause(withinMs);
    expect(await scopes()).toEqual(['read']);
  });

  test('requests of one key are counted together', async () => {
    const key = await first.createKey('read');
    for (let i = 0; i < 40; i++) await first.fetch('/api/me', { key });
    // Nobody waits for the count: the other learns of it with its first answer.
    let status = 200;
    for (let i = 0; i < 100 && status === 200; i++) {
      status = await onSecond({ key });
      await pause(10);
    }
    expect(status).toBe(429);
    expect(await onSecond({ key: await first.createKey('read') })).toBe(200);
  });

  test('both tell the audit trail', async () => {
    await first.auth.audit.record({ kind: 'test.first', userId: await admin() });
    const response = await second.fetch('/api/audit?kind=test.*', { key: first.adminKey });
    expect((await response.json()).events).toHaveLength(1);
  });
});
