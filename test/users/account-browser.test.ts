import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { hasChromium, orSkipped, visitedServer } from '../chromium.ts';

const password = 'long enough and not common';
const visited = visitedServer({ ADMIN_PASSWORD: password });
const desktop = { viewport: { width: 1_100, height: 800 } };
const phone = { viewport: { width: 375, height: 740 } };

async function signIn(page: Page, typed = password): Promise<void> {
  await page.getByLabel('E-mail').fill('admin@example.com');
  await page.getByLabel('Password').fill(typed);
  await page.keyboard.press('Enter');
}

describe.skipIf(!hasChromium)(`in a browser${orSkipped}`, () => {
  test('a browser signs in, changes its account, and signs out', async () => {
    const { page, complaints, foreignRequests } = await visited.openTab(desktop);
    await page.goto(`${visited.url}/account`);
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
    await page.goto(`${visited.url}/account`);
    expect(new URL(page.url()).pathname).toBe('/sign-in');
    expect([complaints, foreignRequests]).toEqual([[], []]);
    await signIn(page, 'another one that is long');
    await page.getByRole('heading', { name: 'Your account' }).waitFor();
  });

  test('an invitation is accepted', async () => {
    const answer = await visited.server.fetch('/api/invitations', {
      key: visited.server.adminKey,
      json: { email: 'grace@example.com' },
    });
    const { link } = await answer.json();
    const { page, complaints, foreignRequests } = await visited.openTab(phone);
    await page.goto(visited.url + new URL(link).pathname);
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
    expect([complaints, foreignRequests]).toEqual([[], []]);
  });

  test('another site cannot act for a signed-in user', async () => {
    const { page } = await visited.openTab(desktop);
    const [name = '', value = ''] = (await visited.server.signIn('victim@example.com')).split('=');
    await page.context().addCookies([{ name, value, url: visited.url, httpOnly: true, sameSite: 'Lax' }]);
    const paths = ['/sign-out', '/account/sessions/end-all', '/account/name'];
    const forms = paths.map(
      (path, i) =>
        `<form id="f${i}" method="post" action="${visited.url}${path}"><input name="name" value="x"></form>`,
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
      await page.waitForURL(url => url.origin === visited.url);
    }
    await page.goto(`${visited.url}/account`);
    expect(await page.locator('.who').textContent()).toBe('victim@example.com');
    evil.close();
  });
});
