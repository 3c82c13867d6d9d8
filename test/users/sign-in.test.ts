import { describe, expect, test, vi } from 'vitest';
import { serverForFile } from '../harness.ts';
import { openBrowser } from './browser.ts';

const password = 'long enough and not common';
const server = serverForFile({ env: { ADMIN_PASSWORD: password } });

let users = 0;
/** @returns the address of somebody new with that password */
async function somebody(more: Record<string, unknown> = {}): Promise<string> {
  const email = `person-${++users}@example.com`;
  const passwordHash = await server.auth.passwords.hash(password);
  await server.prisma.user.create({ data: { email, role: 'viewer', passwordHash, ...more } });
  return email;
}

const signIn = (email: string, typed = password, page = '/sign-in', browser = openBrowser(server)) =>
  browser.submit(page, { email, password: typed });

const events = (kind: string, email: string) =>
  server.prisma.user
    .findUnique({ where: { email } })
    .then(user => server.prisma.auditEvent.findMany({ where: { kind, userId: user?.id ?? null } }));

describe('the sign-in page', () => {
  test('lets in with address and password, and leads to the account', async () => {
    const browser = openBrowser(server);
    const answer = await signIn('admin@example.com', password, '/sign-in', browser);
    expect([answer.status, answer.location]).toEqual([303, '/account']);
    const account = await browser.get('/account');
    expect(account.status).toBe(200);
    expect(account.text).toContain('admin@example.com');
    expect(await events('sign-in.succeeded', 'admin@example.com')).toHaveLength(1);
  });

  test('ignores case and spaces in the e-mail address', async () => {
    const email = await somebody();
    expect((await signIn(`  ${email.toUpperCase()} `)).status).toBe(303);
    expect((await server.prisma.user.findUnique({ where: { email } }))?.lastSignInAt).not.toBeNull();
  });

  test('is shown to nobody who is signed in: they go on', async () => {
    const browser = openBrowser(server);
    await signIn('admin@example.com', password, '/sign-in', browser);
    expect(await browser.get('/sign-in?return=/account/keys')).toMatchObject({
      status: 303,
      location: '/account/keys',
    });
  });

  test('asks a signed-in user for the password again when required', async () => {
    const browser = openBrowser(server);
    await signIn('admin@example.com', password, '/sign-in', browser);
    const before = browser.cookies.get('portolan_session');
    const again = '/sign-in?again=1&return=/auth/oauth/interaction/x';
    expect((await browser.get(again)).text).toContain('value="admin@example.com"');
    expect(await signIn('admin@example.com', 'wrong', again, browser)).toMatchObject({ status: 401 });
    expect(await signIn('admin@example.com', password, again, browser)).toMatchObject({
      status: 303,
      location: '/auth/oauth/interaction/x',
    });
    expect(browser.cookies.get('portolan_session')).not.toBe(before);
  });

  test('redirects back to the requested page, on this server only', async () => {
    const to = async (wanted: string) =>
      (await signIn(await somebody(), password, `/sign-in?return=${encodeURIComponent(wanted)}`)).location;
    expect(await to('/auth/oauth/interaction/x?y=1')).toBe('/auth/oauth/interaction/x?y=1');
    for (const elsewhere of [
      'https://evil.example',
      '//evil.example',
      '/\\evil.example',
      '/\t/evil.example',
      'javascript:alert(1)',
    ])
      expect(await to(elsewhere)).toBe('/account');
  });

  test('brings signed-out visitors of account pages back there', async () => {
    const browser = openBrowser(server);
    const { status, location } = await browser.get('/account?x=1');
    expect([status, location]).toEqual([303, '/sign-in?return=%2Faccount%3Fx%3D1']);
    expect((await signIn('admin@example.com', password, location, browser)).location).toBe('/account?x=1');
  });

  test('answers HEAD and GET without doing anything', async () => {
    const head = await server.fetch('/sign-in?email=admin@example.com&password=x', { method: 'HEAD' });
    expect([head.status, await head.text()]).toEqual([200, '']);
    expect((await server.fetch('/sign-out')).status).toBe(405);
    expect(head.headers.getSetCookie().join()).not.toContain('portolan_session');
  });

  test('puts what was typed back as text', async () => {
    const { text } = await signIn('"><script>alert(1)</script>');
    expect(text).toContain('value="&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;"');
    expect(text).not.toContain('<script');
  });
});

