import { createHmac, randomBytes } from 'node:crypto';
import {
  decodeJwt,
  decodeProtectedHeader,
  exportJWK,
  generateKeyPair,
  type JWTHeaderParameters,
  SignJWT,
} from 'jose';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { makePkce, type OauthWorld, openOauthWorld, type TestApp, type Tokens } from './oauth-world.ts';

let world: OauthWorld;
let app: TestApp;
let tokens: Tokens;
beforeAll(async () => {
  world = await openOauthWorld();
  app = await world.createApp();
  tokens = await world.obtain(app);
});
afterAll(() => world.close());
afterEach(() => {
  vi.useRealTimers();
});

describe('a forged token is refused', () => {
  const header = () => decodeProtectedHeader(tokens.access_token) as JWTHeaderParameters;
  const claims = () => decodeJwt(tokens.access_token);
  const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const refused = async (token: string) => {
    const response = await world.fetch('/api/query', {
      json: { query: 'products(take: 1) { id }' },
      headers: { authorization: `Bearer ${token}` },
    });
    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toMatch(/Bearer .*error="invalid_token"/);
  };

  test('without a signature', async () => {
    const [, body] = tokens.access_token.split('.');
    for (const alg of ['none', 'None', 'NONE', ''])
      for (const signature of ['', 'x'])
        await refused(`${encode({ ...header(), alg })}.${body}.${signature}`);
  });

  test('signed with the public key as a secret', async () => {
    const { keys } = (await (await world.fetch('/auth/oauth/jwks')).json()) as { keys: { x: string }[] };
    const { kid } = header();
    const key = keys.find(one => (one as { kid?: string }).kid === kid)!;
    for (const secret of [key.x, JSON.stringify(key), Buffer.from(key.x, 'base64url')]) {
      const input = `${encode({ ...header(), alg: 'HS256' })}.${encode(claims())}`;
      await refused(`${input}.${createHmac('sha256', secret).update(input).digest('base64url')}`);
    }
  });

  test('signed with a key in its header, or at an address in its header', async () => {
    const { privateKey, publicKey } = await generateKeyPair('EdDSA', { extractable: true });
    const jwk = await exportJWK(publicKey);
    for (const more of [
      { jwk },
      { jku: 'https://evil.example/jwks' },
      { x5u: 'https://evil.example/x5u' },
      { kid: 'unknown' },
      { kid: '../../../etc/passwd' },
      { kid: "' OR 1=1 --" },
      { kid: undefined },
      { kid: '' },
      {},
    ]) {
      const forged = new SignJWT(claims()).setProtectedHeader({
        ...header(),
        ...more,
      } as JWTHeaderParameters);
      await refused(await forged.sign(privateKey));
    }
  });

  test('with anything changed', async () => {
    const [head, body, signature] = tokens.access_token.split('.') as [string, string, string];
    await refused(`${head}.${encode({ ...claims(), scope: 'admin' })}.${signature}`);
    await refused(`${encode({ ...header(), typ: 'JWT' })}.${body}.${signature}`);
    const bytes = Buffer.from(signature, 'base64url');
    for (let i = 0; i < bytes.length; i += 7) {
      const altered = Buffer.from(bytes);
      altered[i]! ^= 1;
      await refused(`${head}.${body}.${altered.toString('base64url')}`);
    }
  });

  test('in another spelling than it was signed', async () => {
    const [head, body, signature] = tokens.access_token.split('.') as [string, string, string];
    for (const token of [
      `${head}.${body}.${signature}=`,
      `${head}.${body}.${signature}==`,
      `${head}.${body}.${signature}.`,
      `${head}.${body}.${signature}.x`,
      `.${body}.${signature}`,
      `${head}..${signature}`,
      `${head}.${body}`,
      `${head}. ${body}.${signature}`,
      // The same bytes: the last of 86 characters has four unused bits.
      `${head}.${body}.${signature.replace(/.$/, last => String.fromCharCode(last.charCodeAt(0) + 1))}`,
      tokens.access_token.replaceAll('-', '+').replaceAll('_', '/'),
      'x'.repeat(20_000),
      '..',
      tokens.refresh_token,
    ])
      if (token !== tokens.access_token) await refused(token);
  });

  test('signed by this server for another purpose', async () => {
    const signing = await (await world.auth.signingKeys.current()).signing();
    const key = signing.find(one => one.alg === 'EdDSA')!;
    const sign = (more: Record<string, unknown>, typ = 'at+jwt') =>
      new SignJWT({ ...claims(), jti: randomBytes(8).toString('hex'), ...more })
        .setProtectedHeader({ alg: 'EdDSA', typ, kid: key.kid! })
        .sign(key);
    expect(await world.use(await sign({}))).toBe(200);
    const past = Math.floor(Date.now() / 1000) - 10;
    for (const more of [
      { aud: 'https://other.example/api' },
      { aud: world.config.publicUrl },
      { aud: undefined },
      { iss: 'https://other.example' },
      { iss: `${world.config.publicUrl}/` },
      { exp: past },
      { exp: undefined },
      { nbf: Math.floor(Date.now() / 1000) + 1_000 },
      { jti: undefined },
      { sub: undefined },
      { sub: 'somebody else' },
      { client_id: undefined },
      { client_id: (await world.createApp()).id },
      { gid: 'unknown' },
      { gid: undefined },
      { gid: ['x'] },
      { scope: ['read'] },
    ])
      await refused(await sign(more));
    await refused(await sign({}, 'JWT'));
    await refused(await sign({}, 'logout+jwt'));
  });
});

