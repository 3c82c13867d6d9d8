// "Creating an API Key", step by step as the document says it, in a browser.

import { expect, test } from 'vitest';
import { hasChromium, orSkipped, visitedServer } from '../chromium.ts';

const password = 'long enough and not common';
const visited = visitedServer({ ADMIN_PASSWORD: password });

test.skipIf(!hasChromium)(`a user creates, rotates and revokes a key on a phone${orSkipped}`, async () => {
  const { page, complaints } = await visited.openTab({
    viewport: { width: 390, height: 800 },
    javaScriptEnabled: false,
  });
  const { server, url } = visited;
  const statusOf = async (key: string) => (await server.fetch('/api/me', { key })).status;

  await page.goto(`${url}/account`);
  await page.getByLabel('E-mail').fill('admin@example.com');
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  // Navigate to API Keys page
  await page.getByRole('navigation', { name: 'Account' }).getByRole('link', { name: 'API keys' }).click();
  // Click "Create New API Key"
  await page.getByRole('link', { name: 'Create New API Key' }).click();
  // Set a descriptive name and optional expiration date
  await page.getByLabel('Name').fill('Price report');
  await page.getByLabel('Expiry date').fill('2099-01-31');
  await page.getByText('Single sets and restricted fields').first().click();
  await page.getByLabel('Read the purchase price of products').check();
  const wide = await page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth);
  expect(wide).toBe(false);
  await page.getByRole('button', { name: 'Create key' }).click();
  // Copy the generated key immediately (it won't be shown again)
  const key = (await page.locator('code.secret').textContent())!;
  const asked = await server.fetch('/api/query', {
    key,
    json: { query: 'products(take: 1) { id, name, cost }' },
  });
  expect([asked.status, (await asked.json()).products.length]).toEqual([200, 1]);
  await page.getByRole('link', { name: 'Back to API keys' }).click();
  expect(await page.content()).not.toContain(key.slice(16, -6));
  const item = page.getByRole('listitem').filter({ hasText: 'Price report' });
  expect(await item.textContent()).toContain(`${key.slice(0, 15)}_…${key.slice(-4)}`);

  await item.locator('summary', { hasText: 'Rotate' }).click();
  await item.getByLabel('Keep the old key valid for').selectOption('0');
  await item.getByRole('button', { name: 'Rotate key' }).click();
  const next = (await page.locator('code.secret').textContent())!;
  expect([await statusOf(key), await statusOf(next)]).toEqual([401, 200]);
  await page.getByRole('link', { name: 'Back to API keys' }).click();
  await page.getByRole('button', { name: 'Revoke Price report' }).click();
  expect(await page.getByRole('status').textContent()).toContain('API key revoked');
  expect(await statusOf(next)).toBe(401);
  expect(complaints).toEqual([]);
});
