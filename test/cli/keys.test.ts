import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startServer, type TestServer } from '../harness.ts';
import { portolan } from './run.ts';

let server: TestServer;
let http: Server;
let env: Record<string, string>;
beforeAll(async () => {
  server = await startServer();
  http = createServer(server.app.listener);
  env = { PORTOLAN_URL: await listening(http), PORTOLAN_API_KEY: server.adminKey };
});
afterAll(async () => {
  http.close();
  await server.close();
});

async function listening(on: Server): Promise<string> {
  await new Promise<void>(resolve => void on.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(on.address() as AddressInfo).port}`;
}

const statusWith = async (key: string) => (await server.fetch('/api/keys', { key })).status;

describe('keys create', () => {
  test('prints the key, and nothing else, on standard output', async () => {
    const line = 'keys create --name "Price report" --scopes read,products.cost:read --expires 90d';
    const { code, out, err } = await portolan(line, env);
    expect(code).toBe(0);
    expect(out).toMatch(/^pk_[0-9A-Za-z]{12}_[\w-]{49}$/);
    expect(err).toMatch(
      /^Key \w{12} of admin@example.com has the scopes products.cost:read, read. It expires 20\d\d-/,
    );
    expect(err).toContain('It will not be shown again');
    expect(err).not.toContain(out);
    expect(await statusWith(out)).toBe(200);
  });

  test('takes an owner, and never expires unless told to', async () => {
    const { code, err } = await portolan('keys create --name x --scopes read --owner admin@example.com', env);
    expect([code, err]).toEqual([0, expect.stringContaining('It never expires.')]);
  });

  test.each([
    ['--scopes product:read', 'There is no scope "product:read".\nDid you mean "products:read"?'],
    ['--scopes read --owner nobody@example.com', 'There is no user with this e-mail address.'],
  ])('passes on what the server says of %s', async (more, message) => {
    expect(await portolan(`keys create --name x ${more}`, env)).toEqual({ code: 1, out: '', err: message });
  });
});

test('--json prints the whole record, with the key', async () => {
  const made = JSON.parse((await portolan('keys create --name J --scopes read --json', env)).out);
  expect(made).toMatchObject({ name: 'J', owner: 'admin@example.com', scopes: ['read'], expiresAt: null });
  const rotated = await portolan(`keys rotate ${made.id} --overlap 0 --json`, env);
  const { key } = JSON.parse(rotated.out);
  expect([await statusWith(made.key), await statusWith(key)]).toEqual([401, 200]);
});

describe('keys list', () => {
  test('shows a table, without secrets', async () => {
    const { out: key } = await portolan('keys create --name Listed --scopes read --expires 2099-01-01', env);
    const { code, out } = await portolan('keys list', env);
    const [head, ...rows] = out.split('\n');
    expect(code).toBe(0);
    expect(head).toMatch(/^ID +NAME +OWNER +LAST FOUR +SCOPES +EXPIRES +LAST USED +STATE$/);
    const row = rows.find(line => line.startsWith(key.slice(3, 15)));
    expect(row).toMatch(/ Listed +admin@example.com +\S{4} +read +2099-01-01 00:00Z +never +active$/);
    expect(row).toContain(key.slice(-4));
    expect(out).not.toContain(key.slice(16, -6));
  });

  test('shows JSON', async () => {
    const { out } = await portolan('keys list --json', env);
    expect(JSON.parse(out)[0]).toMatchObject({
      name: 'First key',
      owner: 'admin@example.com',
      revokedAt: null,
    });
  });
});

describe('keys list --owner', () => {
  test('lists those of one person, and warns of what ends soon', async () => {
    await server.signIn('vera@example.com');
    const line = 'keys create --name Soon --scopes read --expires 3d --owner vera@example.com';
    const { out: key } = await portolan(line, env);
    const { out, err } = await portolan('keys list --owner vera@example.com', env);
    expect(out.split('\n')).toHaveLength(2);
    expect(err).toBe(`${key.slice(3, 15)}: It expires in 2 days.`);
  });
});

describe('keys rotate', () => {
  test('prints the new key alone, and the old one works on for the overlap', async () => {
    const { out: old } = await portolan('keys create --name x --scopes read', env);
    const { code, out, err } = await portolan(
      `keys rotate ${old.slice(3, 15)} --overlap 7d --expires 90d`,
      env,
    );
    expect([code, out]).toEqual([0, expect.stringMatching(/^pk_\w{12}_[\w-]{49}$/)]);
    expect(err).toMatch(/^Key \w{12} replaces \w{12}\. It expires 20\d\d-/);
    expect(err).toContain('stays valid for at most 7d');
    expect([await statusWith(old), await statusWith(out)]).toEqual([200, 200]);
  });

  test('without an overlap ends the old key at once', async () => {
    const { out: old } = await portolan('keys create --name x --scopes read', env);
    const { out, err } = await portolan(`keys rotate ${old.slice(3, 15)} --overlap 0`, env);
    expect(err).toContain(`Key ${old.slice(3, 15)} is revoked.`);
    expect([await statusWith(old), await statusWith(out)]).toEqual([401, 200]);
  });

  test.each([
    ['', 2, 'Required option "--overlap <SPAN>" not specified.'],
    [' --overlap soon', 2, '"soon" is not a valid value of --overlap.'],
    [' --overlap 400d', 1, 'The overlap must be from 0 to 90 days.'],
  ])('is refused with "%s"', async (more, exit, message) => {
    const { out: old } = await portolan('keys create --name x --scopes read', env);
    const { code, err } = await portolan(`keys rotate ${old.slice(3, 15)}${more}`, env);
    expect([code, err]).toEqual([exit, expect.stringContaining(message)]);
    expect(await statusWith(old)).toBe(200);
  });
});

describe('keys revoke', () => {
  test('ends a key', async () => {
    const { out: key } = await portolan('keys create --name x --scopes admin', env);
    expect(await statusWith(key)).toBe(200);
    const id = key.slice(3, 15);
    expect(await portolan(`keys revoke ${id}`, env)).toEqual({
      code: 0,
      out: '',
      err: `Key ${id} is revoked.`,
    });
    expect(await statusWith(key)).toBe(401);
  });

  test.each(['000000000000', '../admin', 'a?b'])('says when there is no key %s', async id => {
    const { code, err } = await portolan(`keys revoke ${id}`, env);
    expect([code, err]).toEqual([1, expect.stringContaining('There is no API key')]);
  });
});

test('rejects a key without the scope admin', async () => {
  const { code, err } = await portolan('keys create --name x --scopes read', {
    ...env,
    PORTOLAN_API_KEY: await server.createKey('read'),
  });
  expect([code, err]).toEqual([1, 'Creating API keys requires a session or the scope "admin".']);
});

test('rejects a wrong key without printing it', async () => {
  const { code, err } = await portolan('keys list', { ...env, PORTOLAN_API_KEY: 'pk_canary' });
  expect([code, err]).toEqual([1, expect.stringContaining('This API key is malformed')]);
  expect(err).not.toContain('canary');
});

test('the key is carried to no other host by a redirect', async () => {
  let followed = 0;
  const target = createServer((_, response) => {
    followed += 1;
    response.end('{}');
  });
  const location = await listening(target);
  const redirecting = createServer((_, response) => response.writeHead(307, { location }).end());
  const { code } = await portolan('keys list', { ...env, PORTOLAN_URL: await listening(redirecting) });
  expect([code, followed]).toEqual([1, 0]);
  for (const other of [target, redirecting]) other.close();
});

test('reports a response that is not from Portolan', async () => {
  const other = createServer((_, response) => response.end('<html>'));
  const { code, err } = await portolan('keys list', { ...env, PORTOLAN_URL: await listening(other) });
  expect([code, err]).toEqual([1, expect.stringContaining('Check PORTOLAN_URL.')]);
  other.close();
});
