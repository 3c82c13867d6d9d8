// Third-party clients, over a real port.

import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import * as oauth from 'oauth4webapi';
import * as client from 'openid-client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Browser, callback, type OauthWorld, openOauthWorld, type TestApp } from './oauth-world.ts';

let world: OauthWorld;
let listening: Server;
let app: TestApp;
let issuer: URL;
beforeAll(async () => {
  const port = await freePort();
  world = await openOauthWorld({ env: { PUBLIC_URL: `http://127.0.0.1:${port}` } });
  listening = createServer(world.app.listener).listen(port, '127.0.0.1');
  issuer = new URL(world.config.publicUrl);
  app = await world.createApp();
});
afterAll(async () => {
  listening.closeAllConnections();
  listening.close();
  await world.close();
});

describe('openid-client', () => {
  const discover = (clientAuthentication = client.ClientSecretPost(app.secret)) =>
    client.discovery(issuer, app.id, undefined, clientAuthentication, {
      algorithm: 'oauth2',
      execute: [client.allowInsecureRequests],
    });

  test('runs the code flow with PKCE, refreshes, introspects and revokes', async () => {
    const config = await discover();
    const verifier = client.randomPKCECodeVerifier();
    const state = client.randomState();
    const address = client.buildAuthorizationUrl(config, {
      ...{ redirect_uri: callback, scope: 'read', state, code_challenge_method: 'S256' },
      code_challenge: await client.calculatePKCECodeChallenge(verifier),
    });
    const answered = await visit(address);
    const tokens = await client.authorizationCodeGrant(config, answered, {
      pkceCodeVerifier: verifier,
      expectedState: state,
    });
    expect(tokens.expires_in).toBe(2_592_000);
    const next = await client.refreshTokenGrant(config, tokens.refresh_token!);
    const resource = new URL('/api/query', issuer);
    const found = await client.fetchProtectedResource(
      config,
      next.access_token,
      resource,
      'POST',
      JSON.stringify({ query: 'products(take: 1) { id }' }),
      new Headers({ 'content-type': 'application/json' }),
    );
    expect(found.status).toBe(200);
    expect(await client.tokenIntrospection(config, next.access_token)).toMatchObject({ active: true });
    await client.tokenRevocation(config, next.access_token);
    expect(await client.tokenIntrospection(config, next.access_token)).toEqual({ active: false });
  });

  test('runs client credentials, with either way to send a secret', async () => {
    for (const way of [client.ClientSecretPost(app.secret), client.ClientSecretBasic(app.secret)]) {
      const tokens = await client.clientCredentialsGrant(await discover(way), { scope: 'read write' });
      expect(tokens.scope).toBe('read write');
    }
  });

  test('refuses a response of another issuer', async () => {
    const config = await discover();
    const state = client.randomState();
    const answered = await visit(client.buildAuthorizationUrl(config, { redirect_uri: callback, state }));
    const mixed = new URL(answered);
    mixed.searchParams.set('iss', 'https://evil.example');
    await expect(client.authorizationCodeGrant(config, mixed, { expectedState: state })).rejects.toThrow();
    mixed.searchParams.delete('iss');
    await expect(client.authorizationCodeGrant(config, mixed, { expectedState: state })).rejects.toThrow();
  });
});

describe('oauth4webapi', () => {
  const options = { [oauth.allowInsecureRequests]: true };

  test('runs the code flow, and accepts the access token as RFC 9068', async () => {
    const response = await oauth.discoveryRequest(issuer, { algorithm: 'oauth2', ...options });
    const server = await oauth.processDiscoveryResponse(issuer, response);
    const self: oauth.Client = { client_id: app.id };
    const secret = oauth.ClientSecretPost(app.secret);
    const verifier = oauth.generateRandomCodeVerifier();
    const address = new URL(server.authorization_endpoint!);
    address.search = String(
      new URLSearchParams({
        ...{ client_id: app.id, redirect_uri: callback, response_type: 'code', scope: 'read' },
        ...{ state: 's', code_challenge_method: 'S256' },
        code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
      }),
    );
    const parameters = oauth.validateAuthResponse(server, self, await visit(address), 's');
    const granted = await oauth.authorizationCodeGrantRequest(
      server,
      self,
      secret,
      parameters,
      callback,
      verifier,
      options,
    );
    const tokens = await oauth.processAuthorizationCodeResponse(server, self, granted);
    const request = new Request(new URL('/api/query', issuer), {
      headers: { authorization: `Bearer ${tokens.access_token}` },
    });
    const audience = `${issuer.origin}/api`;
    const claims = await oauth.validateJwtAccessToken(server, request, audience, options);
    expect(claims).toMatchObject({ client_id: app.id, scope: 'read' });
    const refreshed = await oauth.refreshTokenGrantRequest(
      server,
      self,
      secret,
      tokens.refresh_token!,
      options,
    );
    expect(await oauth.processRefreshTokenResponse(server, self, refreshed)).toMatchObject({ scope: 'read' });
  });
});

/** A user allows it. @returns the address of the redirect to the app */
async function visit(address: URL): Promise<URL> {
  const browser = await new Browser(world).signIn('person@example.com');
  return browser.decide(address.pathname + address.search, () => [
    ['scope', 'read'],
    ['decision', 'allow'],
  ]);
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await new Promise(resolve => probe.once('listening', resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise(resolve => probe.close(resolve));
  return port;
}
