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

const find = (email: string) => server.prisma.user.findUniqueOrThrow({ where: { email } });

describe('users', () => {
  test('invite prints the link, and nothing else, on standard output', async () => {
    const { code, out, err } = await portolan(
      'users invite Grace@Example.com --name "Grace Hopper" --role editor --scopes products.cost:read',
      env,
    );
    expect([code, out]).toEqual([
      0,
      expect.stringMatching(/^http:\/\/localhost:3000\/invitation\/[\w-]{43}$/),
    ]);
    expect(err).toContain('Send this link to Grace@Example.com');
    expect(err).not.toContain(out);
    expect(await find('grace@example.com')).toMatchObject({
      name: 'Grace Hopper',
      role: 'editor',
      scopes: ['products.cost:read'],
    });
  });

  test('list shows a table, or JSON', async () => {
    const { out } = await portolan('users list', env);
    expect(out.split('\n')[0]).toMatch(/^E-MAIL +NAME +ROLE +SCOPES +STATE +LAST SIGN-IN$/);
    expect(out).toMatch(/^admin@example.com +Administrator +administrator +- +active +never$/m);
    const { out: json } = await portolan('users list --search grace --json', env);
    expect(JSON.parse(json)).toMatchObject([{ email: 'grace@example.com', state: 'invited' }]);
  });

  test('role, disable and enable print the result', async () => {
    expect(await portolan('users role grace@example.com viewer', env)).toEqual({
      code: 0,
      out: '',
      err: 'grace@example.com now has the role viewer and the scopes products.cost:read.',
    });
    expect((await portolan('users role grace@example.com none --scopes read', env)).err).toBe(
      'grace@example.com now has no role and the scopes read.',
    );
    expect((await portolan('users disable GRACE@example.com', env)).err).toBe(
      'grace@example.com is now disabled.',
    );
    expect((await find('grace@example.com')).disabledAt).not.toBeNull();
    expect((await portolan('users enable grace@example.com', env)).err).toBe(
      'grace@example.com is now invited.',
    );
  });

  test('--json prints records', async () => {
    const changed = await portolan('users role grace@example.com editor --json', env);
    expect(JSON.parse(changed.out)).toMatchObject({ email: 'grace@example.com', role: 'editor' });
    const disabled = await portolan('users disable grace@example.com --json', env);
    expect(JSON.parse(disabled.out)).toMatchObject({ state: 'disabled' });
    await portolan('users enable grace@example.com', env);
    const { out } = await portolan('users invite json@example.com --json', env);
    expect(JSON.parse(out)).toMatchObject({ sent: false, link: expect.stringContaining('/invitation/') });
  });

  test('reset-password prints a link', async () => {
    const { code, out } = await portolan('users reset-password admin@example.com', env);
    expect([code, out]).toEqual([0, expect.stringMatching(/\/reset\/[\w-]{43}$/)]);
  });

  test.each([
    ['users invite nobody', 1, 'This is not a valid e-mail address.'],
    [
      'users invite admin@example.com',
      1,
      'An account with the e-mail address admin@example.com already exists.',
    ],
    ['users invite', 2, expect.stringContaining('Missing required argument "EMAIL".')],
    ['users role admin@example.com', 2, expect.stringContaining('Missing required argument "ROLE".')],
    ['users role admin@example.com editr', 2, 'There is no role "editr".\nDid you mean "editor"?'],
    [
      'users role admin@example.com editor',
      1,
      'This is the last administrator.\nMake another user an administrator first.',
    ],
    ['users disable nobody@example.com', 1, 'There is no user with the address nobody@example.com.'],
    ['users', 2, expect.stringContaining('needs a subcommand')],
  ])('%s: %s', async (line, code, err) => {
    expect(await portolan(line, { ...env })).toEqual({ code, out: '', err });
  });
});

test('without a server they work on the database directly', async () => {
  const opened = await openTestDatabase();
  await opened.database.query(
    `INSERT INTO "portolan"."user" ("email", "role", "scopes") VALUES ('ada@example.com', 'administrator', '{}')`,
  );
  await opened.pause();
  const own = {
    ...opened.env,
    LOG_FORMAT: 'json',
    SAFESTORE_PEPPERS: `1:${Buffer.alloc(32, 7).toString('base64')}`,
  };
  expect((await portolan('users reset-password ada@example.com', own)).out).toMatch(/\/reset\/[\w-]{43}$/);
  expect((await portolan('users invite new@example.com --role administrator', own)).code).toBe(0);
  expect((await portolan('users list', own)).out).toMatch(/^new@example.com +administrator +- +invited/m);
  expect((await portolan('users disable nobody@example.com', own)).err).toContain('nobody@example.com');
  await opened.resume();
  await opened.close();
});
