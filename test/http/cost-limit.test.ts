import { describe, expect, test } from 'vitest';
import { serverForFile, startServer } from '../harness.ts';

const server = serverForFile({
  demo: true,
  env: { COST_LIMIT: '100', RATE_LIMIT: '1000', RATE_LIMIT_SECONDS: '3600' },
});

const readOdata = (key: string, top: number) => server.fetch(`/odata/products?$top=${top}`, { key });
const readGraphql = (key: string, take: number) =>
  server.fetch('/graphql', { key, json: { query: `{ products(take: ${take}) { id name price stock } }` } });
const costOf = (response: Response) => Number(response.headers.get('portolan-cost'));

describe('the cost of a response', () => {
  test('is 1 for a small one, and grows with its estimated values', async () => {
    const key = await server.createKey('read');
    expect(costOf(await readOdata(key, 1))).toBe(1);
    const large = costOf(await readOdata(key, 1000));
    expect(large).toBeGreaterThan(1);
    expect(costOf(await readGraphql(key, 1000))).toBeLessThan(large);
  });

  test('is returned for errors too, and not for open routes', async () => {
    const key = await server.createKey('read');
    expect(costOf(await server.fetch('/odata/products?$filter=nonsense', { key }))).toBe(1);
    expect((await server.fetch('/healthz')).headers.get('portolan-cost')).toBeNull();
  });

  test('counts written records', async () => {
    const key = await server.createKey('read', 'write');
    const rows = Array.from({ length: 50 }, (_, n) => `{ name: "Cost ${n}", slug: "cost-${n}" }`);
    const response = await server.fetch('/graphql', {
      key,
      json: { query: `mutation { createCategories(data: [${rows}]) { id } }` },
    });
    expect((await response.json()).data.createCategories).toHaveLength(50);
    expect(costOf(response)).toBeGreaterThan(5);
  });
});

test('the cost of an import counts its records', async () => {
  const key = await server.createKey('write');
  const rows = Array.from({ length: 60 }, (_, n) => `Import ${n},import-cost-${n}`);
  const response = await server.fetch('/api/import?entity=categories', {
    ...{ method: 'POST', key, headers: { 'content-type': 'text/csv' } },
    body: ['name,slug', ...rows].join('\n'),
  });
  expect((await response.json()).imported).toBe(60);
  expect(costOf(response)).toBe(7);
});

describe('a credential', () => {
  test('is refused once its requests cost more than COST_LIMIT, through every API, and others are not', async () => {
    const key = await server.createKey('read');
    const other = await server.createKey('read');
    let spent = 0;
    while (spent <= 100) {
      const response = await readOdata(key, 1000);
      expect(response.status).toBe(200);
      expect(response.headers.get('ratelimit-policy')).toBe('"default";q=1000;w=3600, "cost";q=100;w=3600');
      expect(response.headers.get('ratelimit')).toMatch(/^"default";r=\d+;t=\d+, "cost";r=\d+;t=\d+$/);
      spent += costOf(response);
    }
    const refused = await readOdata(key, 1);
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(3_000);
    expect(await refused.json()).toMatchObject({
      error: {
        code: 'TOO_MANY_REQUESTS',
        message: expect.stringContaining('The requests cost more than 100 units in 3600 s.'),
      },
    });
    const graphql = await readGraphql(key, 1);
    expect(graphql.status).toBe(429);
    expect((await readOdata(other, 1)).status).toBe(200);
  });
});

test('without a limit, only the cost of the response is returned', async () => {
  await using unlimited = await startServer({ env: { RATE_LIMIT: '0', COST_LIMIT: '0' } });
  const response = await unlimited.fetch('/odata/products?$top=1', { key: unlimited.adminKey });
  expect(response.status).toBe(200);
  expect(response.headers.get('ratelimit')).toBeNull();
  expect(response.headers.get('portolan-cost')).toBe('1');
});
