import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { serverForFile } from '../harness.ts';

const server = serverForFile();

const query = '{ suppliersCount }';
const hashOf = (text: string) => createHash('sha256').update(text).digest('hex');
const named = (sha256Hash: unknown) => ({ extensions: { persistedQuery: { version: 1, sha256Hash } } });

async function ask(body: object): Promise<{ status: number; answer: Record<string, unknown> }> {
  const response = await server.fetch('/graphql', { key: server.adminKey, json: body });
  return { status: response.status, answer: (await response.json()) as Record<string, unknown> };
}

describe('a document named by its hash', () => {
  test('is asked for once, and then known', async () => {
    const unknown = await ask(named(hashOf(query)));
    expect(unknown.status).toBe(400);
    expect(unknown.answer).toMatchObject({
      errors: [{ message: 'PersistedQueryNotFound', extensions: { code: 'PERSISTED_QUERY_NOT_FOUND' } }],
    });
    expect((await ask({ query, ...named(hashOf(query)) })).answer).toEqual({ data: { suppliersCount: 0 } });
    expect((await ask(named(hashOf(query)))).answer).toEqual({ data: { suppliersCount: 0 } });
  });

  test('is found by GET as well, so that addresses stay short', async () => {
    await ask({ query, ...named(hashOf(query)) });
    const { extensions } = named(hashOf(query));
    const address = `/graphql?extensions=${encodeURIComponent(JSON.stringify(extensions))}`;
    const response = await server.fetch(address, { key: server.adminKey });
    expect(await response.json()).toEqual({ data: { suppliersCount: 0 } });
  });

  test('cannot be passed off under the hash of another', async () => {
    const { status, answer } = await ask({ query: '{ productsCount }', ...named(hashOf(query)) });
    expect(status).toBe(400);
    expect(answer).toMatchObject({ errors: [{ extensions: { code: 'MALFORMED_REQUEST' } }] });
    await ask({ query, ...named(hashOf(query)) });
    expect((await ask(named(hashOf(query)))).answer).toEqual({ data: { suppliersCount: 0 } });
  });

  test('is permitted anew to each caller', async () => {
    await ask({ query, ...named(hashOf(query)) });
    const key = await server.createKey('products:read');
    const response = await server.fetch('/graphql', { key, json: named(hashOf(query)) });
    expect(await response.text()).toContain('SCOPE_MISSING');
    expect((await server.fetch('/graphql', { json: named(hashOf(query)) })).status).toBe(401);
  });

  test.each([['short'], [7], [null], ['G'.repeat(64)]])('needs a hash that is one: %s', async hash => {
    expect((await ask(named(hash))).answer).toMatchObject({
      errors: [{ extensions: { code: 'MALFORMED_REQUEST' } }],
    });
  });

  test('needs no hash where it is sent whole', async () => {
    expect((await ask({ query })).answer).toEqual({ data: { suppliersCount: 0 } });
  });
});
