import { afterAll, beforeAll, expect, test } from 'vitest';
import { Browser, callback, type OauthWorld, openOauthWorld, type Parameters } from './oauth-world.ts';

const evil = 'https://evil.example/cb';
const second = 'https://app.example/second';

let world: OauthWorld;
beforeAll(async () => {
  world = await openOauthWorld();
});
afterAll(() => world.close());

/** Whether the user is asked for consent, instead of being sent straight to the app with a code. */
async function asks(browser: Browser, app: { id: string }, more: Parameters = {}): Promise<boolean> {
  const response = await browser.get(world.authorizeAddress(app, more));
  return (response.headers.get('location') ?? '').includes('/auth/oauth/interaction/');
}

const change = (id: string, redirectUris: readonly string[]) =>
  world.fetch(`/api/apps/${id}`, { key: world.adminKey, method: 'PATCH', json: { redirectUris } });

test('a user who consented before a redirect URI changed is asked again, for every address', async () => {
  const browser = await new Browser(world).signIn();
  const app = await world.createApp();
  await world.obtain(app, {}, {}, { browser });
  expect(await asks(browser, app)).toBe(false);
  expect((await change(app.id, [callback, evil])).status).toBe(200);
  expect(await asks(browser, app)).toBe(true);
  expect(await asks(browser, app, { redirect_uri: evil })).toBe(true);
  const silent = await browser.get(world.authorizeAddress(app, { redirect_uri: evil, prompt: 'none' }));
  expect(new URL(silent.headers.get('location')!).searchParams.get('error')).toBe('consent_required');
  // Consent is per redirect URI.
  await world.authorize(app, {}, { browser });
  expect(await asks(browser, app)).toBe(false);
  expect(await asks(browser, app, { redirect_uri: evil })).toBe(true);
});

test('consent is required again for a redirect URI that is removed and added again', async () => {
  const browser = await new Browser(world).signIn();
  const app = await world.createApp({ redirectUris: [callback, second] });
  await world.obtain(app, {}, {}, { browser });
  await change(app.id, [second]);
  await change(app.id, [callback, second]);
  expect(await asks(browser, app)).toBe(true);
});

test('other changes of an app require no new consent', async () => {
  const browser = await new Browser(world).signIn();
  const app = await world.createApp();
  await world.obtain(app, {}, {}, { browser });
  const json = { name: 'Another name', description: 'Words', redirectUris: [callback] };
  await world.fetch(`/api/apps/${app.id}`, { key: world.adminKey, method: 'PATCH', json });
  expect(await asks(browser, app)).toBe(false);
});

test('a grant from before redirect URIs were stored requires consent once more', async () => {
  const browser = await new Browser(world).signIn();
  const app = await world.createApp();
  await world.obtain(app, {}, {}, { browser });
  await world.database.query(`UPDATE "portolan"."app_grant" SET "redirectUris" = NULL WHERE "appId" = $1`, [
    app.id,
  ]);
  expect(await asks(browser, app)).toBe(true);
  await world.authorize(app, {}, { browser });
  expect(await asks(browser, app)).toBe(false);
});

test('a decision made while the redirect URI changes applies to the address shown on the page', async () => {
  const browser = await new Browser(world).signIn();
  const app = await world.createApp();
  const decided = world.authorize(app, {}, { browser });
  await Promise.all([decided.catch(() => undefined), change(app.id, [callback, evil])]);
  expect(await asks(browser, app, { redirect_uri: evil })).toBe(true);
});
