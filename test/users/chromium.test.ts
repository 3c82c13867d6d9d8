import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startServer, type TestServer } from '../harness.ts';
import { hasChromium, openChromium } from '../spec/chromium.ts';

const password = 'long enough and not common';
let server: TestServer;
let http: Server;
let base: string;
let browser: Browser;
beforeAll(async () => {
  if (!hasChromium()) return;
  server = await startServer({ env: { ADMIN_PASSWORD: password } });
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

interface Open {
  readonly page: Page;
  /** What the browser complained of, and what it asked of others. */
  readonly complaints: string[];
}

async function open(viewport = { width: 1_100, height: 800 }): Promise<Open> {
  const page = await (await browser.newContext({ viewport, javaScriptEnabled: true })).newPage();
  const complaints: string[] = [];
  page.on('console', message => {
    if (/content security|refused to|blocked/i.test(message.text())) complaints.push(message.text());
  });
  page.on('request', request => {
    if (!request.url().startsWith(base) && !request.url().startsWith('data:')) complaints.push(request.url());
  });
  return { page, complaints };
}

async function signIn(page: Page, typed = password): Promise<void> {
  await page.getByLabel('E-mail').fill('admin@example.com');
  await page.getByLabel('Password').fill(typed);
  await page.keyboard.press('Enter');
}

test.skipIf(!hasChromium())('a browser signs in, changes its account, and signs out', async () => {
  const { page, complaints } = await open();
  await page.goto(`${base}/account`);
  expect(new URL(page.url()).pathname).toBe('/sign-in');
  await signIn(page, 'a wrong password');
  expect(await page.getByRole('alert').textContent()).toContain('The e-mail address or password is wrong.');
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('heading', { name: 'Your account' }).waitFor();
  await page.getByLabel('Name', { exact: true }).fill('Ada <Lovelace>');
  await page.getByRole('button', { name: 'Save' }).click();
  expect(await page.getByRole('status').textContent()).toBe('Name saved.');
  expect(await page.locator('.who').textContent()).toBe('Ada <Lovelace>');
  // Another tab that was open since before: its forms are still good, as the session is the same.
  await page.getByLabel('Current password').fill(password);
  await page.getByLabel('New password').fill('another one that is long');
  await page.getByRole('button', { name: 'Change password' }).click();
  expect(await page.getByRole('status').textContent()).toContain('Password changed.');
  await page.getByRole('button', { name: 'Sign out', exact: true }).click();
  expect(await page.getByRole('status').textContent()).toBe('You are signed out.');
  await page.goBack();
  await page.goto(`${base}/account`);
  expect(new URL(page.url()).pathname).toBe('/sign-in');
  expect(complaints).toEqual([]);
  await signIn(page, 'another one that is long');
  await page.getByRole('heading', { name: 'Your account' }).waitFor();
});

test.skipIf(!hasChromium())('a link is opened and used', async () => {
  const answer = await server.fetch('/api/invitations', {
    key: server.adminKey,
    json: { email: 'grace@example.com' },
  });
  const { link } = await answer.json();
  const { page, complaints } = await open({ width: 375, height: 740 });
  await page.goto(base + new URL(link).pathname);
  await page.getByLabel('Your name').fill('Grace');
  await page.getByLabel('Password').fill('passwordpassword');
  await page.getByRole('button', { name: 'Activate account' }).click();
  expect(await page.getByRole('alert').textContent()).toContain('easy to guess');
  // The summary leads to the field.
  await page.getByRole('alert').getByRole('link').click();
  expect(await page.evaluate('document.activeElement?.id || location.hash')).toMatch(/password/);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Activate account' }).click();
  expect(await page.getByRole('status').textContent()).toBe('Welcome. Your account is ready.');
  // Nothing stands out at the side of a phone.
  expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(375);
  expect(complaints).toEqual([]);
});

test.skipIf(!hasChromium())(
  'a page of another origin does nothing in the name of somebody who is signed in',
  async () => {
    const { page } = await open();
    const [name = '', value = ''] = (await server.signIn('victim@example.com')).split('=');
    await page.context().addCookies([{ name, value, url: base, httpOnly: true, sameSite: 'Lax' }]);
    const paths = ['/sign-out', '/account/sessions/end-all', '/account/name'];
    const forms = paths.map(
      (path, i) =>
        `<form id="f${i}" method="post" action="${base}${path}"><input name="name" value="x"></form>`,
    );
    const evil = createServer((_, response) =>
      response.setHeader('content-type', 'text/html').end(forms.join('')),
    );
    await new Promise<void>(resolve => void evil.listen(0, '127.0.0.1', resolve));
    for (const form of ['f0', 'f1', 'f2']) {
      await page.goto(`http://127.0.0.1:${(evil.address() as AddressInfo).port}/`);
      const answered = page.waitForResponse(response => response.request().method() === 'POST');
      await page.evaluate(`document.getElementById('${form}').submit()`);
      expect([303, 403]).toContain((await answered).status());
      await page.waitForURL(url => url.origin === base);
    }
    await page.goto(`${base}/account`);
    expect(await page.locator('.who').textContent()).toBe('victim@example.com');
    evil.close();
  },
);
