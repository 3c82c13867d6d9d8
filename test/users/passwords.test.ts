import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { checkPassword } from '../../src/users/services/password-rules.ts';
import { startServer, type TestServer } from '../harness.ts';
import { openBrowser } from './browser.ts';
import { type MailServer, startMailServer } from './mail-server.ts';

const password = 'long enough and not common';
const next = 'another one that is long enough';
let mail: MailServer;
let server: TestServer;
beforeAll(async () => {
  mail = await startMailServer();
  server = await startServer({
    env: {
      ADMIN_PASSWORD: password,
      SMTP_URL: mail.url,
      MAIL_FROM: 'Portolan <portolan@example.com>',
      PUBLIC_URL: 'https://shop.example',
    },
  });
});
afterAll(async () => {
  await server.close();
  await mail.close();
});
afterEach(() => vi.useRealTimers());

const past = (ms: number) => vi.useFakeTimers({ now: Date.now() + ms, toFake: ['Date'] });

let users = 0;
async function somebody(more: Record<string, unknown> = {}) {
  const passwordHash = await server.auth.passwords.hash(password);
  const data = { email: `person-${++users}@example.com`, role: 'viewer' as const, passwordHash, ...more };
  return server.prisma.user.create({ data });
}

const signIn = (email: string, typed: string, browser = openBrowser(server)) =>
  browser.submit('/sign-in', { email, password: typed });
const pathOf = (link: string) => new URL(link).pathname;
const count = (kind: string, userId: string) => server.prisma.auditEvent.count({ where: { kind, userId } });

describe('a password', () => {
  const about = { email: 'ada.lovelace@example.com', name: 'Ada Lovelace' };

  test.each([
    'short',
    'elevenchars',
    'passwordpassword',
    'Password1234',
    'qwertyuiop12',
    '123456789012',
    'aaaaaaaaaaaaaaaa',
    'iloveyou12345',
    'administrator1',
    'ada.lovelace@example.com',
    'ADA.LOVELACE@EXAMPLE.COM',
    'xx ada.lovelace@example.com xx',
    'LovelaceAda1',
    'portolan1234',
    'abababababababababab',
    'x'.repeat(257),
  ])('%.30s is refused', async typed => {
    await expect(checkPassword(typed, about)).rejects.toMatchObject({
      code: 'INVALID_VALUE',
      target: 'password',
    });
  });

  test.each([
    'correct horse battery staple',
    'k7f2-9xqm-33ab',
    'мой длинный пароль',
    'sieben kleine Eulen',
    '🦉🐈🐕🐎🐄🐖🐏🦙🐓🦃🕊️🐇',
  ])('%s is good: no rules on what it is composed of', async typed => {
    await expect(checkPassword(typed, about)).resolves.toBeUndefined();
  });

  test('of any length is judged in no time', async () => {
    const hostile = [
      'a@4A'.repeat(64),
      'qwerty'.repeat(40),
      Array.from({ length: 250 }, (_, i) => 'abcdefghij'[(i * 7) % 10]).join(''),
    ];
    const before = performance.now();
    for (const typed of hostile) await checkPassword(typed, about).catch(() => {});
    expect(performance.now() - before).toBeLessThan(30_000);
  });
});

