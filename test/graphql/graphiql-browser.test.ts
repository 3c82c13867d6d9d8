// GraphiQL in a browser: with the session where there is one, else with a key that the tab remembers.

import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { hasChromium, orSkipped, visitedServer } from '../chromium.ts';

const password = 'long enough and not common';
const visited = visitedServer({ ADMIN_PASSWORD: password });

async function open(page: Page): Promise<void> {
  await page.goto(`${visited.url}/graphql`);
  await page.locator('.graphiql-execute-button').waitFor();
}

/** @returns what GraphiQL shows when the query that stands there was run */
async function run(page: Page): Promise<string> {
  await page.locator('.graphiql-execute-button').click();
  const shown = page.locator('.result-window .view-lines');
  await expect.poll(() => shown.textContent()).toMatch(/"(data|errors)"/);
  return (await shown.textContent())!.replace(/\s/g, ' ');
}

const keyField = (page: Page) => page.getByLabel('API key');
const state = (page: Page) => page.locator('#bar-state');

describe.skipIf(!hasChromium)(`GraphiQL in a browser${orSkipped}`, () => {
  test('uses the session of a signed-in user, without asking for a key', async () => {
    const { page, complaints } = await visited.openTab();
    await page.goto(`${visited.url}/sign-in?return=/graphql`);
    await page.getByLabel('E-mail').fill('admin@example.com');
    await page.getByLabel('Password').fill(password);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.locator('.graphiql-execute-button').waitFor();
    await expect.poll(() => state(page).textContent()).toBe('You are signed in as Administrator.');
    expect(await keyField(page).isVisible()).toBe(false);
    expect(await run(page)).toMatch(/"data".*"products".*"price"/);
    expect(complaints).toEqual([]);
  });

  test('keeps a key in this tab only, until it is cleared', async () => {
    const { page, complaints } = await visited.openTab();
    const { key } = await visited.server.auth.keys.create({
      ...{ email: 'admin@example.com', name: 'My tab', scopes: ['read'] },
    });
    await open(page);
    await keyField(page).waitFor();
    expect(await run(page)).toContain('UNAUTHENTICATED');
    await keyField(page).fill(key);
    await page.getByRole('button', { name: 'Use key' }).click();
    await expect.poll(() => state(page).textContent()).toContain('The key “My tab” is kept in this tab');
    complaints.length = 0;
    await expect.poll(() => run(page)).toMatch(/"data".*"products".*"price"/);
    await open(page);
    await expect.poll(() => keyField(page).inputValue()).toBe(key);
    await expect.poll(() => state(page).textContent()).toContain('The key “My tab”');
    expect(await page.evaluate(() => JSON.stringify(localStorage))).not.toContain(key);
    expect(complaints).toEqual([]);

    const other = await visited.openTab(page.context());
    await open(other.page);
    await keyField(other.page).waitFor();
    expect(await keyField(other.page).inputValue()).toBe('');

    await page.getByRole('button', { name: 'Forget key' }).click();
    await expect.poll(() => keyField(page).inputValue()).toBe('');
    expect(await page.evaluate(() => sessionStorage.length)).toBe(0);
  });

  test('shows why a key is invalid', async () => {
    const { page } = await visited.openTab({ viewport: { width: 390, height: 800 } });
    await open(page);
    await keyField(page).fill('pk_wrong');
    await page.getByRole('button', { name: 'Use key' }).click();
    await expect.poll(() => state(page).textContent()).toContain('This API key is malformed');
  });
});
