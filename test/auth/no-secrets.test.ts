import { afterAll, beforeAll, expect, test } from 'vitest';
import project from '../../portolan.config.ts';
import { type App, createApp } from '../../src/app.ts';
import { createAuth } from '../../src/auth/create-auth.ts';
import { prepareFirstStart } from '../../src/auth/first-start.ts';
import { makeApiKey } from '../../src/auth/keys/api-key.ts';
import { catalogOf } from '../../src/project.ts';
import { createEngine } from '../../src/query/create-engine.ts';
import { type AuthWorld, basic, openAuthWorld, withOtherSecret } from './auth-fixture.ts';

let world: AuthWorld;
let app: App;
let right: string;
beforeAll(async () => {
  world = await openAuthWorld({
    LOG_LEVEL: 'trace',
    API_KEY_IN_QUERY: 'true',
    ADMIN_PASSWORD: 'canary-password',
  });
  const catalog = catalogOf(project);
  const parts = { ...world, catalog, auth: createAuth({ ...world, catalog }) };
  right = (await prepareFirstStart(parts))!.apiKey!;
  const engine = createEngine({ catalog, database: world.database, limits: world.config.limits });
  app = createApp({ ...parts, project, engine });
});
afterAll(() => world.close());

const presented: string[] = [];
const send = (path: string, headers: Record<string, string>, init: RequestInit = {}) =>
  app.fetch(new Request(`http://localhost${path}`, { ...init, headers }));

/** Sends a credential in every possible place, right or wrong. */
async function sendEverywhere(secret: string): Promise<void> {
  presented.push(secret, Buffer.from(`excel:${secret}`).toString('base64'));
  await send('/api/keys', { 'x-api-key': secret });
  await send('/api/keys', { authorization: basic('excel', secret) });
  await send('/api/keys', { authorization: `Bearer ${secret}` });
  await send(`/api/keys?api_key=${secret}`, {});
  await send(`/api/keys?a=1&API_KEY=${secret}`, {});
  await send(`/api/keys?api%5Fkey=${secret}`, {});
  await send('/api/keys', { 'x-api-key': secret, authorization: basic('excel', makeApiKey().key) });
}

test('no log line contains a secret, whatever credentials a caller sends', async () => {
  await sendEverywhere(right);
  await sendEverywhere(makeApiKey().key);
  await sendEverywhere(withOtherSecret(right));
  await sendEverywhere(`${right.slice(0, -1)}!`);
  await sendEverywhere('canary-no-key-at-all');
  await createAndRevoke();
  await app.close();
  const logged = world.logLines.join('');
  expect(logged.match(/"url":"\/api\/keys/g)?.length).toBeGreaterThan(30);
  for (const secret of ['canary-password', ...presented]) expect(logged).not.toContain(secret);
});

test('no log line contains a secret when the database fails', async () => {
  const { key } = makeApiKey();
  presented.push(key);
  await world.database.query('ALTER TABLE "portolan"."api_key" RENAME TO "elsewhere"');
  const response = await send('/api/keys', { 'x-api-key': key });
  expect(response.status).toBe(500);
  expect(await response.text()).not.toMatch(/api_key|pk_/);
  await app.close();
  const logged = world.logLines.join('');
  expect(logged).toContain('portolan.api_key');
  for (const secret of presented) expect(logged).not.toContain(secret);
});

async function createAndRevoke(): Promise<void> {
  const body = JSON.stringify({ name: 'Canary', scopes: ['read'] });
  const headers = { 'x-api-key': right, 'content-type': 'application/json' };
  const response = await send('/api/keys', headers, { method: 'POST', body });
  const { id, key } = await response.json();
  expect(response.status).toBe(201);
  presented.push(key, key.slice(16, -6));
  expect((await send(`/api/keys/${id}`, headers, { method: 'DELETE' })).status).toBe(204);
}
