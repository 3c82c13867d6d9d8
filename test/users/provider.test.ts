import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { FetchIncoming } from '../../src/http/node/incoming-fetch.ts';
import { startServer, type TestServer } from '../harness.ts';
import { type Browser, openBrowser } from './browser.ts';
import { type OpenIdProvider, startOpenIdProvider } from './open-id-provider.ts';

const password = 'long enough and not common';
let provider: OpenIdProvider;
let server: TestServer;
/** Where accounts may be made that way. */
let inviting: TestServer;
beforeAll(async () => {
  provider = await startOpenIdProvider('http://localhost:3000/sign-in/provider/callback');
  const env = {
    ADMIN_PASSWORD: password,
    OIDC_ISSUER: provider.issuer,
    OIDC_CLIENT_ID: 'portolan',
    OIDC_CLIENT_SECRET: 'hush',
    OIDC_NAME: 'Example <Corp>',
  };
  server = await startServer({ env });
  inviting = await startServer({ env: { ...env, OIDC_NEW_ACCOUNTS: 'editor' } });
});
afterAll(async () => {
  await server.close();
  await inviting.close();
  await provider.close();
});
beforeEach(() => {
  provider.agrees = true;
});

let users = 0;
async function somebody(more: Record<string, unknown> = {}, at = server) {
  const data = { email: `person-${++users}@example.com`, role: 'viewer' as const, ...more };
  return at.prisma.user.create({ data });
}

/** The path back to us, of somebody whom the provider says to be so. */
async function wayBack(browser: Browser, who: Partial<OpenIdProvider['who']>, page = '/sign-in/provider') {
  provider.who = { sub: `subject-${++users}`, email_verified: true, name: 'Grace Hopper', ...who };
  const { location, status } = await browser.get(page);
  expect(status).toBe(303);
  const back = new URL(await provider.visit(location!));
  return back.pathname + back.search;
}

const signIn = async (who: Partial<OpenIdProvider['who']>, at = server, browser = openBrowser(at)) =>
  browser.get(await wayBack(browser, who));

describe('at an OpenID provider', () => {
  test('the sign-in page offers it, and keeps where one wanted to go', async () => {
    const { text } = await openBrowser(server).get('/sign-in?return=/account/keys');
    expect(text).toContain('Continue with Example &lt;Corp&gt;');
    expect(text).toContain('href="/sign-in/provider?return=%2Faccount%2Fkeys"');
  });

  test('it is asked with code, PKCE, state and nonce, and for our own address', async () => {
    const { location } = await openBrowser(server).get('/sign-in/provider');
    const asked = Object.fromEntries(new URL(location!).searchParams);
    expect(asked).toMatchObject({
      response_type: 'code',
      client_id: 'portolan',
      redirect_uri: 'http://localhost:3000/sign-in/provider/callback',
      scope: 'openid email profile',
      code_challenge_method: 'S256',
      code_challenge: expect.stringMatching(/^[\w-]{43}$/),
      state: expect.stringMatching(/^[\w-]{43}$/),
      nonce: expect.stringMatching(/^[\w-]{43}$/),
    });
  });

  test('links the account with the same verified e-mail address, permanently', async () => {
    const { id, email } = await somebody();
    const browser = openBrowser(server);
    const back = await wayBack(
      browser,
      { sub: 'grace', email: email.toUpperCase() },
      '/sign-in/provider?return=/account/keys',
    );
    expect(await browser.get(back)).toMatchObject({ status: 303, location: '/account/keys' });
    expect((await browser.get('/account')).text).toContain(email);
    expect(browser.cookies.has('portolan_provider')).toBe(false);
    expect(await server.prisma.externalIdentity.findMany({ where: { userId: id } })).toMatchObject([
      { issuer: provider.issuer, subject: 'grace' },
    ]);
    // The address may change there: the subject stays.
    const later = openBrowser(server);
    expect(
      (await signIn({ sub: 'grace', email: 'other@example.com', email_verified: false }, server, later))
        .status,
    ).toBe(303);
    expect((await later.get('/account')).text).toContain(email);
    const events = await server.prisma.auditEvent.findMany({ where: { userId: id }, orderBy: { id: 'asc' } });
    expect(events.map(event => event.kind)).toEqual([
      'identity.linked',
      'sign-in.succeeded',
      'sign-in.succeeded',
    ]);
  });

  test('an invited user needs no password', async () => {
    const { id, email } = await somebody({ emailVerifiedAt: null });
    const browser = openBrowser(server);
    expect((await signIn({ email }, server, browser)).status).toBe(303);
    expect((await browser.get('/account')).text).toContain('You have no password. You do not need one');
    expect(await server.prisma.user.findUnique({ where: { id } })).toMatchObject({
      emailVerifiedAt: expect.any(Date),
      passwordHash: null,
    });
  });

  test('asks the provider to authenticate again when required', async () => {
    const { email } = await somebody({ emailVerifiedAt: new Date() });
    const browser = openBrowser(server);
    const who = { sub: 'again', email };
    await browser.get(await wayBack(browser, who));
    const before = browser.cookies.get('portolan_session');
    const { text } = await browser.get('/sign-in?again=1&return=/account/keys');
    expect(text).toContain('href="/sign-in/provider?return=%2Faccount%2Fkeys&amp;again=1"');
    const page = '/sign-in/provider?return=%2Faccount%2Fkeys&again=1';
    expect(new URL((await browser.get(page)).location!).searchParams.get('prompt')).toBe('login');
    expect(await browser.get(await wayBack(browser, who, page))).toMatchObject({
      status: 303,
      location: '/account/keys',
    });
    expect(browser.cookies.get('portolan_session')).not.toBe(before);
  });

  test('a signed-in user continues', async () => {
    const browser = openBrowser(server);
    await browser.submit('/sign-in', { email: 'admin@example.com', password });
    expect((await browser.get('/sign-in/provider?return=//evil.example')).location).toBe('/account');
  });
});