describe('revoking a token', () => {
  const revoke = (by: TestApp, token: string, more = {}) =>
    world.post('/auth/oauth/revoke', { token, client_id: by.id, client_secret: by.secret, ...more });

  test('an access token: ends only that token, at once', async () => {
    const mine = await world.obtain(app);
    expect(await world.use(mine.access_token)).toBe(200);
    const response = await revoke(app, mine.access_token, { token_type_hint: 'access_token' });
    expect([response.status, await response.text()]).toEqual([200, '']);
    expect(await world.use(mine.access_token)).toBe(401);
    expect((await world.refresh(app, mine.refresh_token)).status).toBe(200);
  });

  test('a refresh token: ends its whole family, and nothing else', async () => {
    const [mine, other] = [await world.obtain(app), await world.obtain(app)];
    const later = (await (await world.refresh(app, mine.refresh_token)).json()) as Tokens;
    expect((await revoke(app, mine.refresh_token)).status).toBe(200);
    for (const token of [mine.access_token, later.access_token]) expect(await world.use(token)).toBe(401);
    expect((await world.refresh(app, mine.refresh_token)).status).toBe(400);
    expect(await world.use(other.access_token)).toBe(200);
  });

  test('a token of another app, or no token: does nothing and reveals nothing', async () => {
    const stranger = await world.createApp();
    const mine = await world.obtain(app);
    for (const token of [mine.access_token, mine.refresh_token, 'x', 'x.y.z', '%00', 'ä'])
      expect((await revoke(stranger, token)).status).toBe(200);
    expect(await world.use(mine.access_token)).toBe(200);
    expect((await world.refresh(app, mine.refresh_token)).status).toBe(200);
  });

  test('requires client authentication', async () => {
    expect((await revoke({ ...app, secret: 'wrong' }, tokens.access_token)).status).toBe(401);
    expect(await world.use(tokens.access_token)).toBe(200);
  });

  test('a client credentials token, or the secret that obtained it', async () => {
    const machine = await world.createApp();
    const get = async () => {
      const form = { grant_type: 'client_credentials', client_id: machine.id, client_secret: machine.secret };
      return ((await (await world.token(form)).json()) as Tokens).access_token;
    };
    const [first, second] = [await get(), await get()];
    await revoke(machine, first);
    expect([await world.use(first), await world.use(second)]).toEqual([401, 200]);
    await world.prisma.appSecret.update({
      where: { id: machine.secretId },
      data: { revokedAt: new Date() },
    });
    await expect.poll(() => world.use(second)).toBe(401);
  });

  test('by revoking the grant or disabling the user: ends everything', async () => {
    const one = await world.createApp();
    const mine = await world.obtain(one);
    await world.prisma.appGrant.updateMany({ where: { appId: one.id }, data: { revokedAt: new Date() } });
    await expect.poll(() => world.use(mine.access_token)).toBe(401);
    expect((await world.refresh(one, mine.refresh_token)).status).toBe(400);
    const again = await world.obtain(one);
    const admin = { email: 'admin@example.com' };
    await world.prisma.user.update({ where: admin, data: { disabledAt: new Date() } });
    await expect.poll(() => world.use(again.access_token)).toBe(401);
    expect((await world.refresh(one, again.refresh_token)).status).toBe(401);
    await world.prisma.user.update({ where: admin, data: { disabledAt: null } });
    await expect.poll(() => world.use(again.access_token)).toBe(200);
  });
});

