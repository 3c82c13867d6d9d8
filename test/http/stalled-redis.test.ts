// Redis that keeps its connections and answers nothing: everybody is answered all the same, and limits hold.

import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { createLog } from '../../src/base/log.ts';
import { limitersOver } from '../../src/base/memory/rate-limiter.ts';
import { openRedis } from '../../src/base/memory/redis.ts';
import { type OauthWorld, openOauthWorld, type TestApp } from '../oauth/oauth-world.ts';
import { openBrowser } from '../users/browser.ts';
import { hasRedisServer, type RedisProcess, startRedis } from './redis-process.ts';

const password = 'long enough and not common';
const limit = 50;

describe.skipIf(!hasRedisServer)('while Redis is stalled', () => {
  let redis: RedisProcess;
  let world: OauthWorld;
  let app: TestApp;
  beforeAll(async () => {
    redis = await startRedis();
    const env = { REDIS_URL: redis.url, RATE_LIMIT: String(limit), ADMIN_PASSWORD: password };
    world = await openOauthWorld({ demo: false, env });
    app = await world.createApp({ scopes: ['read'] });
    await vi.waitUntil(async () => (await metric()) === '1', { timeout: 30_000 });
    expect(await ready()).toEqual([200, { status: 'ready' }]);
    // What is counted with Redis' help counts on without it.
    await ask(await partly(), limit - 10);
    redis.stall();
  });
  afterAll(async () => {
    redis?.goOn();
    await world?.close();
    await redis?.stop();
  });

  async function ready(): Promise<[number, unknown]> {
    const response = await world.fetch('/readyz');
    return [response.status, await response.json()];
  }

  const metric = async () =>
    /^portolan_redis_up (\d)/m.exec(await (await world.fetch('/metrics')).text())?.[1];

  let partlyUsed: string | undefined;
  async function partly(): Promise<string> {
    partlyUsed ??= await world.createKey('read');
    return partlyUsed;
  }

  /** @returns the statuses, of requests one after the other */
  async function ask(key: string, times: number): Promise<number[]> {
    const statuses = [];
    for (let i = 0; i < times; i++) statuses.push((await world.fetch('/api/me', { key })).status);
    return statuses;
  }

  const granted = (statuses: number[]) => statuses.filter(status => status === 200).length;

  const signIn = async (typed: string) =>
    (await openBrowser(world).submit('/sign-in', { email: 'admin@example.com', password: typed })).status;

  test('a key gets no more than its limit, one after the other and at once', async () => {
    expect(granted(await ask(await world.createKey('read'), 150))).toBe(limit);
    const key = await world.createKey('read');
    const atOnce = Array.from({ length: 150 }, () => world.fetch('/api/me', { key }));
    expect(granted((await Promise.all(atOnce)).map(({ status }) => status))).toBe(limit);
  });

  test('what was counted before still counts', async () => {
    expect(granted(await ask(await partly(), 50))).toBeLessThanOrEqual(10);
  });

  test('signing in, a token and wrong credentials are answered', async () => {
    expect(await signIn(password)).toBe(303);
    const token = await world.token({
      ...{ grant_type: 'client_credentials', client_id: app.id, client_secret: app.secret },
    });
    expect(token.status).toBe(200);
    expect((await world.fetch('/api/me', { key: 'wrong' })).status).toBe(401);
    expect((await world.token({ grant_type: 'client_credentials', client_id: app.id })).status).toBe(401);
  });

  test('passwords can be guessed no more often than ever', async () => {
    const statuses = [];
    for (let i = 0; i < 6; i++) statuses.push(await signIn(`wrong ${i}`));
    expect(statuses).toEqual([401, 401, 401, 401, 401, 429]);
  });

  test('the server is ready, and says what it lacks', async () => {
    expect(await ready()).toEqual([
      200,
      { status: 'ready', degraded: ['Redis does not answer: this instance counts rate limits for itself'] },
    ]);
    expect(await metric()).toBe('0');
  });

  test('once Redis goes on, instances count together again', async () => {
    redis.goOn();
    await expect.poll(ready).toEqual([200, { status: 'ready' }]);
    expect(await metric()).toBe('1');
    const other = openRedis(redis.url, createLog({ logLevel: 'silent', logFormat: 'json' }));
    await expect.poll(() => other.ready()).toBe(true);
    const elsewhere = limitersOver(other)({ name: 'requests', points: limit, seconds: 60 });
    const key = await world.createKey('read');
    for (let i = 0; i < limit - 10; i++) await elsewhere.consume(`key:${key.slice(3, 15)}`);
    // Nobody waits for the count: it is told with a later answer.
    let told = '';
    for (let i = 0; i < 5; i++) {
      told = (await world.fetch('/api/me', { key })).headers.get('ratelimit') ?? '';
      await pause(100);
    }
    expect(told).toMatch(/r=\d;/);
    await other.close();
  });
});
