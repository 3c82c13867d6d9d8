import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { startServer, type TestServer } from '../harness.ts';
import { openBrowser } from './browser.ts';
import { type MailServer, startMailServer } from './mail-server.ts';

const password = 'long enough and not common';
let mail: MailServer;
let byLetter: TestServer;
let atOnce: TestServer;
let closed: TestServer;
beforeAll(async () => {
  mail = await startMailServer();
  const open = { REGISTRATION: 'open', ADMIN_PASSWORD: password };
  byLetter = await startServer({ env: { ...open, SMTP_URL: mail.url, MAIL_FROM: 'portolan@example.com' } });
  atOnce = await startServer({ env: { ...open, REGISTRATION_ROLE: 'editor' } });
  closed = await startServer();
});
afterAll(async () => {
  for (const server of [byLetter, atOnce, closed]) await server.close();
  await mail.close();
});
afterEach(() => vi.useRealTimers());

const find = (server: TestServer, email: string) => server.prisma.user.findUnique({ where: { email } });

describe('where registration is closed', () => {
  test('there is no such page, and the sign-in does not speak of it', async () => {
    const browser = openBrowser(closed);
    expect((await browser.get('/register')).status).toBe(404);
    expect((await browser.submit('/sign-in', { email: 'x@example.com' }, '/register')).status).toBe(404);
    expect((await browser.get('/sign-in')).text).not.toContain('/register');
  });
});

describe('with a mail server', () => {
  const ask = (email: string) => openBrowser(byLetter).submit('/register', { email });

  test('an account is opened by a link, which proves the address', async () => {
    expect((await openBrowser(byLetter).get('/sign-in')).text).toContain('href="/register"');
    expect((await ask(' New@Example.com ')).text).toContain('Check your e-mail');
    const letter = await mail.next();
    expect(letter.to).toEqual(['new@example.com']);
    expect(await find(byLetter, 'new@example.com')).toMatchObject({
      role: 'viewer',
      passwordHash: null,
      emailVerifiedAt: null,
    });
    const browser = openBrowser(byLetter);
    const path = new URL(letter.link).pathname;
    expect(await browser.submit(path, { name: 'New', password })).toMatchObject({
      status: 303,
      location: '/account?done=welcome',
    });
    expect((await browser.get('/account?done=welcome')).text).toContain('Welcome.');
    expect(await find(byLetter, 'new@example.com')).toMatchObject({
      role: 'viewer',
      emailVerifiedAt: expect.any(Date),
    });
    expect((await browser.get('/register')).location).toBe('/account');
  });

  test('only the mailbox shows whether an address is known', async () => {
    const answers = [await ask('unknown@example.com'), await ask('admin@example.com')];
    expect(new Set(answers.map(({ status, text }) => `${status} ${text}`)).size).toBe(1);
    const letters = [await mail.next(), await mail.next()];
    const known = letters.find(letter => letter.to[0] === 'admin@example.com')!;
    expect(known.text).toContain('which already has one');
    expect(known.link).toBe('http://localhost:3000/sign-in');
  });

  test('what a stranger typed stands in no letter', async () => {
    await openBrowser(byLetter).submit('/register', {
      email: 'victim@example.com',
      name: 'Buy at https://evil.example',
    });
    expect((await mail.next()).message).not.toContain('evil');
  });

  test.each(['nobody', 'a@b.example, c@d.example', 'a@b.example\r\nBcc: c@d.example', '<a@b.example>'])(
    'refuses the address %j',
    async email => {
      expect((await ask(email)).status).toBe(400);
    },
  );

  test('addresses that nobody proved are forgotten with later ones; invited users are not', async () => {
    await ask('forgotten@example.com');
    await mail.next();
    await byLetter.fetch('/api/invitations', { key: byLetter.adminKey, json: { email: 'kept@example.com' } });
    await mail.next();
    vi.useFakeTimers({ now: Date.now() + 25 * 3_600_000, toFake: ['Date'] });
    await ask('later@example.com');
    await mail.next();
    expect(await find(byLetter, 'forgotten@example.com')).toBeNull();
    expect(await find(byLetter, 'kept@example.com')).not.toBeNull();
    expect(await find(byLetter, 'later@example.com')).not.toBeNull();
  });
});

describe('without one', () => {
  const register = (fields: Record<string, string>, browser = openBrowser(atOnce)) =>
    browser.submit('/register', { email: '', name: '', password, ...fields });

  test('an account is opened at once, with the configured role, its address unproven', async () => {
    const browser = openBrowser(atOnce);
    expect(await register({ email: 'now@example.com', name: 'Now' }, browser)).toMatchObject({
      status: 303,
      location: '/account?done=welcome',
    });
    expect((await browser.get('/account')).text).toContain('now@example.com');
    expect(await find(atOnce, 'now@example.com')).toMatchObject({
      role: 'editor',
      scopes: [],
      emailVerifiedAt: null,
    });
  });

  test('what is wrong is said beside its field, and what was typed stays', async () => {
    const answer = await register({ email: 'weak@example.com', name: '"><b>', password: 'passwordpassword' });
    expect(answer).toMatchObject({ status: 400, alert: expect.stringContaining('easy to guess') });
    expect(answer.text).toContain('value="weak@example.com"');
    expect(answer.text).toContain('value="&quot;&gt;&lt;b&gt;"');
    expect(answer.text).not.toContain('passwordpassword');
    expect(await find(atOnce, 'weak@example.com')).toBeNull();
  });

  test('nobody takes over an account, or chooses a role', async () => {
    expect(await register({ email: 'ADMIN@example.com' })).toMatchObject({ status: 409 });
    expect(
      (await openBrowser(atOnce).submit('/sign-in', { email: 'admin@example.com', password })).status,
    ).toBe(303);
    await register({ email: 'boss@example.com', role: 'administrator', scopes: 'admin' });
    expect(await find(atOnce, 'boss@example.com')).toMatchObject({ role: 'editor', scopes: [] });
  });

  test('only our page sends it, and not without end', async () => {
    const browser = openBrowser(atOnce);
    await browser.get('/register');
    expect((await browser.post('/register', 'email=x@example.com')).status).toBe(403);
    const statuses = [];
    for (let i = 0; i < 32; i++) statuses.push((await register({ email: 'no address' })).status);
    expect(statuses.at(-1)).toBe(429);
  });
});
