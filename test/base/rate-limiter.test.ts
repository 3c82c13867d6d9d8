import { createServer } from 'node:net';
import { expect, test } from 'vitest';
import { clientAddressBehind, isAddressRange } from '../../src/base/config/client-address.ts';
import { createLog } from '../../src/base/log.ts';
import { limitersOver } from '../../src/base/memory/rate-limiter.ts';
import { openRedis } from '../../src/base/memory/redis.ts';

const url = 'redis://127.0.0.1:6379';
const log = createLog({ logLevel: 'silent', logFormat: 'json' });
const hasRedis = await answers();

async function answers(): Promise<boolean> {
  const probe = openRedis(url, log);
  const found = await new Promise<boolean>(resolve => {
    probe.client.once('ready', () => resolve(true));
    probe.client.once('error', () => resolve(false));
  });
  await probe.close();
  return found;
}
if (!hasRedis) console.warn('There is no Redis: what needs it is skipped.');

const options = { name: `test-${Date.now()}`, points: 3, seconds: 60 };

test('counts up to its limit, and starts again after a reset', async () => {
  const limiter = limitersOver()(options);
  for (const remaining of [2, 1, 0]) {
    expect(await limiter.consume('a')).toMatchObject({ allowed: true, remaining, retryAfterSeconds: 0 });
  }
  expect(await limiter.consume('a')).toMatchObject({ allowed: false, remaining: 0, retryAfterSeconds: 60 });
  expect(await limiter.consume('b')).toMatchObject({ allowed: true });
  await limiter.reset('a');
  expect(await limiter.consume('a')).toMatchObject({ allowed: true, remaining: 2 });
});

test.skipIf(!hasRedis)('two instances count together over one Redis', async () => {
  const [one, other] = [openRedis(url, log), openRedis(url, log)];
  await Promise.all(
    [one, other].map(({ client }) =>
      client.status === 'ready' ? 0 : new Promise(ready => client.once('ready', ready)),
    ),
  );
  const [here, there] = [limitersOver(one)(options), limitersOver(other)(options)];
  await here.consume('shared');
  await there.consume('shared');
  expect(await here.consume('shared')).toMatchObject({ allowed: true, remaining: 0 });
  expect(await there.consume('shared')).toMatchObject({ allowed: false });
  await here.reset('shared');
  await Promise.all([one.close(), other.close()]);
});

test('without the Redis that there should be, each instance counts for itself', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise(listening => server.once('listening', listening));
  const { port } = server.address() as { port: number };
  server.close();
  const redis = openRedis(`redis://127.0.0.1:${port}`, log);
  const limiter = limitersOver(redis)(options);
  for (let count = 0; count < 3; count++) expect((await limiter.consume('c')).allowed).toBe(true);
  expect((await limiter.consume('c')).allowed).toBe(false);
  expect(redis.ready()).toBe(false);
  await redis.close();
});

test('addresses: only what known proxies say counts', () => {
  const behind = clientAddressBehind(['10.0.0.0/8', '2001:db8::/32']);
  expect(behind('10.0.0.1', '198.51.100.7')).toBe('198.51.100.7');
  expect(behind('::ffff:10.0.0.1', '198.51.100.7')).toBe('198.51.100.7');
  expect(behind('2001:db8::1', '2001:db8::2, ::ffff:10.1.1.1')).toBe('2001:db8::2');
  expect(behind('192.0.2.1', '198.51.100.7')).toBe('192.0.2.1');
  expect(behind('10.0.0.1', '198.51.100.7:443')).toBe('10.0.0.1');
  expect(clientAddressBehind([])('10.0.0.1', '198.51.100.7')).toBe('10.0.0.1');
});

test('warns once about an unknown proxy that sends X-Forwarded-For', () => {
  const told: string[] = [];
  const behind = clientAddressBehind(['10.0.0.0/8'], address => void told.push(address));
  behind('10.0.0.1', '198.51.100.7');
  behind('192.0.2.1', undefined);
  for (let i = 0; i < 3; i++) behind('::ffff:192.0.2.1', '198.51.100.7');
  expect(told).toEqual(['192.0.2.1']);
  // Anybody can send it: a log is not for them to fill.
  for (let i = 0; i < 100; i++) behind(`192.0.2.${i}`, '198.51.100.7');
  expect(told).toHaveLength(10);
});

test('what is given back was never counted', async () => {
  const limiter = limitersOver()({ ...options, name: 'given-back' });
  for (let i = 0; i < 10; i++) {
    expect(await limiter.consume('d')).toMatchObject({ allowed: true, remaining: 2 });
    await limiter.giveBack('d');
  }
});

test.each([
  ['10.0.0.1', true],
  ['10.0.0.0/8', true],
  ['::1', true],
  ['2001:db8::/32', true],
  ['10.0.0.0/33', false],
  ['example.com', false],
  ['10.0.0.0/8/8', false],
  ['', false],
])('%s is an address or a range: %s', (text, expected) => {
  expect(isAddressRange(text)).toBe(expected);
});
