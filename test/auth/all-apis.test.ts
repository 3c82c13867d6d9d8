// Authentication is the same for every API.

import { describe, expect, test } from 'vitest';
import { makeApiKey } from '../../src/auth/keys/api-key.ts';
import { serverForFile } from '../harness.ts';
import { basic } from './auth-fixture.ts';

const server = serverForFile();

const apis: [method: string, path: string, body?: string][] = [
  ['GET', '/odata/products'],
  ['GET', '/odata/$metadata'],
  ['POST', '/api/query', '{"query":"products { id }"}'],
  ['POST', '/graphql', '{"query":"{ products { id } }"}'],
  ['POST', '/api/import'],
  ['GET', '/api/keys'],
];

describe.each(apis)('%s %s', (method, path, body) => {
  const send = (headers: Record<string, string>) =>
    server.fetch(path, { method, body, headers: { 'content-type': 'application/json', ...headers } });

  test('asks for a credential, Basic first, for Excel', async () => {
    const response = await send({});
    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toMatch(
      /^Basic realm="Portolan", charset="UTF-8", Bearer /,
    );
    expect(await response.text()).toContain('UNAUTHENTICATED');
  });

  test('refuses an unknown key', async () => {
    const response = await send({ 'x-api-key': makeApiKey().key });
    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toMatch(/^Basic /);
    expect(await response.text()).toContain('INVALID_CREDENTIAL');
  });

  test('refuses two credentials', async () => {
    const response = await send({
      'x-api-key': server.adminKey,
      authorization: basic('x', await server.createKey('read')),
    });
    expect(response.status).toBe(400);
    expect(await response.text()).toContain('TWO_CREDENTIALS');
  });

  test('refuses writes with Basic from pages of another origin, because browsers send Basic by themselves', async () => {
    const headers = { authorization: basic('excel', server.adminKey), 'sec-fetch-site': 'cross-site' };
    expect((await send(headers)).status === 403).toBe(method === 'POST');
  });

  test('accepts a key as the password of HTTP Basic', async () => {
    const response = await send({ authorization: basic('excel', server.adminKey) });
    expect(response.status).not.toBe(401);
    expect(await response.text()).not.toContain('INVALID_CREDENTIAL');
  });
});
