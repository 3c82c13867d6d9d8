import { decodeJwt, decodeProtectedHeader } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  allowOnly,
  Browser,
  callback,
  deny,
  makePkce,
  type OauthWorld,
  openOauthWorld,
  type TestApp,
  type Tokens,
} from './oauth-world.ts';

let world: OauthWorld;
beforeAll(async () => {
  world = await openOauthWorld();
});
afterAll(() => world.close());

describe('an app with a secret', () => {
  test('gets a code, redeems it, and gets the scopes that the user allowed', async () => {
    const app = await world.createApp();
    const address = await world.authorize(app);
    expect(address.origin + address.pathname).toBe(callback);
    expect([...address.searchParams.keys()]).toEqual(['code', 'state', 'iss']);
    expect(address.searchParams.get('state')).toBe('the state');
    expect(address.searchParams.get('iss')).toBe(world.config.publicUrl);
    const response = await world.redeem(app, address.searchParams.get('code')!);
    expect(response.status).toBe(200);
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(response.headers.get('content-type')).toMatch(/^application\/json/);
    const tokens = (await response.json()) as Tokens;
    expect(tokens).toEqual({
      access_token: expect.any(String),
      refresh_token: expect.any(String),
      expires_in: 2_592_000,
      scope: 'read write',
      token_type: 'Bearer',
    });
    expect(await world.use(tokens.access_token)).toBe(200);
  });

  test('gets an access token in the format of RFC 9068', async () => {
    const app = await world.createApp();
    const browser = await new Browser(world).signIn('somebody@example.com');
    const { access_token: token } = await world.obtain(app, { scope: 'read' }, {}, { browser });
    const user = await world.prisma.user.findUniqueOrThrow({ where: { email: 'somebody@example.com' } });
    expect(decodeProtectedHeader(token)).toEqual({
      alg: 'EdDSA',
      typ: 'at+jwt',
      kid: expect.stringMatching(/^[\w-]{43}$/),
    });
    const claims = decodeJwt(token);
    expect(claims).toEqual({
      iss: world.config.publicUrl,
      sub: user.id,
      aud: `${world.config.publicUrl}/api`,
      client_id: app.id,
      scope: 'read',
      jti: expect.any(String),
      iat: expect.any(Number),
      exp: claims.iat! + 2_592_000,
      gid: expect.any(String),
      fid: expect.any(String),
    });
  });

  test('keeps the same refresh token', async () => {
    const app = await world.createApp();
    const first = await world.obtain(app);
    for (const _ of [1, 2]) {
      const response = await world.refresh(app, first.refresh_token);
      expect(response.status).toBe(200);
      const next = (await response.json()) as Tokens;
      expect(next.refresh_token).toBe(first.refresh_token);
      expect(next.expires_in).toBe(2_592_000);
      expect(next.access_token).not.toBe(first.access_token);
      expect(await world.use(next.access_token)).toBe(200);
    }
  });

  test('can authenticate with HTTP Basic', async () => {
    const app = await world.createApp();
    const address = await world.authorize(app);
    const basic = Buffer.from(`${app.id}:${app.secret}`).toString('base64');
    const response = await world.token(
      {
        ...{ grant_type: 'authorization_code', redirect_uri: callback },
        code: address.searchParams.get('code')!,
      },
      { authorization: `Basic ${basic}` },
    );
    expect(response.status).toBe(200);
  });

  test('may use PKCE, which is then enforced', async () => {
    const app = await world.createApp();
    const { verifier, challenge } = await makePkce();
    const tokens = await world.obtain(app, challenge, { code_verifier: verifier });
    expect(await world.use(tokens.access_token)).toBe(200);
    const address = await world.authorize(app, challenge);
    const without = await world.redeem(app, address.searchParams.get('code')!);
    expect(await errorOf(without)).toEqual([400, 'invalid_grant']);
  });

  test('may have several secrets at once', async () => {
    const app = await world.createApp();
    const { ownerId } = await world.prisma.oauthApp.findUniqueOrThrow({ where: { id: app.id } });
    const second = await world.addSecret(app.id, ownerId);
    for (const secret of [app.secret, second.secret])
      expect((await clientCredentials({ ...app, secret })).status).toBe(200);
    await world.prisma.appSecret.update({
      where: { id: app.secretId },
      data: { expiresAt: new Date(Date.now() - 1) },
    });
    expect(await errorOf(await clientCredentials(app))).toEqual([401, 'invalid_client']);
    expect((await clientCredentials({ ...app, secret: second.secret })).status).toBe(200);
  });
});

