// GraphiQL in a browser: with the session where there is one, else with a key that the tab remembers.

import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startServer, type TestServer } from '../harness.ts';
import { hasChromium, openChromium } from '../spec/chromium.ts';

const password = 'long enough and not common';
let server: TestServer;
let http: Server;
let base: string;
let browser: Browser;
beforeAll(async () => {
  if (!hasChromium()) return;
  server = await startServer({ demo: true, env: { ADMIN_PASSWORD: password } });
  http = createServer(server.app.listener);
  await new Promise<void>(resolve => void http.listen(0, '127.0.0.1', resolve));
  base = `http://localhost:${(http.address() as AddressInfo).port}`;
  browser = await openChromium();
});
afterAll(async () => {
  await browser?.close();
  http?.close();
  await server?.close();
});

interface Tab {
  readonly page: Page;
  /** What the browser complained of: among it all that the policy forbids. */
  readonly complaints: string[];
}

async function openTab(context: BrowserContext): Promise<Tab> {
  const page = await context.newPage();
  page.setDefaultTimeout(60_000);
  const complaints: string[] = [];
  page.on('console', message => void (message.type() === 'error' && complaints.push(message.text())));
  page.on('pageerror', error => void complaints.push(error.message));
  return { page, complaints };
}

async function open(page: Page): Promise<void> {
  await page.goto(`${base}/graphql`);
  await page.locator('.graphiql-execute-button').waitFor();
}

/** @returns what GraphiQL shows when the query that stands there was run */
async function run(page: Page): Promise<string> {
  await page.locator('.graphiql-execute-button').click();
  const shown = page.locator('.result-window .view-lines');
  await expect.poll(() => shown.textContent(), { timeout: 60_000 }).toMatch(/"(data|errors)"/);
  return (await shown.textContent())!.replace(/\s/g, ' ');
}

const keyField = (page: Page) => page.getByLabel('API key');
const state = (page: Page) => page.locator('#bar-state');

describe.skipIf(!hasChromium())('GraphiQL in a browser', () => {
  test('uses the session of whoever is signed in, and asks for no key', async () => {
    const context = await browser.newContext();
    const { page, complaints } = await openTab(context);
    await page.goto(`${base}/sign-in?return=/graphql`);
    await page.getByLabel('E-mail').fill('admin@example.com');
    await page.getByLabel('Password').fill(password);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.locator('.graphiql-execute-button').waitFor();
    await expect.poll(() => state(page).textContent()).toBe('You are signed in as Administrator.');
    expect(await keyField(page).isVisible()).toBe(false);
    expect(await run(page)).toMatch(/"data".*"products".*"price"/);
    expect(complaints).toEqual([]);
    await context.close();
  });

  test('takes a key, remembers it in this tab alone, and forgets it when told to', async () => {
    const context = await browser.newContext();
    const { page, complaints } = await openTab(context);
    const { key } = await server.auth.keys.create({
      ...{ email: 'admin@example.com', name: 'My tab', scopes: ['read'] },
    });
    await open(page);
    await keyField(page).waitFor();
    expect(await run(page)).toContain('UNAUTHENTICATED');
    await keyField(page).fill(key);
    await page.getByRole('button', { name: 'Use key' }).click();
    await expect.poll(() => state(page).textContent()).toContain('The key “My tab” is kept in this tab');
    complaints.length = 0;
    await expect.poll(() => run(page), { timeout: 60_000 }).toMatch(/"data".*"products".*"price"/);
    await open(page);
    await expect.poll(() => keyField(page).inputValue()).toBe(key);
    await expect.poll(() => state(page).textContent()).toContain('The key “My tab”');
    expect(await page.evaluate(() => JSON.stringify(localStorage))).not.toContain(key);
    expect(complaints).toEqual([]);

    const other = await openTab(context);
    await open(other.page);
    await keyField(other.page).waitFor();
    expect(await keyField(other.page).inputValue()).toBe('');

    await page.getByRole('button', { name: 'Forget key' }).click();
    await expect.poll(() => keyField(page).inputValue()).toBe('');
    expect(await page.evaluate(() => sessionStorage.length)).toBe(0);
    await context.close();
  });

  test('says what is wrong with a key', async () => {
    const context = await browser.newContext({ viewport: { width: 390, height: 800 } });
    const { page } = await openTab(context);
    await open(page);
    await keyField(page).fill('pk_wrong');
    await page.getByRole('button', { name: 'Use key' }).click();
    await expect.poll(() => state(page).textContent()).toContain('This API key is malformed');
    await context.close();
  });
});
