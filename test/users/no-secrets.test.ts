import { afterAll, beforeAll, expect, test } from 'vitest';
import { createApp } from '../../src/app.ts';
import { createLog } from '../../src/base/log.ts';
import { startServer, type TestServer } from '../harness.ts';
import { openBrowser } from './browser.ts';
import { type MailServer, startMailServer } from './mail-server.ts';
import { type OpenIdProvider, startOpenIdProvider } from './open-id-provider.ts';

const password = 'canary sings in the mine';
let mail: MailServer;
let provider: OpenIdProvider;
let server: TestServer;
beforeAll(async () => {
  mail = await startMailServer();
  provider = await startOpenIdProvider('http://localhost:3000/sign-in/provider/callback');
  server = await startServer({
    env: {
      ...{ LOG_LEVEL: 'trace', ADMIN_PASSWORD: password, REGISTRATION: 'open' },
      ...{ SMTP_URL: mail.url.replace('//', '//portolan:canary-smtp@'), MAIL_FROM: 'portolan@example.com' },
      ...{
        OIDC_ISSUER: provider.issuer,
        OIDC_CLIENT_ID: 'portolan',
        OIDC_CLIENT_SECRET: 'hush',
        OIDC_NEW_ACCOUNTS: 'viewer',
      },
    },
  });
});
afterAll(async () => {
  await server.close();
  await provider.close();
  await mail.close();
});

test('passwords, links, cookies, form tokens and codes reach no log line, no audit row and no other row', async () => {
  const lines: string[] = [];
  const log = createLog({ logLevel: 'trace', logFormat: 'json' }, { write: line => void lines.push(line) });
  const app = createApp({ ...server, log });
  const fetch: TestServer['fetch'] = (path, init) =>
    app.fetch(new Request(`http://localhost:3000${path}`, init as RequestInit));
  const secrets = new Set([
    'hush',
    'canary',
    password,
    encodeURIComponent(password),
    password.replaceAll(' ', '+'),
  ]);
  const browser = openBrowser({ fetch });
  const remember = () => {
    for (const value of browser.cookies.values()) secrets.add(value);
  };

  const submit = async (page: string, fields: Record<string, string>, to?: string) => {
    const answer = await browser.submit(page, fields, to);
    for (const [, token] of answer.text.matchAll(/form_token" value="([^"]+)/g)) secrets.add(token!);
    remember();
    return answer;
  };

  await submit('/sign-in', { email: 'admin@example.com', password: `${password} wrong` });
  await submit('/sign-in', { email: 'admin@example.com', password });
  await submit('/account', { current: password, password: `${password} twice` }, '/account/password');
  await mail.next();
  await submit('/account', {}, '/sign-out');
  await submit('/reset', { email: 'admin@example.com' });
  await submit('/register', { email: 'new@example.com' });
  for (const letter of [await mail.next(), await mail.next()]) {
    const path = new URL(letter.link).pathname;
    secrets.add(path.split('/')[2]!);
    await fetch(path, { method: 'PUT' });
    await fetch(`${path}/more`);
    await submit(path, { password: 'short' });
    await submit(path, { password: `${password} thrice` });
    browser.cookies.delete('portolan_session');
  }
  provider.who = { sub: 'x', email: 'else@example.com', email_verified: true };
  const { location } = await browser.get('/sign-in/provider');
  remember();
  const back = new URL(await provider.visit(location!));
  for (const value of back.searchParams.values()) if (!value.startsWith('http')) secrets.add(value);
  for (const value of new URL(location!).searchParams.values())
    if (/^[\w-]{43}$/.test(value)) secrets.add(value);
  expect((await browser.get(back.pathname + back.search)).status).toBe(303);
  remember();
  mail.working = false;
  await server.fetch('/api/invitations', { key: server.adminKey, json: { email: 'failed@example.com' } });
  await app.close();

  const tables = ['session', 'sign_in_link', 'audit_event', 'user', 'setting', 'external_identity'];
  const rows = await Promise.all(
    tables.map(name => server.database.query(`SELECT t::text FROM "portolan"."${name}" t`)),
  );
  const kept = [...lines, ...rows.flatMap(result => result.rows.flat())].join('\n');
  expect(secrets.size).toBeGreaterThan(15);
  for (const secret of secrets) if (secret) expect(kept).not.toContain(secret);
  // And yet everything was logged.
  expect(lines.join('')).toContain('"url":"/reset/[redacted]"');
  expect(lines.join('')).toContain('"url":"/sign-in/provider/callback?[redacted]"');
  expect(lines.join('').match(/"msg":"request"/g)?.length).toBeGreaterThan(20);
});