describe('an access token', () => {
  test('without the required scope gets an error that names the scope', async () => {
    const app = await world.createApp({ scopes: ['products:read'] });
    const { access_token: token } = await world.obtain(app, { scope: undefined });
    const response = await world.fetch('/odata/customers', { headers: { authorization: `Bearer ${token}` } });
    expect(response.status).toBe(403);
    expect(response.headers.get('www-authenticate')).toMatch(
      /^Bearer realm="Portolan", error="insufficient_scope", scope="customers:read"$/,
    );
  });

  test('is limited to the scopes of its user, even if more was granted', async () => {
    const browser = await new Browser(world).signIn('shrinking@example.com', { role: 'editor' });
    const app = await world.createApp();
    const { access_token: token } = await world.obtain(app, {}, {}, { browser });
    expect((await introspect(app, token)).scope).toBe('read write');
    const where = { email: 'shrinking@example.com' };
    await world.prisma.user.update({ where, data: { role: 'viewer' } });
    await expect.poll(async () => (await introspect(app, token)).scope).toBe('read');
  });

  test('updates the last use of its grant, with time and address', async () => {
    const app = await world.createApp();
    const { access_token: token } = await world.obtain(app);
    await world.use(token);
    // Written in the background, and on close.
    await world.auth.close();
    const grant = await world.prisma.appGrant.findFirstOrThrow({ where: { appId: app.id } });
    expect(grant).toMatchObject({ lastUsedIp: '127.0.0.1', lastUsedAt: expect.any(Date) });
  });

  test('and another credential on one request are refused', async () => {
    const app = await world.createApp();
    const { access_token: token } = await world.obtain(app);
    const headers = { authorization: `Bearer ${token}` };
    const response = await world.fetch('/odata/products', { headers, key: world.adminKey });
    expect(response.status).toBe(400);
  });
});

describe('an app without a secret', () => {
  const spa = 'https://spa.example/cb';
  let app: TestApp;
  beforeAll(async () => {
    app = await world.createApp({ confidential: false, redirectUris: [spa] });
  });

  test('requires PKCE', async () => {
    const address = await world.authorize(app, { redirect_uri: spa });
    expect(address.searchParams.get('error')).toBe('invalid_request');
    expect(address.searchParams.get('error_description')).toMatch(/PKCE/);
  });

  test('gets a new refresh token each time', async () => {
    const first = await obtainPublic();
    const second = (await (await world.refresh(app, first.refresh_token)).json()) as Tokens;
    expect(second.refresh_token).not.toBe(first.refresh_token);
    expect(await world.use(second.access_token)).toBe(200);
    expect(await world.use(first.access_token)).toBe(200);
  });

  test('on the user`s own machine may use any port', async () => {
    const native = await world.createApp({
      confidential: false,
      redirectUris: ['http://127.0.0.1/cb', 'com.example.native:/cb'],
    });
    for (const uri of ['http://127.0.0.1:51004/cb', 'com.example.native:/cb']) {
      const { verifier, challenge } = await makePkce();
      const address = await world.authorize(native, { redirect_uri: uri, ...challenge });
      expect(address.href.startsWith(uri)).toBe(true);
      const code = address.searchParams.get('code')!;
      const response = await world.redeem(native, code, { redirect_uri: uri, code_verifier: verifier });
      expect(response.status).toBe(200);
    }
  });

  async function obtainPublic(): Promise<Tokens> {
    const { verifier, challenge } = await makePkce();
    return world.obtain(
      app,
      { redirect_uri: spa, ...challenge },
      { redirect_uri: spa, code_verifier: verifier },
    );
  }
});

