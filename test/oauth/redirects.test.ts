import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Browser, callback, type OauthWorld, openOauthWorld, type TestApp } from './oauth-world.ts';

let world: OauthWorld;
let app: TestApp;
beforeAll(async () => {
  world = await openOauthWorld();
  app = await world.createApp({ redirectUris: [callback, 'https://app.example/other?fixed=1'] });
});
afterAll(() => world.close());

describe('no redirect to an address that is not the app`s', () => {
  test.each([
    'https://evil.example/callback',
    `${callback}/`,
    `${callback}/..`,
    `${callback}?x=1`,
    `${callback}#x`,
    'https://app.example/Callback',
    'https://APP.example/callback',
    'https://app.example:443/callback',
    'https://app.example:8443/callback',
    'http://app.example/callback',
    'https://user@app.example/callback',
    'https://app.example@evil.example/callback',
    'https://evil.example\\@app.example/callback',
    'https://app.example.evil.example/callback',
    'https://app.example%2Fcallback',
    'https://app.example/callback%00',
    'https://app.example/%63allback',
    ` ${callback}`,
    'javascript:alert(1)',
    'data:text/html,x',
    '//evil.example',
    '/callback',
    'callback',
    'https://app.example/other',
    'https://app.example/other?fixed=1&more=1',
    'http://127.0.0.1/callback',
  ])('%s', async redirectUri => {
    const browser = await new Browser(world).signIn();
    for (const more of [{}, { scope: 'fly' }, { response_type: 'token' }, { prompt: 'none' }]) {
      const response = await browser.get(world.authorizeAddress(app, { redirect_uri: redirectUri, ...more }));
      expect(response.status).toBe(400);
      expect(response.headers.get('location')).toBeNull();
      expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
    }
  });

  test('no redirect URI', async () => {
    const one = await world.createApp();
    for (const redirectUri of [undefined, '']) {
      const response = await world.fetch(world.authorizeAddress(one, { redirect_uri: redirectUri }));
      expect([response.status, response.headers.get('location')]).toEqual([400, null]);
    }
  });

  test('two redirect URIs', async () => {
    for (const other of [callback, 'https://evil.example/']) {
      const address = `${world.authorizeAddress(app)}&redirect_uri=${encodeURIComponent(other)}`;
      const response = await world.fetch(address);
      expect([response.status, response.headers.get('location')]).toEqual([400, null]);
    }
  });

  test('an unknown app', async () => {
    for (const id of ['app_aaaaaaaaaaaaaaaaaaaa', 'x', '\0', '../../x', '']) {
      const response = await world.fetch(world.authorizeAddress({ id }));
      expect([response.status, response.headers.get('location')]).toEqual([400, null]);
      expect(await response.text()).not.toMatch(/node_modules|at \w+ \(/);
    }
  });

  test('a disabled app, and an app of a disabled developer', async () => {
    await new Browser(world).signIn('developer@example.com');
    const own = await world.createApp({ owner: 'developer@example.com' });
    await world.prisma.user.update({
      where: { email: 'developer@example.com' },
      data: { disabledAt: new Date() },
    });
    const disabled = await world.createApp();
    await world.prisma.oauthApp.update({ where: { id: disabled.id }, data: { disabledAt: new Date() } });
    for (const one of [own, disabled]) {
      const response = await world.fetch(world.authorizeAddress(one));
      expect([response.status, response.headers.get('location')]).toEqual([400, null]);
    }
  });
});

describe('an error that is reported to the app', () => {
  test.each([
    [{ response_type: 'token' }, 'unsupported_response_type'],
    [{ response_type: undefined }, 'invalid_request'],
    [{ response_type: 'code id_token' }, 'unsupported_response_type'],
    [{ response_mode: 'web_message' }, 'unsupported_response_mode'],
    [{ response_mode: 'form_post' }, 'unsupported_response_mode'],
    [{ resource: 'https://other.example/api' }, 'invalid_target'],
    [{ resource: 'x' }, 'invalid_target'],
    [{ request: 'x.y.z' }, 'request_not_supported'],
    [{ request_uri: 'https://evil.example/request' }, 'request_uri_not_supported'],
    [{ prompt: 'none login' }, 'invalid_request'],
    [{ prompt: 'dance' }, 'invalid_request'],
    [{ scope: 'openid read' }, 'invalid_scope'],
    [{ scope: 'read\u0000' }, 'invalid_scope'],
  ])('%o: is sent to the app with its state and the issuer', async (more, error) => {
    const response = await world.fetch(world.authorizeAddress(app, more));
    expect(response.status).toBe(303);
    const address = new URL(response.headers.get('location')!);
    expect(address.origin + address.pathname).toBe(callback);
    const told = new URLSearchParams(address.hash ? address.hash.slice(1) : address.search);
    expect(told.get('error')).toBe(error);
    expect(told.get('state')).toBe('the state');
    expect(told.get('iss')).toBe(world.config.publicUrl);
  });

  test('keeps the query of the redirect URI', async () => {
    const address = await world.authorize(app, { redirect_uri: 'https://app.example/other?fixed=1' });
    expect(address.searchParams.get('fixed')).toBe('1');
    expect(address.searchParams.has('code')).toBe(true);
  });

  test('parameters of other specifications are ignored', async () => {
    const browser = await new Browser(world).signIn();
    for (const more of [
      { nonce: 'n' },
      { max_age: '0' },
      { claims: '{"id_token":{"sub":null}}' },
      { id_token_hint: 'x' },
      { login_hint: 'x' },
      { registration: '{}' },
      { __proto__x: 'x', constructor: 'x', toString: 'x' },
    ] as Record<string, string>[]) {
      const response = await browser.get(world.authorizeAddress(app, more));
      expect(response.headers.get('location')).toMatch(
        /^\/auth\/oauth\/interaction\/|^https:\/\/app\.example\/callback\?code=/,
      );
    }
  });
});

test('an authorization request may also be sent as a form', async () => {
  const browser = await new Browser(world).signIn();
  const form = Object.entries({
    ...{ client_id: app.id, redirect_uri: callback, response_type: 'code', scope: 'read', state: 's' },
  });
  const response = await browser.post('/auth/oauth/authorize', form, {});
  expect(response.headers.get('location')).toMatch(
    /^\/auth\/oauth\/interaction\/|^https:\/\/app\.example\/callback\?code=/,
  );
  const twice = await browser.post('/auth/oauth/authorize', [...form, ['state', 't']], {});
  expect(twice.status).toBe(400);
});
