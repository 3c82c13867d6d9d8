// What becomes of tokens when a developer, a user or an administrator changes something afterwards: on the instance where
// it was done, and on another one that shares nothing with it but the database.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import project from '../../portolan.config.ts';
import type { App } from '../../src/app.ts';
import { createApp } from '../../src/app.ts';
import { operator } from '../../src/apps/services/manager.ts';
import { createAuth } from '../../src/auth/create-auth.ts';
import { createLog } from '../../src/base/log.ts';
import { Browser, callback, type OauthWorld, openOauthWorld, type TestApp } from '../oauth/oauth-world.ts';

let world: OauthWorld;
let other: { readonly app: App; close(): Promise<void> };
beforeAll(async () => {
  world = await openOauthWorld();
  other = openInstance();
});
afterAll(async () => {
  await other.close();
  await world.close();
});

function openInstance() {
  const { config, database, prisma, engine, catalog } = world;
  const log = createLog(config);
  const auth = createAuth({ database, prisma, config, log, catalog });
  const app = createApp({ project, config, log, database, prisma, engine, auth });
  const close = async () => {
    await app.close();
    await auth.close();
  };
  return { app, close };
}

let people = 0;
/** Somebody new who allowed the app what it asks for. */
async function consented(app: TestApp, scope = 'read') {
  const email = `consenting-${++people}@example.com`;
  const browser = await new Browser(world).signIn(email, { role: 'editor', scopes: ['products.cost:read'] });
  const tokens = await world.obtain(app, { scope }, {}, { browser });
  const { id } = await world.prisma.user.findUniqueOrThrow({ where: { email } });
  return { ...tokens, browser, userId: id };
}

async function askBoth(token: string, path = '/odata/products?$top=1&$select=id'): Promise<number[]> {
  const init = { headers: { authorization: `Bearer ${token}` } };
  const responses = await Promise.all([
    world.fetch(path, init),
    other.app.fetch(new Request(world.config.publicUrl + path, init)),
  ]);
  return Promise.all(
    responses.map(async response => {
      await response.text();
      return response.status;
    }),
  );
}

/** Within a second on an idle machine. */
const soon = (token: string, path?: string) => expect.poll(() => askBoth(token, path), { interval: 100 });

const registry = () => world.app.apps.registry;
const costs = '/odata/products?$top=1&$select=cost';

