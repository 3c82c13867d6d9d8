import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { json } from '../../src/http/message/respond.ts';
import { door, type OpenEntries, openEntriesWith } from './open-entries.ts';

let entries: OpenEntries;
const requestLimit = { points: 5, seconds: 60 };

beforeAll(async () => {
  entries = await openEntriesWith(
    { requestLimit, trustedProxies: ['127.0.0.1', '10.0.0.0/8'], secure: true },
    door(
      { method: 'GET', path: '/data', handle: () => json(200, {}) },
      {
        method: 'GET',
        path: '/open',
        open: true,
        handle: request => json(200, { address: request.address }),
      },
    ),
  );
});
afterAll(() => entries.close());

const ask = (path = '/data', headers: Record<string, string> = {}) =>
  entries.inProcess(path, { headers: { 'x-api-key': 'good', ...headers } });

describe('a credential', () => {
  test('gets its remaining requests, and 429 beyond the limit until the window ends', async () => {
    vi.useFakeTimers({ now: 0, toFake: ['Date', 'performance', 'setTimeout', 'clearTimeout'] });
    try {
      const told: (string | null)[] = [];
      for (let count = 0; count < 5; count++) {
        const answer = await ask();
        expect(answer.status).toBe(200);
        expect(answer.headers.get('ratelimit-policy')).toBe('"default";q=5;w=60');
        told.push(answer.headers.get('ratelimit'));
      }
      expect(told).toEqual([4, 3, 2, 1, 0].map(left => `"default";r=${left};t=60`));
      const refused = await ask();
      expect(refused.status).toBe(429);
      expect(refused.headers.get('retry-after')).toBe('60');
      expect(await refused.json()).toMatchObject({
        error: { code: 'TOO_MANY_REQUESTS', hint: 'Try again in 60 s.' },
      });
      vi.advanceTimersByTime(60_001);
      expect((await ask()).status).toBe(200);
    } finally {
      vi.useRealTimers();
    }
  });

  test('is not needed, nor counted, for what is open', async () => {
    for (let count = 0; count < 20; count++) {
      const answer = await entries.inProcess('/open');
      expect(answer.status).toBe(200);
      expect(answer.headers.get('ratelimit')).toBeNull();
    }
  });
});

test('a server that is reached over HTTPS asks browsers to stay there', async () => {
  expect((await ask('/open')).headers.get('strict-transport-security')).toBe('max-age=31536000');
});

describe('proxies', () => {
  const addressOf = async (forwarded: string) => {
    const answer = await entries.inProcess('/open', { headers: { 'x-forwarded-for': forwarded } });
    return (await answer.json()).address;
  };

  test('are believed where they are known, and nobody behind them is', async () => {
    expect(await addressOf('203.0.113.9')).toBe('203.0.113.9');
    expect(await addressOf('203.0.113.9, 10.1.2.3')).toBe('203.0.113.9');
    expect(await addressOf('1.1.1.1, 203.0.113.9, 10.1.2.3')).toBe('203.0.113.9');
    expect(await addressOf('1.1.1.1, nonsense, 10.1.2.3')).toBe('10.1.2.3');
    expect(await addressOf('')).toBe('127.0.0.1');
  });
});