describe('nobody gets in', () => {
  const refused = (alert: string) => ({ status: 401, text: expect.stringContaining(alert) });
  const sessions = () => server.prisma.session.count();

  test.each([
    [{ email_verified: false }, 'has not verified your e-mail address'],
    [{ email_verified: undefined }, 'has not verified your e-mail address'],
    [{ email_verified: 'true' as unknown as boolean }, 'has not verified your e-mail address'],
    [{ email: undefined }, 'did not send your e-mail address'],
    [{ email: 'stranger@example.com' }, 'There is no account for stranger@example.com.'],
  ])('of whom it is said %j', async (said, why) => {
    const { email } = await somebody({ emailVerifiedAt: new Date() });
    const before = await sessions();
    expect(await signIn({ email, ...said })).toMatchObject(refused(why));
    expect(await sessions()).toBe(before);
  });

  test('who is disabled', async () => {
    const { email } = await somebody({ disabledAt: new Date(), emailVerifiedAt: new Date() });
    expect(await signIn({ email })).toMatchObject(refused('disabled'));
  });

  test('with an account that another person may have opened with the address', async () => {
    const { id, email } = await somebody({
      passwordHash: await server.auth.passwords.hash(password),
      emailVerifiedAt: null,
    });
    expect(await signIn({ email })).toMatchObject(refused('the address was never verified'));
    expect(await server.prisma.externalIdentity.count({ where: { userId: id } })).toBe(0);
  });

  test('by an account whose invitation was accepted by the administrator who was shown its link', async () => {
    const email = `person-${++users}@example.com`;
    const answer = await server.fetch('/api/invitations', { key: server.adminKey, json: { email } });
    const { link, sent } = (await answer.json()) as { link: string; sent: boolean };
    expect(sent).toBe(false);
    const secret = new URL(link).pathname.split('/').at(-1)!;
    const request = new FetchIncoming(new Request(server.config.publicUrl), '192.0.2.7');
    const id = await server.app.userServices.invitations.accept(secret, { name: '', password }, request);
    expect(await signIn({ email })).toMatchObject(refused('the address was never verified'));
    expect(await server.prisma.externalIdentity.count({ where: { userId: id } })).toBe(0);
  });

  test('who says no at the provider', async () => {
    provider.agrees = false;
    expect(await signIn({ email: 'admin@example.com' })).toMatchObject(refused('access_denied'));
  });

  test('with a response for another user, another browser or an earlier request', async () => {
    const { email } = await somebody({ emailVerifiedAt: new Date() });
    const [browser, other] = [openBrowser(server), openBrowser(server)];
    const back = await wayBack(browser, { email });
    expect(await other.get(back)).toMatchObject(refused('began in another browser'));
    await other.get('/sign-in/provider');
    expect(await other.get(back)).toMatchObject({ status: 401 });
    expect((await browser.get(back)).status).toBe(303);
    browser.cookies.delete('portolan_session');
    expect(await browser.get(back)).toMatchObject(refused('began in another browser'));
  });

  test.each(['state', 'code', 'iss'])('when %s was exchanged', async part => {
    const { email } = await somebody({ emailVerifiedAt: new Date() });
    const browser = openBrowser(server);
    const back = new URL(await wayBack(browser, { email }), 'http://x');
    back.searchParams.set(part, 'https://evil.example');
    expect(await browser.get(back.pathname + back.search)).toMatchObject({ status: 401 });
  });

  test('with the code of another sign-in: it belongs to another verifier and nonce', async () => {
    const { email } = await somebody({ emailVerifiedAt: new Date() });
    const [attacker, victim] = [openBrowser(server), openBrowser(server)];
    const theirs = new URL(await wayBack(attacker, { email }), 'http://x');
    const mine = new URL(await wayBack(victim, { email }), 'http://x');
    mine.searchParams.set('code', theirs.searchParams.get('code')!);
    expect(await victim.get(mine.pathname + mine.search)).toMatchObject({ status: 401 });
  });

  test.each(['', 'x', 'e30', Buffer.from('{"state":1}').toString('base64url')])(
    'with the cookie %j',
    async cookie => {
      const browser = openBrowser(server);
      browser.cookies.set('portolan_provider', cookie);
      expect(await browser.get('/sign-in/provider/callback?code=x&state=y')).toMatchObject({ status: 401 });
    },
  );
});

