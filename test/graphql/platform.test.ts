import { describe, expect, test } from 'vitest';
import { serverForFile } from '../harness.ts';

const server = serverForFile({ demo: true });

const ask = async (query: string, key: string, accept = 'application/json') => {
  const response = await server.fetch('/graphql', { key, json: { query }, headers: { accept } });
  return { status: response.status, ...(await response.json()) };
};

describe('me', () => {
  test('says who is asking', async () => {
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
  const fields =
    'id prefix lastFour name owner scopes state warning expiresAt lastUsedAt revokedAt replacedBy';

  test('lists keys for administrators, without what is secret', async () => {
    const { data } = await ask(`{ apiKeys { ${fields} } }`, server.adminKey);
    const first = data.apiKeys.find((key: { name: string }) => key.name === 'First key');
    expect(first).toEqual({
      id: server.adminKey.slice(3, 15),
      prefix: server.adminKey.slice(0, 15),
      lastFour: server.adminKey.slice(-4),
      name: 'First key',
      owner: 'admin@example.com',
      scopes: expect.arrayContaining(['admin', 'read']),
      state: 'active',
      warning: null,
      expiresAt: null,
      lastUsedAt: expect.toSatisfy(value => value === null || typeof value === 'string'),
      revokedAt: null,
      replacedBy: null,
    });
  });

  test.each(['sealed', 'user', 'key'])('has no field %s', async field => {
    const { errors } = await ask(`{ apiKeys { ${field} } }`, server.adminKey);
    expect(errors[0].extensions.code).toBe('UNKNOWN_FIELD');
  });

  test('are made, rotated and revoked', async () => {
    const { data: made } = await ask(
      'mutation { createApiKey(name: "Shop", scopes: ["read"], expiresAt: "2099-01-01T00:00:00Z") { id key owner scopes expiresAt } }',
      server.adminKey,
    );
    expect(made.createApiKey).toEqual({
      id: made.createApiKey.key.slice(3, 15),
      key: expect.stringMatching(/^pk_/),
      owner: 'admin@example.com',
      scopes: ['read'],
      expiresAt: '2099-01-01T00:00:00.000Z',
    });
    const { id, key } = made.createApiKey;
    expect((await ask('{ me { name } }', key)).data.me.name).toBe('Shop');
    const rotated = await ask(
      `mutation { rotateApiKey(id: "${id}", overlapSeconds: 0) { id key replaces expiresAt } }`,
      server.adminKey,
    );
    expect(rotated.data.rotateApiKey).toMatchObject({
      replaces: id,
      expiresAt: expect.stringMatching(/^2098|^2099/),
    });
    const next = rotated.data.rotateApiKey;
    expect((await ask('{ me { name } }', key)).status).toBe(401);
    expect((await ask('{ me { name } }', next.key)).data.me.name).toBe('Shop');
    expect(await ask(`mutation { revokeApiKey(id: "${next.id}") }`, server.adminKey)).toMatchObject({
      data: { revokeApiKey: next.id },
    });
    expect((await ask('{ me { name } }', next.key)).status).toBe(401);
  });

  test('mutations are independent: the results of earlier ones are returned when a later one fails', async () => {
    const { data, errors } = await ask(
      'mutation { createApiKey(name: "One", scopes: ["read"]) { key } revokeApiKey(id: "000000000000") }',
      server.adminKey,
    );
    expect(data).toEqual({ createApiKey: { key: expect.stringMatching(/^pk_/) }, revokeApiKey: null });
    expect(errors[0]).toMatchObject({ path: ['revokeApiKey'], extensions: { code: 'NOT_FOUND' } });
  });

  test.each([
    ['createApiKey(name: "", scopes: ["read"]) { key }', 'INVALID_VALUE'],
    ['createApiKey(name: "x", scopes: []) { key }', 'INVALID_VALUE'],
    ['createApiKey(name: "x", scopes: ["raed"]) { key }', 'INVALID_VALUE'],
    ['createApiKey(name: "x", scopes: ["read"], owner: "nobody@example.com") { key }', 'NOT_FOUND'],
    ['rotateApiKey(id: "000000000000", overlapSeconds: 0) { key }', 'NOT_FOUND'],
  ])('refuses %s', async (mutation, code) => {
    const { errors } = await ask(`mutation { ${mutation} }`, server.adminKey);
    expect(errors[0].extensions.code).toBe(code);
  });

  test('are nobody else’s without the scope admin, and are made by no key without it', async () => {
    const cookie = await server.signIn('gwen@example.com');
    const signedIn = async (query: string) => {
      const headers = { cookie, 'sec-fetch-site': 'same-origin' };
      return (await server.fetch('/graphql', { json: { query }, headers })).json();
    };
    expect((await signedIn('{ apiKeys { id } }')).data.apiKeys).toEqual([]);
    const { data } = await signedIn('mutation { createApiKey(name: "Mine", scopes: ["read"]) { id key } }');
    const { key } = data.createApiKey;
    expect((await ask('{ apiKeys { owner } }', key)).data.apiKeys).toEqual([{ owner: 'gwen@example.com' }]);
    const refused = await ask('mutation { createApiKey(name: "More", scopes: ["read"]) { id } }', key);
    expect(refused.errors[0].extensions).toMatchObject({ code: 'SCOPE_MISSING', scope: 'admin' });
    const foreign = server.adminKey.slice(3, 15);
    const { errors } = await signedIn(`mutation { revokeApiKey(id: "${foreign}") }`);
    expect(errors[0].extensions.code).toBe('NOT_FOUND');
    expect((await ask('{ me { name } }', server.adminKey)).data.me.name).toBe('First key');
  });

  test('are not changed by GET, which a page of anybody could make a browser send', async () => {
    const query = encodeURIComponent('mutation { createApiKey(name: "x", scopes: ["read"]) { key } }');
    const cookie = await server.signIn();
    const before = await server.prisma.apiKey.count();
    expect((await server.fetch(`/graphql?query=${query}`, { headers: { cookie } })).status).toBe(405);
    expect(await server.prisma.apiKey.count()).toBe(before);
  });
});

describe('a mixed operation', () => {
  test('is answered as one, data and platform side by side, in the order asked for', async () => {
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

  test('names the lists that were cut', async () => {
    const query = '{ me { kind } all: products { id } }';
    const response = await server.fetch('/graphql', { key: server.adminKey, json: { query } });
    expect(response.headers.get('portolan-truncated')).toBe('all');
  });
});
