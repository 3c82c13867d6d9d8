import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { allowAll, Browser, type OauthWorld, openOauthWorld, type TestApp, tokenOf } from './oauth-world.ts';

let world: OauthWorld;
let app: TestApp;
beforeAll(async () => {
  world = await openOauthWorld();
  app = await world.createApp({ name: '<script>alert(1)</script>"\'' });
});
afterAll(() => world.close());

/** A user at the consent page. */
async function beginConsent(email = 'person@example.com') {
  const browser = await new Browser(world).signIn(email);
  const begun = await browser.get(world.authorizeAddress(app, { prompt: 'consent' }));
  const address = begun.headers.get('location')!;
  const response = await browser.get(address);
  return { browser, address, response, page: await response.text() };
}

const allow = (page: string) =>
  [
    ['form_token', tokenOf(page)],
    ['scope', 'read'],
    ['decision', 'allow'],
  ] as const;

describe('the consent page', () => {
  test('cannot be framed, sends no referrer, is not cached, and runs no script', async () => {
    const { response, page } = await beginConsent();
    expect(response.status).toBe(200);
    const policy = response.headers.get('content-security-policy')!;
    expect(policy).toMatch(/default-src 'none'/);
    expect(policy).toMatch(/frame-ancestors 'none'/);
    expect(policy).toMatch(/form-action 'self' https:\/\/app\.example(;|$)/);
    expect(policy).not.toMatch(/unsafe|script-src/);
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(response.headers.get('referrer-policy')).toMatch(/same-origin|no-referrer/);
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    expect(page).not.toMatch(/<script/i);
    expect(page).toContain('&lt;script&gt;');
  });

  test('does not accept its form from other sites', async () => {
    for (const headers of [
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
      { origin: 'https://evil.example' },
    ] as Record<string, string>[]) {
      const { browser, address, page } = await beginConsent();
      const response = await browser.post(address, allow(page), headers);
      expect(response.status).toBe(403);
    }
    expect(await world.prisma.appGrant.count({ where: { appId: app.id } })).toBe(0);
  });

  test('does not accept its form without its token, or with another token', async () => {
    const other = await beginConsent('other@example.com');
    for (const token of ['', 'x', tokenOf(other.page)]) {
      const { browser, address } = await beginConsent();
      const response = await browser.post(address, [
        ['form_token', token],
        ['scope', 'read'],
        ['decision', 'allow'],
      ]);
      expect(response.status).toBe(403);
    }
  });

  test('grants nothing that was not requested', async () => {
    const { browser, address, page } = await beginConsent();
    const response = await browser.post(address, [
      ...allow(page),
      ['scope', 'admin'],
      ['scope', 'products.cost:read'],
    ]);
    expect(response.status).toBe(303);
    const [grant] = await world.prisma.appGrant.findMany({ where: { appId: app.id } });
    expect(grant?.scopes).toEqual(['read']);
  });

  test('shows an error when nothing is ticked', async () => {
    const { browser, address, page } = await beginConsent();
    const response = await browser.post(address, [
      ['form_token', tokenOf(page)],
      ['decision', 'allow'],
    ]);
    expect(response.status).toBe(400);
    expect(await response.text()).toMatch(/at least one/);
  });

  test('can be submitted once', async () => {
    const { browser, address, page } = await beginConsent();
    const decided = await browser.post(address, allow(page));
    const told = await browser.get(decided.headers.get('location')!);
    expect(told.headers.get('location')).toMatch(/^https:\/\/app\.example\/callback\?code=/);
    const again = await browser.get(decided.headers.get('location')!);
    expect(again.status).toBe(400);
    expect((await browser.post(address, allow(page))).status).toBe(404);
  });
});