describe('changing the password', () => {
  test('takes the current one, ends all other sessions, and tells its user', async () => {
    const { email, id } = await somebody({ name: 'Ada' });
    const [here, there] = [openBrowser(server), openBrowser(server)];
    await signIn(email, password, here);
    await signIn(email, password, there);
    const before = here.cookies.get('__Host-portolan_session');
    expect(
      await here.submit('/account', { current: password, password: next }, '/account/password'),
    ).toMatchObject({ status: 303, location: '/account?done=password' });
    expect((await here.get('/account?done=password')).text).toContain('Password changed.');
    expect((await there.get('/account')).status).toBe(303);
    expect(here.cookies.get('__Host-portolan_session')).toBe(before);
    expect((await signIn(email, password)).status).toBe(401);
    expect((await signIn(email, next)).status).toBe(303);
    expect(await count('password.changed', id)).toBe(1);
    const letter = await mail.next();
    expect([letter.to, letter.text]).toEqual([[email], expect.stringContaining('was changed')]);
    expect(letter.message).not.toContain(next);
  });

  test('is refused with a wrong current one, a common one, and the same one', async () => {
    const { email, id } = await somebody();
    const browser = openBrowser(server);
    await signIn(email, password, browser);
    const change = (current: string, wanted: string) =>
      browser.submit('/account', { current, password: wanted }, '/account/password');
    expect(await change('wrong', next)).toMatchObject({
      status: 400,
      alert: 'The current password is wrong.',
    });
    expect(await change(password, 'passwordpassword')).toMatchObject({
      status: 400,
      alert: expect.stringContaining('easy to guess'),
    });
    expect(await change(password, email)).toMatchObject({ status: 400 });
    expect(await change(password, password)).toMatchObject({
      status: 400,
      alert: 'The new password must differ from the current one.',
    });
    expect(await count('password.change-failed', id)).toBe(1);
    expect((await signIn(email, password)).status).toBe(303);
  });

  test('guessing the current one at a browser left open is limited like signing in', async () => {
    const { email } = await somebody();
    const browser = openBrowser(server);
    await signIn(email, password, browser);
    const statuses = [];
    for (let i = 0; i < 7; i++)
      statuses.push(
        (await browser.submit('/account', { current: `wrong ${i}`, password: next }, '/account/password'))
          .status,
      );
    expect(statuses).toEqual([400, 400, 400, 400, 400, 429, 429]);
  });
});