test('accounts are made where that is configured, with that role', async () => {
  const browser = openBrowser(inviting);
  expect(
    (await signIn({ email: 'Brand.New@example.com', name: 'Brand\nNew <b>' }, inviting, browser)).status,
  ).toBe(303);
  expect(await inviting.prisma.user.findUnique({ where: { email: 'brand.new@example.com' } })).toMatchObject({
    role: 'editor',
    scopes: [],
    name: 'Brand New <b>',
    emailVerifiedAt: expect.any(Date),
  });
  expect((await browser.get('/account')).text).toContain('Brand New &lt;b&gt;');
});

test('two sign-ins of a new user at the same time make one account', async () => {
  const browsers = [openBrowser(inviting), openBrowser(inviting)];
  const who = { sub: 'twice', email: 'twice@example.com' };
  const ways = [await wayBack(browsers[0]!, who), await wayBack(browsers[1]!, who)];
  const answers = await Promise.all(browsers.map((browser, i) => browser.get(ways[i]!)));
  expect(answers.map(answer => answer.status)).toEqual([303, 303]);
  expect(await inviting.prisma.externalIdentity.count({ where: { subject: 'twice' } })).toBe(1);
});

test('a provider that cannot be reached leaves the password', async () => {
  const lonely = await startServer({
    env: {
      ADMIN_PASSWORD: password,
      OIDC_ISSUER: 'http://127.0.0.1:9',
      OIDC_CLIENT_ID: 'x',
      OIDC_CLIENT_SECRET: 'y',
    },
  });
  const browser = openBrowser(lonely);
  expect(await browser.get('/sign-in/provider')).toMatchObject({
    status: 503,
    text: expect.stringContaining('cannot be reached'),
  });
  expect((await browser.submit('/sign-in', { email: 'admin@example.com', password })).status).toBe(303);
  await lonely.close();
});

test('without a provider there is no such page', async () => {
  const without = await startServer();
  expect((await openBrowser(without).get('/sign-in/provider')).status).toBe(404);
  expect((await openBrowser(without).get('/sign-in')).text).not.toContain('Continue with');
  await without.close();
});
