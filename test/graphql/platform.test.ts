import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startServer, type TestServer } from '../harness.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startServer({ demo: true });
});
afterAll(() => server.close());

const ask = async (query: string, key: string, accept = 'application/json') => {
  const response = await server.fetch('/graphql', { key, json: { query }, headers: { accept } });
  return { status: response.status, ...(await response.json()) };
};

describe('me', () => {
  it('says who is asking', async () => {
    const key = await server.createKey('read', 'orders:write');
    const { data } = await ask('{ me { kind name scopes id } }', key);
    expect(data.me).toEqual({
      kind: 'key',
      name: 'read orders:write',
      scopes: ['orders:write', 'read'],
      id: expect.stringMatching(/^\w{12}$/),
    });
  });
});

describe('apiKeys', () => {
  it('lists keys for administrators, without what is secret', async () => {
    const { data } = await ask(
      '{ apiKeys { id name lastFour scopes expiresAt lastUsedAt revokedAt createdAt } }',
      server.adminKey,
    );
    const first = data.apiKeys.find((key: { name: string }) => key.name === 'First key');
    expect(first).toEqual({
      id: expect.stringMatching(/^\w{12}$/),
      name: 'First key',
      lastFour: server.adminKey.slice(-4),
      scopes: expect.arrayContaining(['admin', 'read']),
      expiresAt: null,
      lastUsedAt: expect.toSatisfy(value => value === null || typeof value === 'string'),
      revokedAt: null,
      createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
    });
  });

  it.each(['sealed', 'user', 'userId', 'lastUsedIp'])('has no field %s', async field => {
    const { errors } = await ask(`{ apiKeys { ${field} } }`, server.adminKey);
    expect(errors[0].extensions.code).toBe('UNKNOWN_FIELD');
  });

  it('is for administrators only', async () => {
    const key = await server.createKey('read', 'write');
    expect(await ask('{ apiKeys { id } }', key, 'application/graphql-response+json')).toMatchObject({
      status: 403,
      errors: [
        { extensions: { code: 'SCOPE_MISSING', scope: 'admin' }, locations: [{ line: 1, column: 3 }] },
      ],
    });
  });
});

describe('a mixed operation', () => {
  it('is answered as one, data and platform side by side, in the order asked for', async () => {
    const query =
      '{ b: products(take: 1) { sku c: category { __typename name } } me { kind } n: productsCount __typename }';
    const { data } = await ask(query, server.adminKey);
    expect(Object.keys(data)).toEqual(['b', 'me', 'n', '__typename']);
    const { data: alone } = await ask(
      '{ b: products(take: 1) { sku c: category { __typename name } } n: productsCount }',
      server.adminKey,
    );
    expect(data).toMatchObject(alone);
  });

  it('names the lists that were cut', async () => {
    const query = '{ me { kind } all: products { id } }';
    const response = await server.fetch('/graphql', { key: server.adminKey, json: { query } });
    expect(response.headers.get('portolan-truncated')).toBe('all');
  });
});
