import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startServer, type TestServer } from '../harness.ts';
import { portolan } from './run.ts';

const peppers = `2:${Buffer.alloc(32, 2).toString('base64')},1:${Buffer.alloc(32, 1).toString('base64')}`;

let server: TestServer;
let http: Server;
let env: Record<string, string>;
beforeAll(async () => {
  server = await startServer({ env: { SAFESTORE_PEPPERS: peppers } });
  http = createServer(server.app.listener);
  await new Promise<void>(resolve => void http.listen(0, '127.0.0.1', resolve));
  env = {
    PORTOLAN_URL: `http://127.0.0.1:${(http.address() as AddressInfo).port}`,
    PORTOLAN_API_KEY: server.adminKey,
  };
});
afterAll(async () => {
  http.close();
  await server.close();
});

const works = async (key: string) => (await server.fetch('/api/keys', { key })).status === 200;

describe('safestore', () => {
  test('says what is sealed with which pepper', async () => {
    const { code, out, err } = await portolan('safestore status', env);
    expect(code).toBe(0);
    expect(out).toMatch(/^TABLE +PEPPER +SEALED +TO MOVE\n/);
    expect(out).toMatch(/portolan_api_key +2 +1 +0/);
    expect(err).toBe(
      'Pepper 2 is in use.\nPepper 1 is no longer used: remove it from SAFESTORE_PEPPERS once every instance runs with pepper 2.',
    );
  });

  test('prints JSON', async () => {
    const { out } = await portolan('safestore status --json', env);
    expect(JSON.parse(out)).toMatchObject({ newestPepper: 2, unusedPeppers: [1], remaining: 0 });
  });

  test('gives owners new keys and re-encrypts everything while the server runs', async () => {
    const key = await server.createKey('read');
    const { code, out, err } = await portolan('safestore rotate --user-keys', env);
    expect([code, out.split('\n')[0]]).toEqual([0, expect.stringMatching(/^[2-9] re-encrypted\.$/)]);
    expect(err).toMatch(/^[12] owners have a new key\.$/m);
    expect([await works(key), await works(server.adminKey)]).toEqual([true, true]);
    expect((await portolan('safestore rotate', env)).out).toMatch(/^0 re-encrypted\./);
    const { out: json } = await portolan('safestore rotate --json', env);
    expect(JSON.parse(json)).toMatchObject({ moved: 0, broken: 0, status: { newestPepper: 2 } });
    const { events } = await server.auth.audit.list({ kind: 'safestore.rotated' });
    expect(events[2]).toMatchObject({ actor: { id: server.adminKey.slice(3, 15) }, details: { broken: 0 } });
  });
});

describe('/api/safestore', () => {
  test.each([
    ['GET', '/api/safestore'],
    ['POST', '/api/safestore/rotate'],
  ])('%s %s is for administrators', async (method, path) => {
    const key = await server.createKey('read', 'write');
    const body = method === 'POST' ? { body: '{}', headers: { 'content-type': 'application/json' } } : {};
    const refused = await server.fetch(path, { method, key, ...body });
    expect([refused.status, (await refused.json()).error.target]).toEqual([403, 'admin']);
    expect((await server.fetch(path, { method, ...body })).status).toBe(401);
    expect((await server.fetch(path, { method, key: server.adminKey, ...body })).status).toBe(200);
  });

  test.each([
    [{ userKeys: 'yes' }, 'userKeys'],
    [{ from: 'elsewhere' }, 'from'],
    [{ more: 1 }, 'more'],
  ])('refuses %j', async (json, target) => {
    const response = await server.fetch('/api/safestore/rotate', { key: server.adminKey, json });
    expect([response.status, (await response.json()).error.target]).toEqual([400, target]);
  });
});
