import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startServer, type TestServer } from '../harness.ts';

let issuer: Issuer;
let server: TestServer;
beforeAll(async () => {
  issuer = await startIssuer();
  const trusted = [
    { issuer: issuer.url, audience: 'portolan', scopes: ['read', 'write'], scopeClaim: 'scope' },
    {
      ...{ issuer: `${issuer.url}/machines`, audience: 'portolan', scopes: ['products:read'] },
      ...{ jwksUri: `${issuer.url}/jwks`, actAs: 'machines@example.com' },
    },
    {
      ...{ issuer: `${issuer.url}/admins`, audience: 'portolan', scopes: ['admin', 'read'] },
      ...{ jwksUri: `${issuer.url}/jwks`, scopeClaim: 'scope' },
    },
    { issuer: `${issuer.url}/liar`, audience: 'portolan', scopes: ['read'] },
    { issuer: `${issuer.url}/endless`, audience: 'portolan', scopes: ['read'] },
    { issuer: `${issuer.url}/away`, audience: 'portolan', scopes: ['read'] },
  ];
  server = await startServer({ demo: true, env: { TRUSTED_ISSUERS: JSON.stringify(trusted) } });
  for (const email of ['person@example.com', 'machines@example.com'])
    await server.prisma.user.create({ data: { email, role: 'viewer' } });
});
afterAll(async () => {
  await server.close();
  issuer.close();
});

const query = async (token: string) => {
  const response = await server.fetch('/api/query', {
    json: { query: 'products(take: 1) { id }' },
    headers: { authorization: `Bearer ${token}` },
  });
  await response.text();
  return response.status;
};

const me = { email: 'person@example.com', email_verified: true, scope: 'read write' };

describe('a token of a trusted issuer', () => {
  test('acts for the user with its verified address, within the scopes of both', async () => {
    const token = await issuer.sign(me);
    expect(await query(token)).toBe(200);
    const principal = await server.auth.authenticate({
      header: (name: string) => (name === 'authorization' ? `Bearer ${token}` : undefined),
      query: '',
      address: '192.0.2.7',
    } as never);
    expect([...principal.scopes]).toEqual(['read']);
    expect(principal).toMatchObject({ kind: 'token', name: new URL(issuer.url).host });
  });

  test('is limited to its own scopes', async () => {
    expect(await query(await issuer.sign({ ...me, scope: 'customers:read' }))).toBe(403);
    expect(await query(await issuer.sign({ ...me, scope: undefined }))).toBe(403);
    expect(await query(await issuer.sign({ ...me, scope: ['products:read'] }))).toBe(200);
  });

  test('acts for the user named in the configuration', async () => {
    const machine = { iss: `${issuer.url}/machines`, sub: 'robot' };
    expect(await query(await issuer.sign(machine))).toBe(200);
  });

  test('cannot create or rotate API keys, which would outlive it', async () => {
    await server.prisma.user.create({ data: { email: 'boss@example.com', role: 'administrator' } });
    const token = await issuer.sign({
      ...me,
      email: 'boss@example.com',
      scope: 'admin read',
      iss: `${issuer.url}/admins`,
    });
    const send = (path: string, json: unknown) =>
      server.fetch(path, { json, headers: { authorization: `Bearer ${token}` } });
    const list = await server.fetch('/api/keys', { headers: { authorization: `Bearer ${token}` } });
    expect(list.status).toBe(200);
    const { id } = await server.auth.keys.create({ email: me.email, name: 'x', scopes: ['read'] });
    for (const response of [
      await send('/api/keys', { name: 'x', scopes: ['read'] }),
      await send(`/api/keys/${id}/rotate`, { overlapSeconds: 60 }),
    ]) {
      expect(response.status).toBe(403);
      expect(await response.text()).toContain('outlive');
    }
  });

  test('is refused for any other user', async () => {
    for (const more of [
      { email_verified: false },
      { email_verified: 'true' },
      { email_verified: undefined },
      { email: 'nobody@example.com' },
      { email: 'person@example.com\0' },
      { email: undefined },
    ])
      expect(await query(await issuer.sign({ ...me, ...more }))).toBe(401);
  });

  test('is refused if it is an ID token, not an access token', async () => {
    for (const claim of ['nonce', 'at_hash', 'c_hash'])
      expect(await query(await issuer.sign({ ...me, [claim]: 'x' }))).toBe(401);
  });

  test('stops working when its user is disabled', async () => {
    const token = await issuer.sign(me);
    expect(await query(token)).toBe(200);
    const where = { email: 'person@example.com' };
    await server.prisma.user.update({ where, data: { disabledAt: new Date() } });
    await expect.poll(() => query(token)).toBe(401);
    await server.prisma.user.update({ where, data: { disabledAt: null } });
    await expect.poll(() => query(token)).toBe(200);
  });

  test('is refused when it is invalid', async () => {
    const now = Math.floor(Date.now() / 1000);
    for (const more of [
      { aud: 'another' },
      { aud: undefined },
      { exp: now - 10 },
      { exp: undefined },
      { nbf: now + 1_000 },
      { sub: undefined },
      { iss: 'https://other.example' },
      { iss: `${issuer.url}/` },
    ])
      expect(await query(await issuer.sign({ ...me, ...more }))).toBe(401);
    const [head, body] = (await issuer.sign(me)).split('.');
    expect(await query(`${head}.${body}.AAAA`)).toBe(401);
    expect(await query(await issuer.sign(me, { foreignKey: true }))).toBe(401);
  });

  test('with an invented key id does not affect others', async () => {
    for (let i = 0; i < 5; i++) expect(await query(await issuer.sign(me, { kid: `made-up-${i}` }))).toBe(401);
    expect(await query(await issuer.sign(me))).toBe(200);
    expect(issuer.requests.filter(path => path === '/jwks').length).toBeLessThanOrEqual(3);
  });
});