describe('an app with the client credentials grant', () => {
  test('gets a token without a user and without a refresh token', async () => {
    const app = await world.createApp();
    const response = await clientCredentials(app, 'read write');
    const tokens = (await response.json()) as Tokens;
    expect(tokens).toEqual({
      access_token: expect.any(String),
      expires_in: 2_592_000,
      scope: 'read write',
      token_type: 'Bearer',
    });
    expect(decodeJwt(tokens.access_token)).toMatchObject({ sub: app.id, client_id: app.id });
    expect(await world.use(tokens.access_token)).toBe(200);
  });

  test('with an injected secret gets a token too', async () => {
    const app = await world.createApp({ recoverable: true });
    expect((await clientCredentials(app, 'read write')).status).toBe(200);
  });

  test('is limited to the scopes of its owner', async () => {
    await new Browser(world).signIn('viewer@example.com', { role: 'viewer' });
    const app = await world.createApp({ owner: 'viewer@example.com' });
    const { access_token: token } = (await (await clientCredentials(app, 'read write')).json()) as Tokens;
    expect((await introspect(app, token)).scope).toBe('read');
    expect(await world.use(token)).toBe(200);
  });

  test('is refused if the grant is not enabled for it', async () => {
    const app = await world.createApp({ clientCredentials: false });
    expect(await errorOf(await clientCredentials(app))).toEqual([400, 'unauthorized_client']);
  });
});

describe('requested scopes', () => {
  test('that are unknown are refused before sign-in', async () => {
    const app = await world.createApp();
    const response = await world.fetch(world.authorizeAddress(app, { scope: 'read fly' }));
    const address = new URL(response.headers.get('location')!);
    expect(address.origin + address.pathname).toBe(callback);
    expect(Object.fromEntries(address.searchParams)).toMatchObject({
      error: 'invalid_scope',
      state: 'the state',
      iss: world.config.publicUrl,
    });
    expect(await errorOf(await clientCredentials(app, 'fly'))).toEqual([400, 'invalid_scope']);
  });

  test('beyond those of the app are left out, and the response says so', async () => {
    const app = await world.createApp({ scopes: ['read'] });
    expect((await world.obtain(app, { scope: 'read write' })).scope).toBe('read');
    const set = await world.createApp({ scopes: ['products:read'] });
    expect((await world.obtain(set, { scope: 'read write' })).scope).toBe('products:read');
    expect(((await (await clientCredentials(set, 'read')).json()) as Tokens).scope).toBe('products:read');
  });

  test('are refused if the app has none of them', async () => {
    const app = await world.createApp({ scopes: ['products:read'] });
    const address = await world.authorize(app, { scope: 'write' });
    expect(address.searchParams.get('error')).toBe('invalid_scope');
  });

  test('default to those of the app', async () => {
    const app = await world.createApp({ scopes: ['products:read', 'products:write'] });
    expect((await world.obtain(app, { scope: undefined })).scope).toBe('products:read products:write');
    expect(((await (await clientCredentials(app)).json()) as Tokens).scope).toBe(
      'products:read products:write',
    );
  });

  test('that the user unticks are not granted', async () => {
    const app = await world.createApp();
    const tokens = await world.obtain(app, {}, {}, { decide: allowOnly('read') });
    expect(tokens.scope).toBe('read');
  });

  test('that the user cannot grant are not offered', async () => {
    const browser = await new Browser(world).signIn('reader@example.com', { role: 'viewer' });
    const app = await world.createApp();
    expect((await world.obtain(app, {}, {}, { browser })).scope).toBe('read');
  });

  test('can be narrowed when refreshing, and not widened', async () => {
    const app = await world.createApp();
    const tokens = await world.obtain(app, { scope: 'read' });
    const wider = await world.refresh(app, tokens.refresh_token, { scope: 'read write' });
    expect(await errorOf(wider)).toEqual([400, 'invalid_scope']);
    const both = await world.obtain(app);
    const narrow = await world.refresh(app, both.refresh_token, { scope: 'read' });
    expect(((await narrow.json()) as Tokens).scope).toBe('read');
  });
});

