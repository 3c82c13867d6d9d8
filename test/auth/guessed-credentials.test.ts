// A credential that was valid once gets 401, however often: clients renew on 401, and wait on 429.

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { type OauthWorld, openOauthWorld } from '../oauth/oauth-world.ts';

let issuer: Awaited<ReturnType<typeof startIssuer>>;
let world: OauthWorld;
beforeAll(async () => {
  issuer = await startIssuer();
  const more = { actAs: 'admin@example.com', jwksUri: `${issuer.url}/jwks` };
  const trusted = [{ issuer: issuer.url, audience: 'portolan', scopes: ['read'], ...more }];
  world = await openOauthWorld({ demo: false, env: { TRUSTED_ISSUERS: JSON.stringify(trusted) } });
});
afterAll(async () => {
  await world?.close();
  issuer?.close();
});
afterEach(() => vi.useRealTimers());

/** The limit for failed requests of an address is 300 per minute. */
const many = 320;
const days = (count: number) => vi.useFakeTimers({ now: Date.now() + count * 86_400_000, toFake: ['Date'] });

async function statusesOf(headers: Record<string, string>): Promise<Set<number>> {
  const statuses = new Set<number>();
  for (let i = 0; i < many; i++) statuses.add((await world.fetch('/api/me', { headers })).status);
  return statuses;
}

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

async function tokenOfAnApp() {
  const app = await world.createApp({ scopes: ['read'] });
  const answer = await world.token({
    ...{ grant_type: 'client_credentials', client_id: app.id, client_secret: app.secret },
  });
  return { app, token: (await answer.json()).access_token as string };
}

test('an expired key gets 401, not 429', async () => {
  const { key } = await world.auth.keys.create({
    ...{ email: 'admin@example.com', name: 'short', scopes: ['read'] },
    expiresAt: new Date(Date.now() + 3_600_000),
  });
  expect((await world.fetch('/api/me', { key })).status).toBe(200);
  days(1);
  expect(await statusesOf({ 'x-api-key': key })).toEqual(new Set([401]));
});

test('an expired access token gets 401, not 429, whether cached or not', async () => {
  const { token } = await tokenOfAnApp();
  expect((await world.fetch('/api/me', { headers: bearer(token) })).status).toBe(200);
  const { token: unseen } = await tokenOfAnApp();
  days(40);
  expect(await statusesOf(bearer(token))).toEqual(new Set([401]));
  expect(await statusesOf(bearer(unseen))).toEqual(new Set([401]));
});

test('a revoked access token gets 401, not 429', async () => {
  const { app, token } = await tokenOfAnApp();
  await world.prisma.oauthApp.update({ where: { id: app.id }, data: { disabledAt: new Date() } });
  expect(await statusesOf(bearer(token))).toEqual(new Set([401]));
});

test('an expired token of a trusted issuer gets 401, not 429', async () => {
  const token = await issuer.sign(600);
  expect((await world.fetch('/api/me', { headers: bearer(token) })).status).toBe(200);
  days(1);
  expect(await statusesOf(bearer(token))).toEqual(new Set([401]));
  expect(await statusesOf(bearer(await issuer.sign(-600)))).toEqual(new Set([401]));
});

// Last, because it uses up the limit of the address.
test('guessed credentials get 429, and genuine ones still do not', async () => {
  const { token } = await tokenOfAnApp();
  const forged = `${token.slice(0, -8)}AAAAAAAA`;
  expect(await statusesOf(bearer(forged))).toEqual(new Set([401, 429]));
  expect((await world.fetch('/api/me', { key: 'wrong' })).status).toBe(429);
  expect((await world.fetch('/api/me', { headers: bearer(token) })).status).toBe(200);
  days(40);
  await statusesOf(bearer(forged));
  expect((await world.fetch('/api/me', { headers: bearer(forged) })).status).toBe(429);
  expect((await world.fetch('/api/me', { headers: bearer(token) })).status).toBe(401);
});

/** Another issuer, whose tokens expire after this many seconds. */
async function startIssuer() {
  const pair = await generateKeyPair('RS256', { extractable: true });
  const jwk = { ...(await exportJWK(pair.publicKey)), kid: 'k1', alg: 'RS256', use: 'sig' };
  const http = createServer((_, response) => void response.end(JSON.stringify({ keys: [jwk] })));
  await new Promise<void>(resolve => http.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
  return {
    url,
    sign: (seconds: number) =>
      new SignJWT({ iss: url, aud: 'portolan', sub: 'subject', exp: Math.floor(Date.now() / 1000) + seconds })
        .setProtectedHeader({ alg: 'RS256', kid: 'k1' })
        .sign(pair.privateKey),
    close() {
      http.closeAllConnections();
      http.close();
    },
  };
}