describe('introspection', () => {
  const introspect = async (by: TestApp, token: string) =>
    (await (
      await world.post('/auth/oauth/introspect', { token, client_id: by.id, client_secret: by.secret })
    ).json()) as Record<string, unknown>;

  test('describes an app`s own tokens', async () => {
    const { exp, iat, sub, jti } = decodeJwt(tokens.access_token);
    expect(await introspect(app, tokens.access_token)).toEqual({
      ...{ active: true, token_type: 'Bearer', scope: 'read write', client_id: app.id },
      ...{ iss: world.config.publicUrl, aud: `${world.config.publicUrl}/api`, exp, iat, sub, jti },
    });
    expect(await introspect(app, tokens.refresh_token)).toMatchObject({ active: true, client_id: app.id });
  });

  test('reveals nothing about tokens of other apps, or about other text', async () => {
    const stranger = await world.createApp();
    for (const token of [tokens.access_token, tokens.refresh_token, 'x', 'x.y.z', '%00'])
      expect(await introspect(stranger, token)).toEqual({ active: false });
    expect(await introspect({ ...app, secret: 'x' }, tokens.access_token)).toMatchObject({
      error: 'invalid_client',
    });
  });

  test('reports revoked tokens as inactive', async () => {
    const mine = await world.obtain(app);
    const form = { token: mine.refresh_token, client_id: app.id, client_secret: app.secret };
    await world.post('/auth/oauth/revoke', form);
    for (const token of [mine.access_token, mine.refresh_token])
      expect(await introspect(app, token)).toEqual({ active: false });
  });
});

describe('a refresh token', () => {
  const spa = 'https://spa.example/cb';
  const obtainPublic = async (open: TestApp) => {
    const { verifier, challenge } = await makePkce();
    const more = { redirect_uri: spa, code_verifier: verifier };
    return world.obtain(open, { redirect_uri: spa, ...challenge }, more);
  };

  test('of an app without a secret, used twice, ends only its family', async () => {
    const open = await world.createApp({ confidential: false, redirectUris: [spa] });
    const [first, other] = [await obtainPublic(open), await obtainPublic(open)];
    const second = (await (await world.refresh(open, first.refresh_token)).json()) as Tokens;
    expect((await world.refresh(open, first.refresh_token)).status).toBe(400);
    expect((await world.refresh(open, second.refresh_token)).status).toBe(400);
    for (const token of [first.access_token, second.access_token]) expect(await world.use(token)).toBe(401);
    expect(await world.use(other.access_token)).toBe(200);
    expect((await world.refresh(open, other.refresh_token)).status).toBe(200);
  });

  test('used several times at once yields tokens at most once', async () => {
    const open = await world.createApp({ confidential: false, redirectUris: [spa] });
    const first = await obtainPublic(open);
    const responses = await Promise.all(
      Array.from({ length: 5 }, () => world.refresh(open, first.refresh_token)),
    );
    expect(responses.filter(({ status }) => status === 200).length).toBeLessThanOrEqual(1);
  });

  test('can only be used by its app', async () => {
    const other = await world.createApp();
    expect((await world.refresh(other, tokens.refresh_token)).status).toBe(400);
  });
});

describe('lifetimes', () => {
  const day = 86_400_000;
  /** Sets the clock without stopping it. */
  const travel = (days: number) => vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + days * day });

  test('an access token is valid for 30 days, a refresh token for a year', async () => {
    const mine = await world.obtain(app);
    expect(await world.use(mine.access_token)).toBe(200);
    travel(29);
    expect(await world.use(mine.access_token)).toBe(200);
    travel(2);
    expect(await world.use(mine.access_token)).toBe(401);
    const month = (await (await world.refresh(app, mine.refresh_token)).json()) as Tokens;
    expect(month.expires_in).toBe(2_592_000);
    expect(await world.use(month.access_token)).toBe(200);
    travel(330);
    expect((await world.refresh(app, mine.refresh_token)).status).toBe(200);
    travel(10);
    const late = await world.refresh(app, mine.refresh_token);
    expect([late.status, await late.json()]).toMatchObject([400, { error: 'invalid_grant' }]);
  });

  test('a code is valid for a minute', async () => {
    const address = await world.authorize(app);
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 61_000 });
    const response = await world.redeem(app, address.searchParams.get('code')!);
    expect([response.status, await response.json()]).toMatchObject([400, { error: 'invalid_grant' }]);
  });
});