describe('consent', () => {
  test('is not asked for again', async () => {
    const app = await world.createApp();
    const browser = await new Browser(world).signIn();
    await world.authorize(app, {}, { browser });
    const response = await browser.get(world.authorizeAddress(app, { scope: 'products:read' }));
    expect(new URL(response.headers.get('location')!).searchParams.has('code')).toBe(true);
    const grants = await world.prisma.appGrant.findMany({ where: { appId: app.id } });
    expect(grants).toMatchObject([{ scopes: ['read', 'write'], revokedAt: null }]);
  });

  test('is asked for again for more scopes, after revocation, and on demand', async () => {
    const app = await world.createApp();
    const browser = await new Browser(world).signIn();
    const asks = async (more = {}) => {
      const response = await browser.get(world.authorizeAddress(app, more));
      return response.headers.get('location')!.startsWith('/auth/oauth/interaction/');
    };
    await world.authorize(app, { scope: 'read' }, { browser });
    expect(await asks({ scope: 'read' })).toBe(false);
    expect(await asks({ scope: 'read write' })).toBe(true);
    expect(await asks({ scope: 'read', prompt: 'consent' })).toBe(true);
    await world.prisma.appGrant.updateMany({ where: { appId: app.id }, data: { revokedAt: new Date() } });
    expect(await asks({ scope: 'read' })).toBe(true);
  });

  test('that is denied is reported to the app, and nothing else is', async () => {
    const app = await world.createApp();
    const address = await world.authorize(app, {}, { decide: deny });
    expect(Object.fromEntries(address.searchParams)).toEqual({
      error: 'access_denied',
      error_description: 'the user denied the request',
      state: 'the state',
      iss: world.config.publicUrl,
    });
    expect(await world.prisma.appGrant.count({ where: { appId: app.id } })).toBe(0);
  });

  test('that is narrowed narrows the earlier grant at once', async () => {
    const app = await world.createApp();
    const browser = await new Browser(world).signIn();
    const before = await world.obtain(app, {}, {}, { browser });
    expect((await introspect(app, before.access_token)).scope).toBe('read write');
    await world.authorize(app, { prompt: 'consent' }, { browser, decide: allowOnly('read') });
    await expect.poll(async () => (await introspect(app, before.access_token)).scope).toBe('read');
  });

  test('is asked for each time for an app that cannot prove its identity', async () => {
    const app = await world.createApp({ confidential: false, redirectUris: ['http://127.0.0.1/cb'] });
    const browser = await new Browser(world).signIn();
    const { challenge } = await makePkce();
    const more = { redirect_uri: 'http://127.0.0.1:5000/cb', ...challenge };
    await world.authorize(app, more, { browser });
    const response = await browser.get(world.authorizeAddress(app, more));
    expect(response.headers.get('location')).toMatch(/interaction/);
    const silent = await browser.get(world.authorizeAddress(app, { ...more, prompt: 'none' }));
    expect(silent.headers.get('location')).toMatch(/error=consent_required/);
  });
});

