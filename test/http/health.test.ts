import { expect, test } from 'vitest';
import { anonymous } from '../../src/base/principal.ts';
import { type Check, healthRoutes } from '../../src/http/health.ts';

const ask = async (path: string, ...checks: Check[]) => {
  const route = healthRoutes(checks).find(each => each.path === path)!;
  const answer = await route.handle({} as never, anonymous);
  return { status: answer.status, body: JSON.parse(String(answer.body)) };
};

const holding: Check = { name: 'one', run: async () => undefined };
const failing: Check = { name: 'two', run: async () => 'two is missing' };
const throwing: Check = {
  name: 'three',
  run: async () => {
    throw new Error('connect ECONNREFUSED 10.0.0.7:5432');
  },
};

test('lives whatever the checks say', async () => {
  expect(await ask('/healthz', failing)).toEqual({ status: 200, body: { status: 'alive' } });
});

test('is ready when every check holds', async () => {
  expect(await ask('/readyz', holding, holding)).toEqual({ status: 200, body: { status: 'ready' } });
});

test('says why it is not ready, and no more than that', async () => {
  expect(await ask('/readyz', holding, failing, throwing)).toEqual({
    status: 503,
    body: { status: 'not ready', reasons: ['two is missing', 'three does not answer'] },
  });
});

test('is ready where what is missing only degrades it, and says that', async () => {
  const degrading: Check = { name: 'six', degrades: true, run: async () => 'six is slow' };
  expect(await ask('/readyz', holding, degrading)).toEqual({
    status: 200,
    body: { status: 'ready', degraded: ['six is slow'] },
  });
  expect(await ask('/readyz', failing, degrading)).toEqual({
    status: 503,
    body: { status: 'not ready', reasons: ['two is missing'], degraded: ['six is slow'] },
  });
});

test('waits for no check for ever', async () => {
  const silent: Check = { name: 'four', run: () => new Promise(() => {}) };
  expect(await ask('/readyz', silent)).toMatchObject({ body: { reasons: ['four does not answer'] } });
});

test('runs a check once for all who ask meanwhile', async () => {
  let runs = 0;
  const counted: Check = {
    name: 'five',
    async run() {
      runs++;
      return undefined;
    },
  };
  const [, ready] = healthRoutes([counted]);
  await Promise.all([1, 2, 3].map(() => ready!.handle({} as never, anonymous)));
  expect(runs).toBe(1);
});