test.each(['liar', 'endless', 'away'])('an issuer that is %s is not trusted', async name => {
  expect(await query(await issuer.sign({ ...me, iss: `${issuer.url}/${name}` }))).toBe(401);
});

interface Issuer {
  readonly url: string;
  readonly requests: string[];
  sign(claims: JWTPayload, how?: { kid?: string; foreignKey?: boolean }): Promise<string>;
  close(): void;
}

async function startIssuer(): Promise<Issuer> {
  const pair = await generateKeyPair('RS256', { extractable: true });
  const foreign = await generateKeyPair('RS256');
  const jwk = { ...(await exportJWK(pair.publicKey)), kid: 'k1', alg: 'RS256', use: 'sig' };
  const requests: string[] = [];
  const http: Server = createServer((request, response) => {
    requests.push(request.url!);
    const configuration = '/.well-known/openid-configuration';
    if (request.url === configuration)
      return response.end(JSON.stringify({ issuer: url, jwks_uri: `${url}/jwks` }));
    if (request.url === `/liar${configuration}`)
      return response.end(JSON.stringify({ issuer: url, jwks_uri: `${url}/jwks` }));
    if (request.url === `/endless${configuration}`) return response.end('x'.repeat(1_000_000));
    if (request.url === '/jwks') return response.end(JSON.stringify({ keys: [jwk] }));
    response.statusCode = 404;
    return response.end('{}');
  });
  await new Promise<void>(resolve => http.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
  return {
    url,
    requests,
    async sign(claims, { kid = 'k1', foreignKey = false } = {}) {
      const exp = Math.floor(Date.now() / 1000) + 600;
      const payload = { iss: url, aud: 'portolan', sub: 'subject', exp, ...claims };
      const signed = new SignJWT(payload).setProtectedHeader({ alg: 'RS256', kid });
      return signed.sign(foreignKey ? foreign.privateKey : pair.privateKey);
    },
    close() {
      http.closeAllConnections();
      http.close();
    },
  };
}
