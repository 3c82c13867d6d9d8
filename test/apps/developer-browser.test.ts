// From nobody to an app that asks for consent, as a developer does it in a browser.

import { describe, expect, test } from 'vitest';
import { hasChromium, orSkipped, visitedServer } from '../chromium.ts';
import { png } from './images.ts';

const visited = visitedServer();

describe.skipIf(!hasChromium)(`a developer${orSkipped}`, () => {
  test('registers, creates an app, uploads a logo, and opens its consent page', async () => {
    const { server, url } = visited;
    const [name = '', value = ''] = (await server.signIn('ada@example.com', { role: 'editor' })).split('=');
    const { page, context, complaints } = await visited.openTab({ viewport: { width: 360, height: 640 } });
    await context.addCookies([{ name, value, url }]);
    const button = (text: string) => page.getByRole('button', { name: text, exact: true });

    await page.goto(`${url}/account/developer`);
    await page.getByLabel('Name').fill('Ada & Co');
    await button('Register').click();
    await page.getByRole('link', { name: 'New app' }).click();
    await page.getByLabel('Name').fill('Stock report');
    await page.getByLabel('Redirect URIs').fill('https://report.example/callback');
    await page.getByText('Single sets and restricted fields').first().click();
    await page.getByLabel('Read the purchase price of products').check();
    await button('Create app').click();

    const secret = await page.locator('.notice .secret').textContent();
    const clientId = await page.locator('.facts .secret').textContent();
    expect(await server.app.apps.clients.verifySecret(clientId!, secret!)).toBe(true);

    await page
      .getByLabel('Image')
      .setInputFiles({ name: 'a.png', mimeType: 'image/png', buffer: png(64, 64) });
    await button('Upload').click();
    await page.waitForURL(`${url}/account/developer/apps/${clientId}`);
    const width = () =>
      page.evaluate(() => document.querySelector<HTMLImageElement>('img.mark')?.naturalWidth);
    await expect.poll(width).toBe(64);
    expect(await page.content()).not.toContain(secret!);
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBe(0);

    await page.getByRole('link', { name: 'Try it' }).click();
    await page.getByRole('heading', { name: 'Stock report asks for access' }).waitFor();
    // She may not read purchase prices herself, so she cannot allow it to.
    expect(await page.getByRole('checkbox').count()).toBe(1);
    expect(await page.textContent('main')).toContain('products.cost:read');
    expect(complaints).toEqual([]);
  });
});