describe('a forgotten password', () => {
  const ask = (email: string, browser = openBrowser(server)) => browser.submit('/reset', { email });

  test('is chosen anew by a link, once, which ends all sessions', async () => {
    const { email, id } = await somebody({ name: 'Ada <b>' });
    const old = openBrowser(server);
    await signIn(email, password, old);
    expect((await ask(email)).text).toContain('Check your e-mail');
    const letter = await mail.next();
    expect(letter.to).toEqual([email]);
    expect(letter.text).toContain('Hello Ada <b>,');
    expect(letter.message).toContain('Hello Ada &lt;b&gt;,');
    expect(letter.message).toMatch(/^From: Portolan <portolan@example.com>\r?$/m);
    expect(letter.message).toMatch(/^Auto-Submitted: auto-generated\r?$/m);
    expect(letter.link).toMatch(/^https:\/\/shop\.example\/reset\/[\w-]{43}$/);
    const path = pathOf(letter.link);
    const browser = openBrowser(server);
    // Mail programs look at links beforehand, more than once.
    for (let i = 0; i < 3; i++) expect((await browser.get(path)).status).toBe(200);
    expect((await browser.get(path)).headers.get('referrer-policy')).toBe('no-referrer');
    expect((await browser.submit(path, { password: 'passwordpassword' })).status).toBe(400);
    expect(await browser.submit(path, { password: next })).toMatchObject({
      status: 303,
      location: '/sign-in?done=reset',
    });
    expect((await old.get('/account')).status).toBe(303);
    expect((await signIn(email, password)).status).toBe(401);
    expect((await signIn(email, next)).status).toBe(303);
    expect((await browser.get(path)).status).toBe(404);
    expect((await browser.submit('/sign-in', { password: 'a third that is long enough' }, path)).status).toBe(
      404,
    );
    expect(await count('password.reset', id)).toBe(1);
    expect((await mail.next()).text).toContain('was changed');
  });

  test('a link is good for an hour, and only where it belongs', async () => {
    const { email } = await somebody();
    await ask(email);
    const path = pathOf((await mail.next()).link);
    expect((await openBrowser(server).get(path.replace('/reset/', '/invitation/'))).status).toBe(404);
    past(3_599_000);
    expect((await openBrowser(server).get(path)).status).toBe(200);
    past(2_000);
    expect((await openBrowser(server).get(path)).status).toBe(404);
  });

  test('one of several links uses up all of them, and two at the same time are one', async () => {
    const { email } = await somebody();
    await ask(email);
    const first = pathOf((await mail.next()).link);
    await ask(email);
    const second = pathOf((await mail.next()).link);
    const browsers = [openBrowser(server), openBrowser(server), openBrowser(server)];
    const answers = await Promise.all(
      browsers.map((browser, i) => browser.submit(first, { password: `${next} ${i}` })),
    );
    // Whoever came so late that the form was gone already has no token of it.
    const statuses = answers.map(answer => answer.status).sort();
    expect(statuses.slice(1).every(status => status === 403 || status === 404)).toBe(true);
    expect(statuses[0]).toBe(303);
    expect((await openBrowser(server).get(second)).status).toBe(404);
    expect((await mail.next()).text).toContain('was changed');
  });

  test('nobody learns whether there is such an account', async () => {
    const { email } = await somebody();
    const disabled = await somebody({ disabledAt: new Date() });
    const answers = [];
    for (const address of [email, 'nobody@example.com', disabled.email, 'no address', '']) {
      const { status, text } = await ask(address);
      answers.push(`${status} ${text}`);
    }
    expect(new Set(answers).size).toBe(1);
    // One letter alone: what is next is the one for another account.
    expect((await mail.next()).to).toEqual([email]);
    const other = await somebody();
    await ask(other.email);
    expect((await mail.next()).to).toEqual([other.email]);
  });

  test('links of long ago are cleared away', async () => {
    const { id, email } = await somebody();
    await ask(email);
    await mail.next();
    past(31 * 86_400_000);
    const other = await somebody();
    await ask(other.email);
    await mail.next();
    await server.app.userServices.clearLinks();
    expect(await server.prisma.signInLink.count({ where: { userId: id } })).toBe(0);
    expect(await server.prisma.signInLink.count({ where: { userId: other.id } })).toBe(1);
  });

  test('an address gets at most three e-mails an hour', async () => {
    const { email } = await somebody();
    for (let i = 0; i < 5; i++) await ask(email);
    await server.app.userServices.passwords.close();
    for (let i = 0; i < 3; i++) expect((await mail.next()).to).toEqual([email]);
    expect(mail.letters.filter(({ to }) => to.includes(email))).toHaveLength(3);
  });

  test('the link comes from PUBLIC_URL, whatever Host says', async () => {
    const { email } = await somebody();
    const browser = openBrowser({
      fetch: (path, init) =>
        server.fetch(path, {
          ...init,
          headers: { ...Object.fromEntries(new Headers(init?.headers)), 'x-forwarded-host': 'evil.example' },
        }),
    });
    await ask(email, browser);
    expect((await mail.next()).link).toMatch(/^https:\/\/shop\.example\//);
  });

  test('administrators send such a link too, and never see it', async () => {
    const { id, email } = await somebody();
    const send = () =>
      server.fetch(`/api/users/${id}/password-reset`, { key: server.adminKey, method: 'POST' });
    const answer = await send();
    expect([answer.status, await answer.json()]).toEqual([
      201,
      { sent: true, expiresAt: expect.any(String) },
    ]);
    expect((await mail.next()).to).toEqual([email]);
    mail.working = false;
    const failed = await (await send()).json();
    mail.working = true;
    expect(failed).toEqual({
      sent: false,
      link: expect.stringMatching(/^https:\/\/shop\.example\/reset\//),
      expiresAt: expect.any(String),
    });
    await server.prisma.user.update({ where: { id }, data: { disabledAt: new Date() } });
    expect((await send()).status).toBe(409);
  });
});

describe('letters', () => {
  test('an invitation reaches its user, and the administrator sees no link', async () => {
    const answer = await server.fetch('/api/invitations', {
      key: server.adminKey,
      json: { email: 'invited@example.com', name: 'Grace' },
    });
    expect(await answer.json()).toEqual({
      user: expect.anything(),
      sent: true,
      expiresAt: expect.any(String),
    });
    const letter = await mail.next();
    expect([letter.to, letter.text]).toEqual([
      ['invited@example.com'],
      expect.stringContaining('Hello Grace,'),
    ]);
    const browser = openBrowser(server);
    expect(await browser.submit(pathOf(letter.link), { name: '', password })).toMatchObject({ status: 303 });
    expect(await server.prisma.user.findUnique({ where: { email: 'invited@example.com' } })).toMatchObject({
      name: 'Grace',
      emailVerifiedAt: expect.any(Date),
    });
  });

  test('a name does not break out of its place', async () => {
    const name = 'x\u2028y: z@evil.example, "q" <evil@evil.example>';
    await server.fetch('/api/invitations', {
      key: server.adminKey,
      json: { email: 'header@example.com', name },
    });
    const letter = await mail.next();
    expect(letter.to).toEqual(['header@example.com']);
    const [head] = letter.message.split(/\r?\n\r?\n/);
    expect(head).toMatch(/^To: header@example\.com\r?$/m);
    expect(head).not.toContain('evil');
  });
});
