import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import project from '../../portolan.config.ts';
import { createApp } from '../../src/app.ts';
import { createAuth } from '../../src/auth/create-auth.ts';
import { createLog } from '../../src/base/log.ts';
import { FetchIncoming } from '../../src/http/node/incoming-fetch.ts';
import { createAdapter } from '../../src/oauth/adapter.ts';
import { createArtifacts } from '../../src/oauth/artifacts.ts';
import { duringCall, newCall } from '../../src/oauth/call.ts';
import { createGrants } from '../../src/oauth/grants.ts';
import { createRevocations } from '../../src/oauth/revocations.ts';
import {
  callback,
  makePkce,
  type OauthWorld,
  openOauthWorld,
  type TestApp,
  type Tokens,
} from './oauth-world.ts';

let world: OauthWorld;
let app: TestApp;
beforeAll(async () => {
  world = await openOauthWorld();
  app = await world.createApp();
});
afterAll(() => world.close());

describe('an authorization code', () => {
  test('can be used once: a second use revokes all its tokens', async () => {
    const code = await getCode();
    const tokens = (await (await world.redeem(app, code)).json()) as Tokens;
    expect(await world.use(tokens.access_token)).toBe(200);
    expect(await errorOf(await world.redeem(app, code))).toEqual([400, 'invalid_grant']);
    expect(await world.use(tokens.access_token)).toBe(401);
    expect(await errorOf(await world.refresh(app, tokens.refresh_token))).toEqual([400, 'invalid_grant']);
  });

  test('that is used twice does not revoke tokens of other codes', async () => {
    const other = await world.obtain(app);
    const code = await getCode();
    await world.redeem(app, code);
    await world.redeem(app, code);
    expect(await world.use(other.access_token)).toBe(200);
    expect((await world.refresh(app, other.refresh_token)).status).toBe(200);
  });

  test('that is redeemed ten times at once on two instances yields tokens at most once', async () => {
    const second = await secondInstance();
    try {
      const code = await getCode();
      const body = new URLSearchParams({
        ...{ grant_type: 'authorization_code', code, redirect_uri: callback },
        ...{ client_id: app.id, client_secret: app.secret },
      });
      const redeem = (instance: Pick<typeof second, 'fetch'>) =>
        instance.fetch(
          new Request(`${world.config.publicUrl}/auth/oauth/token`, {
            method: 'POST',
            headers: { 'content-type': 'application/x-www-form-urlencoded' },
            body: String(body),
          }),
        );
      const responses = await Promise.all(
        Array.from({ length: 10 }, (_, i) => redeem(i % 2 === 0 ? world.app : second)),
      );
      const good = responses.filter(response => response.status === 200);
      expect(good.length).toBeLessThanOrEqual(1);
      for (const response of responses.filter(one => one.status !== 200))
        expect(await errorOf(response)).toEqual([400, 'invalid_grant']);
      // Two clients had the code: the first one must not keep its tokens.
      for (const response of good) {
        const tokens = (await response.json()) as Tokens;
        await expect.poll(() => world.use(tokens.access_token)).toBe(401);
        expect(await errorOf(await world.refresh(app, tokens.refresh_token))).toEqual([400, 'invalid_grant']);
      }
    } finally {
      await second.close();
    }
  });

  test('that another instance redeems between the read and the write here has its tokens revoked', async () => {
    const { database, auth, config, catalog, prisma } = world;
    const artifacts = createArtifacts(database);
    const kind = 'AuthorizationCode';
    const noted: boolean[] = [];
    const adapter = createAdapter({
      ...{ publicUrl: config.publicUrl, knownScopes: catalog.scopes, resource: 'api', artifacts },
      ...{
        clients: world.server.app.apps.clients,
        grants: createGrants(database, world.server.app.apps.grants),
      },
      revocations: createRevocations(database, auth.tokens),
      onFamilyRevoked: (_, reused) => noted.push(reused),
    })(kind);
    const request = new FetchIncoming(new Request(config.publicUrl), '192.0.2.7');
    await duringCall(newCall(request), async () => {
      await adapter.upsert('the code', { kind, sessionUid: 'the family', clientId: app.id }, 60);
      expect(await adapter.find('the code')).toMatchObject({ jti: 'the code', clientId: app.id });
      expect(await artifacts.consume(kind, 'the code')).toBe(true);
      await expect(adapter.consume('the code')).rejects.toThrow('invalid_grant');
      expect(await adapter.find('the code')).toBeUndefined();
    });
    expect(noted).toEqual([true]);
    expect(await prisma.revokedToken.count({ where: { jti: 'the family' } })).toBe(1);
  });

  test('has tokens that, revoked on one instance, stop working on the other within a second', async () => {
    const second = await secondInstance();
    const tokens = (await (await world.redeem(app, await getCode())).json()) as Tokens;
    const elsewhere = async () =>
      (
        await second.fetch(
          new Request(`${world.config.publicUrl}/api/query`, {
            method: 'POST',
            headers: {
              authorization: `Bearer ${tokens.access_token}`,
              'content-type': 'application/json',
            },
            body: JSON.stringify({ query: 'products(take: 1) { id }' }),
          }),
        )
      ).status;
    expect(await elsewhere()).toBe(200);
    const form = { token: tokens.refresh_token, client_id: app.id, client_secret: app.secret };
    await world.post('/auth/oauth/revoke', form);
    await expect.poll(elsewhere).toBe(401);
    await second.close();
  });

  test('can only be redeemed by its app', async () => {
    const other = await world.createApp();
    expect(await errorOf(await world.redeem(other, await getCode()))).toEqual([400, 'invalid_grant']);
  });

  test.each([undefined, 'https://app.example/other', `${callback}/`, 'https://evil.example/callback'])(
    'is bound to its redirect URI, not %s',
    async redirectUri => {
      const response = await world.redeem(app, await getCode(), { redirect_uri: redirectUri });
      expect(response.status).toBe(400);
    },
  );

  test('is not stored in plain text, nor is any other secret', async () => {
    const code = await getCode();
    const tokens = await world.obtain(app);
    const rows = await world.prisma.oauthArtifact.findMany();
    const stored = JSON.stringify(rows);
    expect(rows.map(row => row.kind)).toContain('AuthorizationCode');
    for (const secret of [code, tokens.refresh_token, tokens.access_token, app.secret])
      expect(stored).not.toContain(secret);
  });

  test('that was never issued is refused', async () => {
    for (const code of ['', 'x', '\0', 'ä'.repeat(100), '%00', `${await getCode()}x`])
      expect((await world.redeem(app, code)).status).toBe(400);
  });
});