describe('a user who cannot sign in', () => {
  test('gets one answer, whatever the reason, after the same work', async () => {
    const verify = vi.spyOn(server.auth.passwords, 'verify');
    const known = await somebody();
    const attempts: [string, string][] = [
      ['nobody@example.com', password],
      [known, 'a wrong password'],
      [await somebody({ passwordHash: null }), password],
      [await somebody({ disabledAt: new Date() }), password],
      [known, ''],
      ['', ''],
    ];
    const answers = [];
    for (const [email, typed] of attempts) {
      const { status, text, alert, cookies } = { ...(await signIn(email, typed)), cookies: 0 };
      answers.push({
        status,
        alert,
        cookies,
        length: text
          .replaceAll(email || '\0', '')
          .replace(/form_token" value="[^"]+/, '')
          .replaceAll(' autofocus', '').length,
      });
    }
    expect(new Set(answers.map(answer => JSON.stringify(answer))).size).toBe(1);
    expect(answers[0]).toMatchObject({
      status: 401,
      alert: expect.stringContaining('The e-mail address or password is wrong.'),
    });
    // Every one of them: the decoy's hash, where there is no other.
    expect(verify).toHaveBeenCalledTimes(attempts.length);
    verify.mockRestore();
  });

  test('leaves a trace in the audit trail, without what was typed', async () => {
    const email = await somebody();
    await signIn(email, 'canary in the mine');
    await signIn('secret-typed-as-address');
    expect(await events('sign-in.failed', email)).toMatchObject([
      { details: { reason: 'password' }, userAgent: expect.any(String) },
    ]);
    const all = JSON.stringify(await server.prisma.auditEvent.findMany(), (_, value) =>
      typeof value === 'bigint' ? String(value) : value,
    );
    expect(all).not.toMatch(/canary|secret-typed/);
  });
});

test('a password that was hashed with an older pepper is hashed anew', async () => {
  const email = await somebody();
  const stored = () =>
    server.prisma.user.findUniqueOrThrow({ where: { email } }).then(user => user.passwordHash);
  const before = await stored();
  await signIn(email);
  expect(await stored()).toBe(before);
  const stale = vi.spyOn(server.auth.passwords, 'isStale').mockReturnValue(true);
  await signIn(email);
  stale.mockRestore();
  expect(await stored()).not.toBe(before);
  expect((await signIn(email)).status).toBe(303);
});

describe('forms that our page did not send', () => {
  const body = 'email=admin%40example.com&password=x';

  test('are refused without a token, from other origins, and with the token of another browser', async () => {
    const [mine, other] = [openBrowser(server), openBrowser(server)];
    await mine.get('/sign-in');
    const token = /form_token" value="([^"]+)/.exec((await other.get('/sign-in')).text)![1];
    for (const [sent, headers] of [
      [body, {}],
      [`${body}&form_token=${token}`, {}],
    ] as const)
      expect((await mine.post('/sign-in', sent, headers)).status).toBe(403);
    const own = /form_token" value="([^"]+)/.exec((await mine.get('/sign-in')).text)![1];
    for (const headers of [{ 'sec-fetch-site': 'cross-site' }, { 'sec-fetch-site': 'same-site' }])
      expect((await mine.post('/sign-in', `${body}&form_token=${own}`, headers)).status).toBe(403);
    expect((await mine.post('/sign-in', `${body}&form_token=${own}`)).status).toBe(401);
  });

  test('are refused when they say something twice, are too long, or no form at all', async () => {
    const browser = openBrowser(server);
    await browser.get('/sign-in');
    expect((await browser.post('/sign-in', `${body}&email=x`)).status).toBe(400);
    expect((await browser.post('/sign-in', `email=${'x'.repeat(30_000)}`)).status).toBe(413);
    expect((await browser.post('/sign-in', '{}', { 'content-type': 'application/json' })).status).toBe(415);
  });
});

describe('signing out', () => {
  test('ends the session, also for a copy of its cookie', async () => {
    const browser = openBrowser(server);
    await signIn('admin@example.com', password, '/sign-in', browser);
    const kept = browser.cookies.get('portolan_session')!;
    expect(await browser.submit('/account', {}, '/sign-out')).toMatchObject({
      status: 303,
      location: '/sign-in?done=out',
    });
    expect(browser.cookies.has('portolan_session')).toBe(false);
    const replay = await server.fetch('/account', {
      headers: { cookie: `portolan_session=${kept}` },
      redirect: 'manual',
    });
    expect(replay.status).toBe(303);
    expect((await browser.get('/sign-in?done=out')).text).toContain('You are signed out.');
  });

  test('takes a form of ours', async () => {
    const browser = openBrowser(server);
    await signIn('admin@example.com', password, '/sign-in', browser);
    expect((await browser.post('/sign-out', '')).status).toBe(403);
    expect((await browser.get('/account')).status).toBe(200);
  });
});

test('a session cookie set before the sign-in is replaced (session fixation)', async () => {
  const browser = openBrowser(server);
  const planted = (await server.signIn('planter@example.com')).split('=')[1]!;
  browser.cookies.set('portolan_session', planted);
  await browser.get('/account');
  // Signed in as the planter, the victim signs out, as they are shown another account, and in.
  await browser.submit('/account', {}, '/sign-out');
  browser.cookies.set('portolan_session', planted);
  await signIn('admin@example.com', password, '/sign-in', browser);
  expect(browser.cookies.get('portolan_session')).not.toBe(planted);
  const replay = await server.fetch('/account', {
    headers: { cookie: `portolan_session=${planted}` },
    redirect: 'manual',
  });
  expect(replay.status).toBe(303);
});

test.each(['/sign-in', '/reset', '/account', '/register', '/invitation/x', '/reset/x'])(
  '%s is not framed, kept, or read by others',
  async path => {
    const browser = openBrowser(server);
    await signIn('admin@example.com', password, '/sign-in', browser);
    const { headers } = await browser.get(path, { origin: 'https://evil.example' });
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('access-control-allow-origin')).toBeNull();
    expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
  },
);

test('no page, and no answer of the sign-in, lets the Host header say where links lead', async () => {
  const response = await server.fetch('/account', {
    headers: { host: 'evil.example', 'x-forwarded-host': 'evil.example' },
    redirect: 'manual',
  });
  expect(response.headers.get('location')).toBe('/sign-in?return=%2Faccount');
});
