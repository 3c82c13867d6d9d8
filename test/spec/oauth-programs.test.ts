import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { hasChromium, openChromium, orSkipped } from '../chromium.ts';
import { type Listening, startListening } from '../listening.ts';
import { freePort, type PhpApp, servePhpApp } from './php-app.ts';
import { hasPhp } from './programs.ts';
import { serveWebApp, type WebApp } from './web-app.ts';

const php = hasPhp();
const withoutPhp = php ? orSkipped : ' (php-cli and php-curl are not installed: skipped)';

const password = 'long enough and not common';
let users = 0;
let listening: Listening;
let browser: Browser;
let context: BrowserContext;
let page: Page;
/** What the pages said to their console. */
let said: string[];

beforeAll(async () => {
  if (!hasChromium) return;
  listening = await startListening();
  browser = await openChromium();
}, 60_000);

beforeEach(async () => {
  if (!hasChromium) return;
  context = await browser.newContext();
  page = await context.newPage();
  said = [];
  page.on('console', message => said.push(message.text()));
});
afterEach(() => context?.close());
afterAll(async () => {
  await listening?.close();
});

/** @returns the credentials of a new app, made at our own page by its developer */
async function register(redirectUri: string): Promise<{ clientId: string; clientSecret: string }> {
  const { app } = listening.server;
  const { id, clientSecret } = await app.apps.create(
    { everybody: true },
    {
      ...{ name: 'Your app', owner: 'admin@example.com', confidential: true, scopes: ['read', 'write'] },
      redirectUris: [redirectUri],
    },
  );
  return { clientId: id, clientSecret: clientSecret! };
}

/** As somebody new, who has not allowed any app anything. */
async function signIn(): Promise<void> {
  const { prisma, auth } = listening.server;
  const email = `person-${++users}@example.com`;
  const passwordHash = await auth.passwords.hash(password);
  await prisma.user.create({ data: { email, name: 'Vera', role: 'editor', passwordHash } });
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
}

const allow = () => page.getByRole('button', { name: 'Allow' }).click();

const spoken = (text: string) => expect.poll(() => said.join('\n')).toContain(text);

describe.skipIf(!hasChromium)(`the OAuth programs in TypeScript, in a browser${orSkipped}`, () => {
  let app: WebApp;
  let filling: { url: string; clientId: string; clientSecret: string };
  beforeAll(async () => {
    app = await serveWebApp(() => filling);
    filling = { url: listening.url, ...(await register(`${app.url}/oauth/callback`)) };
  });
  afterAll(() => app?.close());

  test('sign in, ask, exchange the code, read, and refresh twice', async () => {
    await page.goto(`${app.url}/sign-in`);
    await signIn();
    await page.getByRole('heading', { name: 'Your app asks for access' }).waitFor();
    await allow();
    await page.waitForURL(`${app.url}/oauth/callback?*`);
    await spoken('OAuth successful, access token obtained');
    await page.goto(`${app.url}/products`);
    await spoken('Products: [');
    const stored = () => page.evaluate(() => ({ ...localStorage }));
    const first = await stored();
    for (const round of [1, 2]) {
      said.length = 0;
      await page.evaluate(token => localStorage.setItem('access_token', token), `spoiled ${round}`);
      await page.reload();
      await spoken('Products: [');
      const { access_token, refresh_token } = await stored();
      expect(access_token).toMatch(/^eyJ/);
      expect(access_token).not.toBe(first.access_token);
      expect(refresh_token).toBe(first.refresh_token);
    }
  });

  test('who denies is sent back too, and there is no token', async () => {
    await page.goto(`${app.url}/sign-in`);
    await signIn();
    await page.getByRole('button', { name: 'Deny' }).click();
    await page.waitForURL(`${app.url}/oauth/callback?*`);
    expect(new URL(page.url()).searchParams.get('error')).toBe('access_denied');
    expect(await page.evaluate(() => localStorage.length)).toBe(0);
  });

  test('what was unticked cannot be done, and a disconnected app must ask again', async () => {
    await page.goto(`${app.url}/sign-in`);
    await signIn();
    await page.getByLabel(/^Create, change and delete/).uncheck();
    await allow();
    await page.waitForURL(`${app.url}/oauth/callback?*`);
    await spoken('OAuth successful');
    const token = await page.evaluate(() => localStorage.getItem('access_token'));
    const create = await fetch(`${listening.url}/odata/suppliers`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ code: 'X', name: 'X', country: 'DE' }),
    });
    expect(create.status).toBe(403);
    await page.goto(`${listening.url}/account/connected-apps`);
    await page.getByRole('button', { name: 'Disconnect Your app' }).click();
    await page.getByText('App disconnected.').waitFor();
    await page.goto(`${app.url}/products`);
    await expect
      .poll(async () => {
        const response = await fetch(`${listening.url}/odata/suppliers`, {
          headers: { authorization: `Bearer ${token}` },
        });
        return response.status;
      })
      .toBe(401);
    await page.goto(`${app.url}/sign-in`);
    await page.getByRole('heading', { name: 'Your app asks for access' }).waitFor();
  });
});

describe.skipIf(!hasChromium || !php)(`the OAuth programs in PHP${withoutPhp}`, () => {
  let app: PhpApp;
  beforeAll(async () => {
    const port = await freePort();
    const credentials = await register(`http://127.0.0.1:${port}/oauth/callback.php`);
    app = await servePhpApp(port, { url: listening.url, ...credentials });
  });
  afterAll(() => app?.close());

  test('sign in, ask, exchange the code, read, and refresh twice', async () => {
    await page.goto(`${app.url}/authorize.php`);
    await signIn();
    await allow();
    await page.waitForURL(`${app.url}/dashboard.php`);
    expect(await page.textContent('body')).toBe('Signed in: yes');
    const read = async (path: string) => (await page.goto(`${app.url}/${path}`))!.text();
    expect(await read('products.php')).toMatch(/^Found 1000 products\n.+: \d/);
    const first = await read('token.php');
    // Once because the server refuses the token, once because its time is over.
    for (const [spoil, done] of [
      ['spoil.php', 'spoiled'],
      ['expire.php', 'expired'],
    ] as const) {
      expect(await read(spoil)).toBe(done);
      expect(await read('products.php')).toMatch(/^Found 1000 products\n/);
      expect(await read('token.php')).not.toBe(first);
    }
    expect(app.said()).not.toMatch(/Warning|Fatal|Notice|Deprecated/);
  });
});