describe('PKCE', () => {
  test('PKCE refuses a verifier without a challenge', async () => {
    const { verifier } = await makePkce();
    const response = await world.redeem(app, await getCode(), { code_verifier: verifier });
    expect(await errorOf(response)).toEqual([400, 'invalid_grant']);
  });

  test('PKCE requires the right verifier', async () => {
    const { challenge } = await makePkce();
    const { verifier } = await makePkce();
    const response = await world.redeem(app, await getCode(challenge), { code_verifier: verifier });
    expect(await errorOf(response)).toEqual([400, 'invalid_grant']);
  });

  test('PKCE does not accept the challenge as verifier', async () => {
    const { challenge } = await makePkce();
    const response = await world.redeem(app, await getCode(challenge), {
      code_verifier: challenge.code_challenge,
    });
    expect(await errorOf(response)).toEqual([400, 'invalid_grant']);
  });

  test.each([
    { code_challenge_method: 'plain' },
    { code_challenge_method: undefined },
    { code_challenge_method: 's256' },
    { code_challenge: 'short' },
    { code_challenge: '' },
  ])('%o is refused', async more => {
    const { challenge } = await makePkce();
    const address = await world.authorize(app, { ...challenge, ...more });
    expect(address.searchParams.get('error')).toBe('invalid_request');
    expect(address.searchParams.has('code')).toBe(false);
  });
});

async function getCode(more = {}): Promise<string> {
  const address = await world.authorize(app, more);
  return address.searchParams.get('code')!;
}

/** Another server that shares only the database. */
async function secondInstance() {
  const { config, database, prisma, engine, catalog } = world;
  const log = createLog(config);
  const auth = createAuth({ database, prisma, config, log, catalog });
  const instance = createApp({ project, config, log, database, prisma, engine, auth });
  return {
    fetch: instance.fetch,
    async close() {
      await instance.close();
      await auth.close();
    },
  };
}

const errorOf = async (response: Response) => [
  response.status,
  ((await response.json()) as { error: string }).error,
];
