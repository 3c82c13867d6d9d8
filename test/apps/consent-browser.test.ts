// The consent page as a browser shows it: on a phone, by keyboard, and as a screen reader is told of it.

import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { hasChromium, orSkipped, visitedServer } from '../chromium.ts';
import { png } from './images.ts';

const visited = visitedServer();
let clientId: string;
const callback = 'https://report.example/cb';
/** The same app, run on the person's own machine. */
let local: Server;
let localCallback: string;

beforeAll(async () => {
  if (!hasChromium) return;
  local = createServer((_, response) => void response.end('back at the app')).listen(0, '127.0.0.1');
  await new Promise(resolve => local.once('listening', resolve));
  localCallback = `http://127.0.0.1:${(local.address() as AddressInfo).port}/cb`;
  const operator = { everybody: true };
  const { apps } = visited.server.app;
  const { prisma } = visited.server;
  const { id } = await prisma.user.findUniqueOrThrow({ where: { email: 'admin@example.com' } });
  await apps.developers.save(operator, { name: 'Ada & Co', contactEmail: 'ada@example.com' }, id);
  const app = await apps.create(operator, {
    ...{ name: 'Stock report', description: 'Weekly figures.', homePage: 'https://report.example' },
    ...{ redirectUris: [callback, 'http://127.0.0.1/cb'], scopes: ['read', 'write', 'products.cost:read'] },
    ...{ confidential: true, owner: 'admin@example.com' },
  });
  clientId = app.id;
  await apps.registry.setLogo(operator, clientId, png(64, 64));
}, 60_000);
afterAll(() => {
  local?.closeAllConnections();
  local?.close();
});

let users = 0;
let page: Page;
/** What the browser complains of, such as what a policy forbids. */
let complaints: string[];

async function openConsent(options: BrowserContextOptions = {}, redirectUri = callback): Promise<Page> {
  const { server, url } = visited;
  const standing = { role: 'viewer' as const, scopes: ['products.cost:read'] };
  const cookie = await server.signIn(`reader-${++users}@example.com`, standing);
  const [name = '', value = ''] = cookie.split('=');
  const tab = await visited.openTab(options);
  ({ page, complaints } = tab);
  await tab.context.addCookies([{ name, value, url }]);
  const query = new URLSearchParams({
    client_id: clientId,
    redirect_uri: redirectUri,
    response_type: 'code',
    state: 's',
  });
  query.set('scope', 'products.cost:read read write');
  await page.goto(`${url}/auth/oauth/authorize?${query}`);
  return page;
}

afterEach(async () => {
  expect(complaints ?? []).toEqual([]);
  await page?.context().close();
});

describe.skipIf(!hasChromium)(`the consent page${orSkipped}`, () => {
  test('names the app, the user, the permissions and the redirect for screen readers, in that order', async () => {
    const seen = await (await openConsent()).getByRole('main').ariaSnapshot();
    expect(seen).toBe(`- main:
  - heading "Stock report asks for access" [level=1]
  - paragraph:
    - text: by Ada & Co,
    - link "report.example":
      - /url: https://report.example/
  - paragraph: Weekly figures.
  - paragraph:
    - text: Signed in as
    - strong: reader-1@example.com
  - paragraph:
    - link "Use another account":
      - /url: ${/\/url: (\/sign-in\S+)/.exec(seen)?.[1]}
  - group "This app requests permission to":
    - text: This app requests permission to
    - checkbox "Read the purchase price of products" [checked]
    - text: Read the purchase price of products
    - 'checkbox "Read all data: categories, suppliers, products, collections, data sheets, customers, orders, order items, warehouses and stock levels, but no restricted fields" [checked]'
    - text: "Read all data: categories, suppliers, products, collections, data sheets, customers, orders, order items, warehouses and stock levels, but no restricted fields"
  - heading "It will not be able to" [level=2]
  - list:
    - listitem: Read the email and phone of customers
    - listitem:
      - text: "Use permissions that it requests but you do not have:"
      - code: write
    - listitem: See your password, or sign in as you
  - status: No user has approved this app yet. Continue only if you expected this page.
  - paragraph:
    - text: You will be redirected to
    - strong: report.example
    - text: .
  - button "Allow"
  - button "Deny"
  - paragraph: You can revoke this at any time under Connected apps in your account.`);
  });

  test('fits a phone, and its logo is there', async () => {
    await openConsent({ viewport: { width: 320, height: 640 }, colorScheme: 'dark' });
    const { wide, logo } = await page.evaluate(() => ({
      wide: document.documentElement.scrollWidth - innerWidth,
      logo: document.querySelector<HTMLImageElement>('img.mark')?.naturalWidth,
    }));
    expect({ wide, logo }).toEqual({ wide: 0, logo: 64 });
  });

  test('can be answered by keyboard alone', async () => {
    await openConsent({}, localCallback);
    await page.getByRole('checkbox').first().focus();
    await page.keyboard.press('Space');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Allow');
    await page.keyboard.press('Enter');
    await page.waitForURL(`${localCallback}?*`);
    const { code, state } = Object.fromEntries(new URL(page.url()).searchParams);
    expect({ code, state }).toEqual({ code: expect.any(String), state: 's' });
    const user = await visited.server.prisma.user.findUniqueOrThrow({
      where: { email: `reader-${users}@example.com` },
    });
    const [grant] = await visited.server.app.apps.grants.list({ everybody: true }, { userId: user.id });
    expect(grant?.scopes).toEqual(['read']);
  });

  test('shows the error and links to the field', async () => {
    await openConsent();
    for (const box of await page.getByRole('checkbox').all()) await box.uncheck();
    await page.getByRole('button', { name: 'Allow' }).click();
    const alert = page.getByRole('alert');
    expect(await alert.textContent()).toBe('Select at least one permission, or deny access.');
    await alert.getByRole('link').click();
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('scope-0');
  });

  test('lets the user switch accounts', async () => {
    await openConsent();
    await page.getByRole('link', { name: 'Use another account' }).click();
    await page.getByLabel('Password').waitFor();
    expect(new URL(page.url()).pathname).toBe('/sign-in');
  });
});