describe('after consent', () => {
  test('a scope that is added to the app is not granted, by refreshing or otherwise, until the user says so', async () => {
    const app = await world.createApp({ scopes: ['read'] });
    const { access_token, refresh_token, browser } = await consented(app);
    await registry().change(operator, app.id, { scopes: ['read', 'products.cost:read'] });
    expect(await askBoth(access_token, costs)).toEqual([403, 403]);
    const wider = await world.refresh(app, refresh_token, { scope: 'read products.cost:read' });
    expect(wider.status).toBe(400);
    const fresh = (await (await world.refresh(app, refresh_token)).json()) as {
      access_token: string;
      scope: string;
    };
    expect(fresh.scope).toBe('read');
    expect(await askBoth(fresh.access_token, costs)).toEqual([403, 403]);
    let offered: readonly string[] = [];
    const address = await browser.decide(
      world.authorizeAddress(app, { scope: 'read products.cost:read' }),
      scopes => {
        offered = scopes;
        return [['decision', 'deny']];
      },
    );
    expect(offered).toContain('products.cost:read');
    expect(address.searchParams.get('error')).toBe('access_denied');
  });

  test('a scope that is taken from the app is taken from its tokens', async () => {
    const app = await world.createApp({ scopes: ['read', 'products.cost:read'] });
    const { access_token } = await consented(app, 'read products.cost:read');
    expect(await askBoth(access_token, costs)).toEqual([200, 200]);
    await registry().change(operator, app.id, { scopes: ['read'] });
    await soon(access_token, costs).toEqual([403, 403]);
    expect(await askBoth(access_token)).toEqual([200, 200]);
  });

  test('a redirect URI that is taken away leads nowhere, and one that is added does', async () => {
    const app = await world.createApp();
    await consented(app);
    const moved = 'https://app.example/moved';
    await registry().change(operator, app.id, { redirectUris: [moved] });
    const status = async (redirectUri: string) => {
      const path = world.authorizeAddress(app, { redirect_uri: redirectUri, scope: 'read' });
      const responses = await Promise.all([
        world.fetch(path, { redirect: 'manual' }),
        other.app.fetch(new Request(world.config.publicUrl + path, { redirect: 'manual' })),
      ]);
      for (const response of responses)
        expect(response.headers.get('location') ?? '').not.toContain('app.example/callback');
      return responses.map(response => response.status < 400);
    };
    await expect.poll(() => status(moved)).toEqual([true, true]);
    expect(await status(callback)).toEqual([false, false]);
  });

  test('a disabled app is refused everywhere, and served again when it is enabled', async () => {
    const app = await world.createApp();
    const { access_token, refresh_token } = await consented(app);
    expect(await askBoth(access_token)).toEqual([200, 200]);
    await registry().disable(operator, app.id);
    await soon(access_token).toEqual([401, 401]);
    expect((await world.refresh(app, refresh_token)).status).toBe(401);
    await registry().enable(operator, app.id);
    await soon(access_token).toEqual([200, 200]);
    expect((await world.refresh(app, refresh_token)).status).toBe(200);
  });

  test('nothing is left of a deleted app', async () => {
    const app = await world.createApp();
    const { access_token, refresh_token } = await consented(app);
    expect(await askBoth(access_token)).toEqual([200, 200]);
    await registry().remove(operator, app.id);
    await soon(access_token).toEqual([401, 401]);
    expect((await world.refresh(app, refresh_token)).status).toBe(401);
  });

  test('a secret that is removed gets no tokens; a new one refreshes what the old one got', async () => {
    const app = await world.createApp();
    const { refresh_token } = await consented(app);
    const { secret } = await world.app.apps.secrets.create(operator, app.id);
    await world.app.apps.secrets.remove(operator, app.id, app.secretId);
    expect((await world.refresh(app, refresh_token)).status).toBe(401);
    expect((await world.refresh({ ...app, secret }, refresh_token)).status).toBe(200);
  });

  test('a disconnected app has no access, and neither has what it would refresh', async () => {
    const app = await world.createApp();
    const mine = await consented(app);
    const theirs = await consented(app);
    expect(await askBoth(mine.access_token)).toEqual([200, 200]);
    const page = await (await mine.browser.get('/account/connected-apps')).text();
    const token = /name="form_token" value="([^"]+)"/.exec(page)![1]!;
    const ended = await mine.browser.post('/account/connected-apps/end', [
      ['form_token', token],
      ['app', app.id],
    ]);
    expect(ended.status).toBe(303);
    await soon(mine.access_token).toEqual([401, 401]);
    expect((await world.refresh(app, mine.refresh_token)).status).toBe(400);
    // Somebody else's is none of their business.
    expect(await askBoth(theirs.access_token)).toEqual([200, 200]);
    expect((await world.refresh(app, theirs.refresh_token)).status).toBe(200);
  });

  test('that an app used what it was allowed is noted: when, and from where', async () => {
    const app = await world.createApp();
    const { access_token, userId } = await consented(app);
    const list = () => world.app.apps.grants.list(operator, { userId });
    expect(await list()).toMatchObject([{ lastUsedAt: null, scopes: ['read'] }]);
    // Uses are written once a minute, and when an instance stops.
    const third = openInstance();
    const headers = { authorization: `Bearer ${access_token}` };
    const response = await third.app.fetch(new Request(`${world.config.publicUrl}/odata/`, { headers }));
    expect(response.status).toBe(200);
    await third.close();
    expect((await list())[0]?.lastUsedAt).toBeInstanceOf(Date);
    expect((await list())[0]?.lastUsedIp).toBeTruthy();
  });
});
