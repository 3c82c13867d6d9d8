import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { fault } from '../../src/base/errors.ts';
import { watchOverload } from '../../src/http/limits/overload.ts';
import { json } from '../../src/http/message/respond.ts';
import { door, openEntriesWith } from './open-entries.ts';

describe('the event loop', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  let now = 0;
  /** The clock goes on while timers do not run, as in a process that is busy. */
  const stall = (ms: number) => {
    now += 250 + ms;
    vi.advanceTimersByTime(250);
  };

  test('may pause once, and not again and again', () => {
    const overload = watchOverload(1_000, () => now);
    overload.admit();
    stall(1_500);
    overload.admit();
    stall(3_500);
    expect(() => overload.admit()).toThrow(
      expect.objectContaining({ code: 'UNAVAILABLE', message: 'The server is overloaded.' }),
    );
    expect(overload.delayMs()).toBeGreaterThan(1_000);
    stall(0);
    overload.admit();
    overload.close();
  });

  test('may pause for ever where the limit is 0', () => {
    const overload = watchOverload(0, () => now);
    for (let count = 0; count < 5; count++) stall(60_000);
    overload.admit();
    overload.close();
  });
});

test('an overloaded server refuses requests before it authenticates them, and still answers health checks', async () => {
  const state = { overloaded: true };
  const overload = {
    admit() {
      if (state.overloaded) throw fault('UNAVAILABLE', 'Too much.', { headers: { 'retry-after': '3' } });
    },
  };
  const entries = await openEntriesWith(
    { overload },
    door(
      { method: 'GET', path: '/data', handle: () => json(200, {}) },
      { method: 'GET', path: '/healthz', open: true, always: true, handle: () => json(200, {}) },
    ),
  );
  try {
    const refused = await entries.overSocket('/data');
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '3']);
    expect((await entries.overSocket('/healthz')).status).toBe(200);
    state.overloaded = false;
    const answered = await entries.overSocket('/data', { headers: { 'x-api-key': 'good' } });
    expect(answered.status).toBe(200);
  } finally {
    await entries.close();
  }
});