describe('a user lured by an attacker', () => {
  test('to a page that was opened in another browser cannot decide', async () => {
    const attacker = await beginConsent('attacker@example.com');
    const victim = await new Browser(world).signIn('victim@example.com');
    expect((await victim.get(attacker.address)).status).toBe(404);
    expect((await victim.post(attacker.address, allow(attacker.page))).status).toBe(404);
  });

  test('gives the attacker no code', async () => {
    const attacker = new Browser(world);
    const begun = await attacker.get(world.authorizeAddress(app));
    const address = begun.headers.get('location')!;
    const uid = address.split('/').at(-1)!;
    // Even an attacker who plants the cookie in the victim's browser must return as the victim.
    const cookie = `portolan_app_request=${uid}; ${await world.signIn('victim@example.com')}`;
    const page = await (await world.fetch(address, { headers: { cookie } })).text();
    const form = new URLSearchParams(allow(page).map(([name, value]) => [name, value]));
    const headers = { cookie, 'sec-fetch-site': 'same-origin' };
    const decided = await world.post(address, String(form), headers);
    expect(decided.headers.get('location')).toBe(`/auth/oauth/authorize/${uid}`);
    const back = await attacker.get(`/auth/oauth/authorize/${uid}`);
    expect(back.headers.get('location')).toBe(address);
    expect((await attacker.get(address)).headers.get('location')).toMatch(/^\/sign-in/);
  });

  test('back to the app with an altered cookie gets an error', async () => {
    const { browser, address, page } = await beginConsent();
    const decided = await browser.post(address, allow(page));
    const next = decided.headers.get('location')!;
    const session = await world.signIn('person@example.com');
    const uid = next.split('/').at(-1)!;
    for (const cookie of [
      session,
      `${session}; portolan_app_return=${uid}`,
      `${session}; portolan_app_return=${uid}; portolan_app_return.sig=x`,
      `${session}; oauth_session=current; portolan_app_return=other`,
    ]) {
      const response = await world.fetch(next, { headers: { cookie } });
      expect([response.status, response.headers.get('location')]).toEqual([400, null]);
    }
  });

  test.each(['x', '../../x', 'a'.repeat(500), '%00', 'aaaaaaaaaaaaaaaaaaaaaaaa'])(
    'to an invalid address gets an error: %s',
    async uid => {
      const browser = await new Browser(world).signIn();
      expect((await browser.get(`/auth/oauth/interaction/${uid}`)).status).toBeOneOf([400, 404]);
      expect((await browser.get(`/auth/oauth/authorize/${uid}`)).status).toBeOneOf([400, 404]);
    },
  );
});

describe('forged forwarding headers', () => {
  const lies = {
    host: 'evil.example',
    'x-forwarded-host': 'evil.example',
    'x-forwarded-proto': 'gopher',
    forwarded: 'host=evil.example;proto=http',
    'x-original-url': '/admin',
  };

  test('no header changes the addresses in responses', async () => {
    const metadata = await world.fetch('/.well-known/oauth-authorization-server', { headers: lies });
    expect(metadata.headers.get('access-control-allow-origin')).toBeNull();
    const said = (await metadata.json()) as Record<string, string>;
    expect(said.issuer).toBe(world.config.publicUrl);
    for (const [name, value] of Object.entries(said))
      if (/endpoint$|_uri$/.test(name)) expect(value.startsWith(world.config.publicUrl)).toBe(true);
    const browser = await new Browser(world).signIn();
    const response = await browser.get(world.authorizeAddress(app), lies);
    expect(JSON.stringify([...response.headers])).not.toMatch(/evil|gopher/);
  });

  test('over HTTPS, cookies are for HTTPS only', async () => {
    await using https = await openSecure();
    const response = await https.fetch(https.authorizeAddress(await https.createApp()));
    const cookies = response.headers.getSetCookie();
    expect(cookies.length).toBeGreaterThan(0);
    for (const cookie of cookies) {
      expect(cookie).toMatch(/^__Secure-/);
      expect(cookie).toMatch(/; secure(;|$)/i);
      expect(cookie).toMatch(/; httponly(;|$)/i);
      expect(cookie).toMatch(/; samesite=lax(;|$)/i);
    }
    const address = await https.authorize(await https.createApp());
    expect(address.searchParams.get('iss')).toBe('https://portolan.example');
  });

  async function openSecure() {
    const secure = await openOauthWorld({ env: { PUBLIC_URL: 'https://portolan.example' } });
    return { ...secure, [Symbol.asyncDispose]: () => secure.close() };
  }
});

test('OAuth events are in the audit log, without secrets', async () => {
  const one = await world.createApp();
  const browser = await new Browser(world).signIn('audited@example.com');
  const address = await world.authorize(one, {}, { browser, decide: allowAll });
  const code = address.searchParams.get('code')!;
  const tokens = (await (await world.redeem(one, code)).json()) as Record<string, string>;
  await world.refresh(one, tokens.refresh_token!);
  await world.redeem(one, code);
  await world.token({ grant_type: 'client_credentials', client_id: one.id, client_secret: 'wrong' });
  const events = () =>
    world.prisma.auditEvent.findMany({ where: { subject: one.id }, orderBy: { id: 'asc' } });
  await expect
    .poll(async () => (await events()).map(({ kind }) => kind))
    .toEqual([
      'oauth.code-issued',
      'oauth.token-issued',
      'oauth.token-refreshed',
      'oauth.reuse-detected',
      'oauth.client-refused',
    ]);
  const user = await world.prisma.user.findUniqueOrThrow({ where: { email: 'audited@example.com' } });
  const found = await events();
  expect(found.slice(0, 4).every(({ userId }) => userId === user.id)).toBe(true);
  const all = JSON.stringify(await world.prisma.auditEvent.findMany(), (_, value) =>
    typeof value === 'bigint' ? String(value) : value,
  );
  for (const secret of [code, tokens.access_token!, tokens.refresh_token!, one.secret, 'wrong"'])
    expect(all).not.toContain(secret);
});
