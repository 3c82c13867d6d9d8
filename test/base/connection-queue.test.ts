import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { ConnectionQueue, type Lane } from '../../src/base/database/queue/connection-queue.ts';

// The machine's own delays must not count.
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['performance', 'setInterval', 'clearInterval'] });
  vi.advanceTimersByTime(1_000);
});
afterEach(() => {
  vi.useRealTimers();
});

const patient = { waitMaxMs: 60_000, stallMs: 60_000 };

/** Takes what is given, and tells it as `name+`, refusals as `name!`. */
function watched(queue: ConnectionQueue) {
  const told: string[] = [];
  const held: Lane[] = [];
  return {
    told,
    held,
    refusals: [] as unknown[],
    enter(name: string | undefined, times = 1) {
      for (let i = 0; i < times; i++)
        queue.enter(name, (refusal, lane) => {
          told.push(`${name}${refusal ? '!' : '+'}`);
          if (refusal) this.refusals.push(refusal);
          else held.push(lane);
        });
    },
    leave(name: string, ms = 0) {
      const [lane] = held.splice(
        held.findIndex(one => one.name === name),
        1,
      );
      queue.leave(lane!, ms);
    },
  };
}

test('a credential alone gets half, and there is always a connection for the next one', () => {
  const queue = watched(new ConnectionQueue({ size: 10, ...patient }));
  for (const name of ['a', 'b', 'c', 'd']) queue.enter(name, 20);
  const count = (name: string) => queue.told.filter(one => one === `${name}+`).length;
  expect(['a', 'b', 'c', 'd'].map(count)).toEqual([5, 3, 1, 1]);
});

test('a credential with slow statements gets a quarter while others work, and half of the connections otherwise', () => {
  const queue = watched(new ConnectionQueue({ size: 10, ...patient }));
  const heldBy = (name: string) => queue.held.filter(one => one.name === name).length;
  queue.enter('a', 40);
  for (let i = 0; i < 5; i++) queue.leave('a', 300);
  expect(heldBy('a')).toBe(5);
  queue.enter('b');
  queue.leave('b', 1);
  for (let i = 0; i < 5; i++) queue.leave('a', 300);
  expect(heldBy('a')).toBe(3);
  vi.advanceTimersByTime(1_100);
  expect(heldBy('a')).toBe(5);
});

test('of few connections, and of one, everybody gets one', () => {
  for (const size of [1, 2, 3]) {
    const queue = watched(new ConnectionQueue({ size, ...patient }));
    queue.enter('a', 3);
    expect(queue.held.length).toBe(Math.ceil(size / 2));
  }
});

test('those who wait are served in turn, credential by credential', () => {
  const queue = watched(new ConnectionQueue({ size: 1, ...patient }));
  queue.enter('a', 4);
  queue.enter('b', 2);
  queue.enter('c');
  for (let i = 0; i < 6; i++) queue.leave(queue.held[0]!.name);
  expect(queue.told).toEqual(['a+', 'a+', 'b+', 'c+', 'a+', 'b+', 'a+']);
});

test('the work of the server itself may take whatever is free', () => {
  const queue = watched(new ConnectionQueue({ size: 4, ...patient }));
  queue.enter(undefined, 5);
  expect(queue.told).toEqual(['undefined+', 'undefined+', 'undefined+', 'undefined+']);
  queue.enter('a');
  queue.leave('');
  queue.leave('');
  expect(queue.told.slice(4)).toEqual(['undefined+', 'a+']);
});

test('a credential with too many waiting requests gets an error at once', () => {
  const queue = watched(new ConnectionQueue({ size: 4, ...patient }));
  queue.enter('a', 1_003);
  expect(queue.refusals).toEqual([
    expect.objectContaining({ code: 'TOO_MANY_REQUESTS', headers: { 'retry-after': '2' } }),
  ]);
  queue.enter('b');
  expect(queue.told.at(-1)).toBe('b+');
});

test('where nothing moves, those who wait are refused, and those who come at once', () => {
  const queue = watched(new ConnectionQueue({ size: 2, waitMaxMs: 60_000, stallMs: 100 }));
  queue.enter('a', 2);
  queue.enter('b', 2);
  queue.enter('c');
  vi.advanceTimersByTime(200);
  expect(queue.refusals.length).toBe(3);
  const before = queue.told.length;
  queue.enter('c');
  queue.enter('a');
  expect(queue.told.slice(before)).toEqual(['c!', 'a!']);
  expect(queue.refusals[2]).toMatchObject({ code: 'UNAVAILABLE', headers: { 'retry-after': '5' } });
  queue.leave('a');
  queue.enter('c');
  expect(queue.told.at(-1)).toBe('c+');
});

test('a credential that used the only connection for long waits while others need it', () => {
  const queue = watched(new ConnectionQueue({ size: 1, ...patient, restFactor: 20 }));
  queue.enter('a', 2);
  vi.advanceTimersByTime(40);
  queue.leave('a', 40);
  // Alone, it goes on at once.
  expect(queue.told).toEqual(['a+', 'a+']);
  queue.enter('b', 2);
  queue.enter('a');
  vi.advanceTimersByTime(40);
  queue.leave('a', 40);
  // Slow as it is, it had less.
  vi.advanceTimersByTime(30);
  queue.leave('b', 30);
  queue.leave('b');
  queue.enter('b');
  expect(queue.told.slice(2)).toEqual(['b+', 'b+', 'b+']);
  queue.leave('b');
  // The other has gone.
  vi.advanceTimersByTime(1_100);
  expect(queue.told.at(-1)).toBe('a+');
});

test('a credential can be refused for a while', () => {
  const all = new ConnectionQueue({ size: 1, ...patient });
  const queue = watched(all);
  queue.enter('a', 2);
  queue.enter('b');
  all.refuseFor(queue.held[0]!, 50);
  queue.enter('a');
  expect(queue.told).toEqual(['a+', 'a!', 'a!']);
  queue.leave('a');
  expect(queue.told.at(-1)).toBe('b+');
  queue.leave('b');
  vi.advanceTimersByTime(100);
  queue.enter('a');
  expect(queue.told.at(-1)).toBe('a+');
});
