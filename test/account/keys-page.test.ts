import { describe, expect, test } from 'vitest';
import { serverForFile, type TestServer } from '../harness.ts';
import { type Browser, openBrowser } from '../users/browser.ts';

const server = serverForFile();

/** Somebody in front of a browser who has just signed in. */
async function signedIn(email: string, standing?: Parameters<TestServer['signIn']>[1]): Promise<Browser> {
  const browser = openBrowser(server);
  const [name = '', value = ''] = (await server.signIn(email, standing)).split('=');
  browser.cookies.set(name, value);
  return browser;
}

const keyIn = (text: string) => /<code class="secret">(pk_[^<]+)<\/code>/.exec(text)?.[1];
const worksFor = async (key: string) => (await server.fetch('/api/keys', { key })).status === 200;

describe('the API keys page', () => {
  test('leads from the list over "Create New API Key" to a key that is shown once', async () => {
    const browser = await signedIn('vera@example.com');
    const list = await browser.get('/account/keys');
    expect(list.text).toMatch(/<h1>API keys<\/h1>/);
    expect(list.text).toMatch(/<a class="button[^"]*" href="\/account\/keys\/new">Create New API Key<\/a>/);
    const shown = await browser.submit(
      '/account/keys/new',
      { name: 'Price <report>', expiresAt: '2099-01-31', scope: 'read' },
      '/account/keys/new',
    );
    expect(shown.status).toBe(200);
    expect(shown.headers.get('cache-control')).toBe('no-store');
    const key = keyIn(shown.text)!;
    expect(shown.text).toContain('it will not be shown again');
    expect(shown.text).toContain('Price &lt;report&gt;');
    expect(await worksFor(key)).toBe(true);
    const after = await browser.get('/account/keys');
    expect(after.text).toContain(`${key.slice(0, 15)}_…${key.slice(-4)}`);
    expect(after.text).toContain('2099-01-31 00:00 UTC');
    expect(after.text).not.toContain(key.slice(16, -6));
  });

  test('offers what the person may do, in words, and nothing more', async () => {
    const browser = await signedIn('small@example.com', { role: null, scopes: ['products:read'] });
    const { text } = await browser.get('/account/keys/new');
    expect(text).toContain('Read products, but no restricted fields');
    expect(text).not.toMatch(/value="(admin|read|write|orders:read|products\.cost:read)"/);
    const forged = await browser.submit(
      '/account/keys/new',
      { name: 'x', scope: 'write' },
      '/account/keys/new',
    );
    expect([forged.status, keyIn(forged.text)]).toEqual([403, undefined]);
    expect(forged.alert).toContain('does not have the scope');
  });

  test.each([
    [{ name: '', scope: 'read' }, 'The name must have 1 to 100 characters'],
    [{ name: 'x' }, 'Choose at least one scope'],
    [{ name: 'x', scope: 'read', expiresAt: '31.1.2099' }, 'The date must look like 2027-01-31.'],
    [{ name: 'x', scope: 'read', expiresAt: '2001-01-01' }, 'must be a time in the future'],
  ] as [Record<string, string>, string][])(
    'says what is wrong with %j, and keeps what was typed',
    async (fields, message) => {
      const browser = await signedIn('vera@example.com');
      const shown = await browser.submit('/account/keys/new', fields, '/account/keys/new');
      expect([shown.status, keyIn(shown.text)]).toEqual([400, undefined]);
      expect(shown.text).toMatch(new RegExp(message));
      expect(shown.text).toContain(`name="name" type="text" value="${fields.name}"`);
    },
  );

  test('rotates with an overlap that is chosen, and revokes', async () => {
    const browser = await signedIn('vera@example.com');
    const form = { name: 'Shop', scope: 'read' };
    const old = keyIn((await browser.submit('/account/keys/new', form, '/account/keys/new')).text)!;
    const id = old.slice(3, 15);
    const rotated = await browser.submit('/account/keys', { key: id, overlap: '24' }, '/account/keys/rotate');
    const next = keyIn(rotated.text)!;
    expect(rotated.text).toContain(`pk_${id}`);
    expect([await worksFor(old), await worksFor(next)]).toEqual([true, true]);
    const again = await browser.submit('/account/keys', { key: id, overlap: '24' }, '/account/keys/rotate');
    expect([again.status, again.alert]).toEqual([409, expect.stringContaining('was already rotated')]);
    expect((await browser.get('/account/keys')).text).toContain('was replaced');
    const last = await browser.submit(
      '/account/keys',
      { key: next.slice(3, 15), overlap: '0' },
      '/account/keys/rotate',
    );
    expect(await worksFor(next)).toBe(false);
    const key = keyIn(last.text)!;
    const revoked = await browser.submit('/account/keys', { key: key.slice(3, 15) }, '/account/keys/revoke');
    expect([revoked.status, revoked.location]).toEqual([303, '/account/keys?done=revoked']);
    expect(await worksFor(key)).toBe(false);
    const bad = await browser.submit('/account/keys', { key: id, overlap: '1e9' }, '/account/keys/rotate');
    expect([bad.status, bad.alert]).toEqual([400, 'Choose one of the listed periods.']);
  });

  test('shows nobody the keys of others, and ends none of them', async () => {
    const admin = await signedIn('admin@example.com');
    expect((await admin.get('/account/keys')).text).not.toContain('Price');
    const browser = await signedIn('vera@example.com');
    const id = server.adminKey.slice(3, 15);
    expect((await browser.get('/account/keys')).text).not.toContain(id);
    for (const act of ['rotate', 'revoke'])
      expect(
        (await browser.submit('/account/keys', { key: id, overlap: '0' }, `/account/keys/${act}`)).status,
      ).toBe(404);
    expect(await worksFor(server.adminKey)).toBe(true);
  });

  test('takes forms of its own pages alone', async () => {
    const browser = await signedIn('vera@example.com');
    const before = await server.prisma.apiKey.count();
    expect((await browser.post('/account/keys/new', 'name=x&scope=read')).status).toBe(403);
    const foreign = await browser.post('/account/keys/new', 'name=x&scope=read', {
      'sec-fetch-site': 'cross-site',
    });
    expect(foreign.status).toBe(403);
    expect(await server.prisma.apiKey.count()).toBe(before);
    expect((await browser.get('/account/keys/rotate')).location).toBe('/account/keys');
  });

  test('redirects to the sign-in page and back', async () => {
    const { status, location } = await openBrowser(server).get('/account/keys');
    expect([status, location]).toEqual([303, '/sign-in?return=%2Faccount%2Fkeys']);
  });
});