describe('prompt', () => {
  test('none: neither sign-in nor consent is shown', async () => {
    const app = await world.createApp();
    const nobody = await world.fetch(world.authorizeAddress(app, { prompt: 'none' }));
    expect(nobody.headers.get('location')).toMatch(/^https:\/\/app\.example\/callback\?error=login_required/);
    const browser = await new Browser(world).signIn();
    const unasked = await browser.get(world.authorizeAddress(app, { prompt: 'none' }));
    expect(unasked.headers.get('location')).toMatch(/error=consent_required/);
    await world.authorize(app, {}, { browser });
    const silent = await browser.get(world.authorizeAddress(app, { prompt: 'none' }));
    expect(silent.headers.get('location')).toMatch(/\?code=/);
  });

  test('login: a signed-in user must sign in again', async () => {
    const app = await world.createApp();
    const browser = await new Browser(world).signIn();
    const first = await browser.get(world.authorizeAddress(app, { prompt: 'login' }));
    const interaction = first.headers.get('location')!;
    const asked = await browser.get(interaction);
    expect(asked.headers.get('location')).toBe(`/sign-in?return=${encodeURIComponent(interaction)}&again=1`);
    await later();
    await browser.signIn();
    const address = await browser.decide(interaction, allowOnly('read'));
    expect(address.searchParams.has('code')).toBe(true);
  });
});

describe('the user at the authorization endpoint', () => {
  test('signs in first, and returns to the app', async () => {
    const app = await world.createApp();
    const browser = new Browser(world);
    const first = await browser.get(world.authorizeAddress(app));
    const interaction = first.headers.get('location')!;
    const second = await browser.get(interaction);
    expect(second.headers.get('location')).toBe(`/sign-in?return=${encodeURIComponent(interaction)}`);
    await browser.signIn();
    const address = await browser.decide(interaction, offered => [
      ...offered.map(scope => ['scope', scope] as const),
      ['decision', 'allow'],
    ]);
    expect(address.searchParams.has('code')).toBe(true);
  });

  test('gets the code even if another user started the flow', async () => {
    const app = await world.createApp();
    const browser = await new Browser(world).signIn('first@example.com');
    const interaction = (await browser.get(world.authorizeAddress(app))).headers.get('location')!;
    await browser.signIn('second@example.com');
    const address = await browser.decide(interaction, allowOnly('read'));
    const { access_token: token } = (await (
      await world.redeem(app, address.searchParams.get('code')!)
    ).json()) as Tokens;
    const second = await world.prisma.user.findUniqueOrThrow({ where: { email: 'second@example.com' } });
    expect(decodeJwt(token).sub).toBe(second.id);
  });

  test('must decide again after switching accounts', async () => {
    const app = await world.createApp();
    const browser = await new Browser(world).signIn('first@example.com');
    const interaction = (await browser.get(world.authorizeAddress(app))).headers.get('location')!;
    const page = await (await browser.get(interaction)).text();
    const decided = await browser.post(interaction, [
      ['form_token', /name="form_token" value="([^"]+)"/.exec(page)![1]!],
      ['scope', 'read'],
      ['decision', 'allow'],
    ]);
    await browser.signIn('second@example.com');
    const response = await browser.get(decided.headers.get('location')!);
    expect(response.headers.get('location')).toBe(interaction);
    browser.signOut();
    const signedOut = await browser.get(decided.headers.get('location')!);
    expect(signedOut.headers.get('location')).toBe(interaction);
  });

  test('has no cookie of the authorization server afterwards', async () => {
    const app = await world.createApp();
    const browser = await new Browser(world).signIn();
    await world.authorize(app, {}, { browser });
    expect(browser.cookieNames.filter(name => /return|oauth_session/.test(name))).toEqual([]);
  });
});

const clientCredentials = (app: TestApp, scope?: string) =>
  world.token({ grant_type: 'client_credentials', client_id: app.id, client_secret: app.secret, scope });

const introspect = async (app: TestApp, token: string) =>
  (await (
    await world.post('/auth/oauth/introspect', { token, client_id: app.id, client_secret: app.secret })
  ).json()) as Record<string, unknown>;

const errorOf = async (response: Response) => [
  response.status,
  ((await response.json()) as { error: string }).error,
];

/** Waits for the next second, the precision of interactions. */
const later = () => new Promise(resolve => setTimeout(resolve, 1_000 - (Date.now() % 1_000) + 5));
