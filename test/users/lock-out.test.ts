import { afterEach, describe, expect, test, vi } from 'vitest';
import { createLog } from '../../src/base/log.ts';
import { limitersOver } from '../../src/base/memory/rate-limiter.ts';
import { FetchIncoming } from '../../src/http/node/incoming-fetch.ts';
import { createAttempts } from '../../src/users/services/attempts.ts';
import { createUserServices, type UserServices } from '../../src/users/services/create-user-services.ts';
import { serverForFile } from '../harness.ts';
import { openBrowser } from './browser.ts';

const password = 'long enough and not common';
const server = serverForFile({ env: { ADMIN_PASSWORD: password } });
afterEach(() => vi.useRealTimers());

const past = (seconds: number) => vi.useFakeTimers({ now: Date.now() + seconds * 1_000, toFake: ['Date'] });

let count = 0;
async function somebody(): Promise<string> {
  const email = `locked-${++count}@example.com`;
  const passwordHash = await server.auth.passwords.hash(password);
  await server.prisma.user.create({ data: { email, role: 'viewer', passwordHash } });
  return email;
}

/** Limits of their own, so that tests don't use up those of one another. @returns what happened: `in`, or the code and the wait in seconds */
function world() {
  const services: UserServices = createUserServices({
    ...server,
    log: createLog(server.config),
    audit: server.auth.audit,
    createLimiter: limitersOver(),
  });
  const attempt = async (email: string, typed: string, address = '192.0.2.7') => {
    const request = new FetchIncoming(
      new Request('http://localhost:3000/sign-in', { method: 'POST' }),
      address,
    );
    return services.signIn.withPassword(email, typed, request).then(
      () => 'in',
      fault => (fault.code === 'TOO_MANY_REQUESTS' ? Number(fault.headers['retry-after']) : fault.code),
    );
  };
  const wrong = async (email: string, times: number, address?: string) => {
    const outcomes = [];
    for (let i = 0; i < times; i++) outcomes.push(await attempt(email, `wrong ${i}`, address));
    return outcomes;
  };
  return { services, attempt, wrong };
}

describe('after wrong passwords', () => {
  test('waits grow: a minute after 5, a quarter of an hour after 10, six hours after 30', async () => {
    const [email, { attempt, wrong }] = [await somebody(), world()];
    const five = Array(5).fill('INVALID_CREDENTIAL');
    const waits = [];
    for (let round = 0; round < 6; round++) {
      expect(await wrong(email, 5)).toEqual(five);
      expect(await attempt(email, password)).toBeLessThanOrEqual(60);
      past(61);
      // Where there is nothing to wait for beyond the minute, the next round begins.
      if (round % 2 === 0) continue;
      const wait = await attempt(email, password);
      waits.push(wait);
      if (round < 5) past(901);
    }
    expect(waits[0]).toBeGreaterThan(60);
    expect(waits[0]).toBeLessThanOrEqual(900);
    past(901);
    expect(await attempt(email, password)).toBeGreaterThan(900);
    past(6 * 3_600);
    expect(await attempt(email, password)).toBe('in');
  });

  test('knocking in vain makes the wait no longer, and locks nobody else out', async () => {
    const [email, { attempt, wrong }] = [await somebody(), world()];
    await wrong(email, 80, '198.51.100.1');
    expect(await attempt(email, password, '203.0.113.5')).toBe('in');
    past(61);
    expect(await attempt(email, password, '198.51.100.1')).toBe('in');
  });

  test('a correct password resets the count', async () => {
    const [email, { attempt, wrong }] = [await somebody(), world()];
    for (let i = 0; i < 5; i++) {
      await wrong(email, 4);
      expect(await attempt(email, password)).toBe('in');
    }
  });

  test('a correct password is rejected during the wait', async () => {
    const [email, { attempt, wrong }] = [await somebody(), world()];
    await wrong(email, 5);
    const verify = vi.spyOn(server.auth.passwords, 'verify');
    expect([typeof (await attempt(email, password)), typeof (await attempt(email, 'wrong'))]).toEqual([
      'number',
      'number',
    ]);
    expect(verify).not.toHaveBeenCalled();
    verify.mockRestore();
  });

  test('many at once gain nothing', async () => {
    const [email, { attempt }] = [await somebody(), world()];
    const outcomes = await Promise.all(Array.from({ length: 40 }, (_, i) => attempt(email, `wrong ${i}`)));
    expect(outcomes.filter(outcome => outcome === 'INVALID_CREDENTIAL')).toHaveLength(5);
  });

  test('another address can still sign in, until 100 wrong passwords in an hour', async () => {
    const [email, { attempt, wrong }] = [await somebody(), world()];
    await wrong(email, 6, '198.51.100.1');
    expect(await attempt(email, password, '203.0.113.5')).toBe('in');
    for (let i = 0; i < 25; i++) await wrong(email, 4, `198.51.100.${i + 2}`);
    expect(await attempt(email, password, '203.0.113.5')).toBeGreaterThan(0);
    past(3_601);
    expect(await attempt(email, password, '203.0.113.5')).toBe('in');
  });

  test('one address cannot try many accounts', async () => {
    const { wrong } = world();
    const outcomes = [];
    for (let i = 0; i < 26; i++)
      outcomes.push(...(await wrong(`nobody-${i}@example.com`, 4, '198.51.100.9')));
    expect(outcomes.filter(outcome => outcome === 'INVALID_CREDENTIAL')).toHaveLength(100);
    expect(outcomes.at(-1)).toBeGreaterThan(0);
  });

  test('correct passwords do not count: 120 users of one address sign in at once', async () => {
    const { attempt } = world();
    const passwordHash = await server.auth.passwords.hash(password);
    const emails = Array.from({ length: 120 }, (_, i) => `colleague-${i}@example.com`);
    await server.prisma.user.createMany({
      data: emails.map(email => ({ email, role: 'viewer' as const, passwordHash })),
    });
    const outcomes = await Promise.all(emails.map(email => attempt(email, password)));
    expect(outcomes.filter(outcome => outcome !== 'in')).toEqual([]);
  });

  test('right ones make up for no wrong ones against other accounts', async () => {
    const attempts = createAttempts(limitersOver());
    const judge = (email: string, right: boolean) =>
      attempts
        .judge(email, '198.51.100.9', async () => ({ right }))
        .then(
          () => 'judged',
          () => 'refused',
        );
    const outcomes = [];
    for (let i = 0; i < 110; i++) {
      outcomes.push(await judge(`guessed-${i}@example.com`, false));
      await judge('own@example.com', true);
    }
    expect(outcomes.filter(outcome => outcome === 'judged')).toHaveLength(100);
  });

  test('unknown accounts are locked like known ones', async () => {
    const { wrong } = world();
    const outcomes = await wrong('nobody@example.com', 6);
    expect(outcomes.slice(0, 5)).toEqual(Array(5).fill('INVALID_CREDENTIAL'));
    expect(outcomes[5]).toBeGreaterThan(0);
  });
});

test('the page says how long to wait, and keeps the address', async () => {
  const email = await somebody();
  const browser = openBrowser(server);
  for (let i = 0; i < 5; i++) await browser.submit('/sign-in', { email, password: 'wrong' });
  const answer = await browser.submit('/sign-in', { email, password });
  expect(answer.status).toBe(429);
  expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(answer.alert).toBe('Too many attempts. Try again in 1 minute.');
  expect(answer.text).toContain(`value="${email}"`);
});
