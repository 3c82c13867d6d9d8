import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startServer, type TestServer } from '../harness.ts';
import { openTestDatabase } from '../test-database.ts';
import { portolan } from './run.ts';

let server: TestServer;
let http: Server;
let env: Record<string, string>;
beforeAll(async () => {
  server = await startServer();
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

const create = 'apps create --name "Stock report" --scopes read --redirects https://report.example/cb';
const good = (id: string, secret: string) => server.app.apps.clients.verifySecret(id, secret);

describe('apps', () => {
  test('create prints client id and secret, and nothing else, on standard output', async () => {
    const { code, out, err } = await portolan(create, env);
    expect(code).toBe(0);
    const [id = '', secret = ''] = out.split('\n');
    expect(await good(id, secret)).toBe(true);
    expect(err).toContain(`App ${id} of admin@example.com may request the scopes read.`);
    expect(err).not.toContain(secret);
    expect((await portolan(`${create} --public`, env)).out).toMatch(/^app_[a-z2-9]{20}$/);
  });

  test('list shows a table, or JSON', async () => {
    const { out: app } = await portolan('apps create --name Sync --scopes write --machine', env);
    const [id] = app.split('\n');
    const { out } = await portolan('apps list', env);
    expect(out.split('\n')[0]).toMatch(/^CLIENT ID +NAME +OWNER +KIND +SCOPES +CREATED +STATE$/);
    expect(out).toMatch(
      new RegExp(`^${id} +Sync +admin@example.com +confidential +write +20\\S+ \\S+Z +enabled$`, 'm'),
    );
    const { out: json } = await portolan('apps list --search sync --json', env);
    expect(JSON.parse(json)).toMatchObject([{ id, clientCredentials: true }]);
    expect(json).not.toContain('pas_');
  });

  test('--json prints records', async () => {
    const { id, clientSecret } = JSON.parse((await portolan(`${create} --json`, env)).out);
    expect(await good(id, clientSecret)).toBe(true);
    const { secret } = JSON.parse((await portolan(`apps secret ${id} --json`, env)).out);
    expect(await good(id, secret)).toBe(true);
    const disabled = JSON.parse((await portolan(`apps disable ${id} --json`, env)).out);
    expect(disabled).toMatchObject({ id, disabledAt: expect.stringMatching(/^20/) });
  });

  test('secret adds one, and lets the others expire', async () => {
    const [id = '', old = ''] = (await portolan(create, env)).out.split('\n');
    const { code, out, err } = await portolan(`apps secret ${id} --others-expire 7d`, env);
    expect([code, err]).toEqual([0, 'Copy it now. It will not be shown again.']);
    expect([await good(id, old), await good(id, out)]).toEqual([true, true]);
    const { secrets } = await server.app.apps.registry.find({ everybody: true }, id);
    expect(secrets.map(({ expiresAt }) => expiresAt === null)).toEqual([true, false]);
  });

  test('disable and enable print the result', async () => {
    const [id = '', secret = ''] = (await portolan(create, env)).out.split('\n');
    expect((await portolan(`apps disable ${id}`, env)).err).toBe(`Stock report (${id}) is now disabled.`);
    expect(await good(id, secret)).toBe(false);
    expect((await portolan(`apps enable ${id}`, env)).err).toBe(`Stock report (${id}) is now enabled.`);
    expect(await good(id, secret)).toBe(true);
  });

  test.each([
    ['apps create --name x --scopes reed --machine', 1, 'There is no scope "reed".\nDid you mean "read"?'],
    ['apps create --name x --scopes read --machine --owner nobody@example.com', 1, 'There is no such user.'],
    [
      'apps create --name x --scopes read --public --machine',
      2,
      '--public and --machine cannot be combined.',
    ],
    ['apps disable app_x', 1, 'There is no app app_x.'],
    ['apps secret', 2, 'Missing required argument "CLIENT_ID".'],
  ])('%s fails with a reason', async (line, code, message) => {
    expect(await portolan(line, env)).toMatchObject({ code, out: '', err: expect.stringContaining(message) });
  });
});

test('without a server, apps are managed in the database directly', async () => {
  const opened = await openTestDatabase();
  await opened.database.query(
    `INSERT INTO "portolan"."user" ("email", "role", "scopes") VALUES ('admin@localhost', 'administrator', '{}')`,
  );
  await opened.pause();
  const own = {
    ...opened.env,
    LOG_FORMAT: 'json',
    SAFESTORE_PEPPERS: `1:${Buffer.alloc(32, 7).toString('base64')}`,
  };
  const { code, out } = await portolan(create, own);
  expect(code).toBe(0);
  const [id = ''] = out.split('\n');
  expect((await portolan('apps list', own)).out).toContain(id);
  expect((await portolan(`apps secret ${id}`, own)).out).toMatch(/^pas_/);
  expect((await portolan(`apps disable ${id}`, own)).err).toContain('is now disabled');
  await opened.resume();
  await opened.close();
});
