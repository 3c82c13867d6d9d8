import { describe, expect, test } from 'vitest';
import { serverForFile } from '../harness.ts';
import { type Browser, openBrowser } from './browser.ts';

const password = 'long enough and not common';
const path = '/account/people';
const server = serverForFile({ env: { ADMIN_PASSWORD: password } });

async function as(
  email: string,
  standing?: { role?: 'administrator' | 'viewer' | null; scopes?: string[] },
): Promise<Browser> {
  const browser = openBrowser(server);
  const [name = '', value = ''] = (await server.signIn(email, standing)).split('=');
  browser.cookies.set(name, value);
  return browser;
}

const asAdmin = () => as('admin@example.com');

let users = 0;
async function somebody(more: Record<string, unknown> = {}) {
  const passwordHash = await server.auth.passwords.hash(password);
  const data = { email: `page-${++users}@example.com`, role: 'viewer' as const, passwordHash, ...more };
  return server.prisma.user.create({ data });
}

const find = (id: string) => server.prisma.user.findUnique({ where: { id } });

describe('an administrator', () => {
  test('finds users and escapes their names', async () => {
    const { id } = await somebody({ name: '<script>alert(1)</script>' });
    const browser = await asAdmin();
    const { status, text } = await browser.get(`${path}?search=%3Cscript`);
    expect(status).toBe(200);
    expect(text).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
    expect(text).toContain('value="&lt;script"');
    expect(text).not.toContain('<script');
    expect(text).toContain(`href="${path}/${id}"`);
    expect((await browser.get(`${path}/${id}`)).text).not.toContain('<script');
    expect((await browser.get(path)).text).toContain('aria-current="page">Users');
  });

  test('goes through many of them page by page', async () => {
    const data = Array.from({ length: 60 }, (_, i) => ({
      email: `many-${String(i).padStart(2, '0')}@example.com`,
    }));
    await server.prisma.user.createMany({ data });
    const browser = await asAdmin();
    const first = await browser.get(`${path}?search=many-`);
    const more = /<a href="([^"]+)">Next page/.exec(first.text)![1]!.replaceAll('&amp;', '&');
    const second = await browser.get(more);
    expect(first.text).toContain('many-49@');
    expect(second.text).toContain('many-50@');
    expect(second.text).not.toContain('>Next page<');
  });

  test('invites a user and shows the link once', async () => {
    const browser = await asAdmin();
    const answer = await browser.submit(path, { email: 'Invited@Example.com', name: 'In', role: 'editor' });
    expect(answer.status).toBe(200);
    const [, link = ''] = /class="secret">(http[^<]+)</.exec(answer.text) ?? [];
    expect((await openBrowser(server).get(new URL(link).pathname)).text).toContain('invited@example.com');
    const { id } = await server.prisma.user.findUniqueOrThrow({ where: { email: 'invited@example.com' } });
    expect((await browser.get(path)).text).not.toContain('class="secret"');
    const again = await browser.submit(`${path}/${id}`, { do: 'resend' });
    expect(again.text).toMatch(/class="secret">http[^<]+\/invitation\//);
    expect((await openBrowser(server).get(new URL(link).pathname)).status).toBe(404);
    expect(await browser.submit(`${path}/${id}`, { do: 'withdraw' })).toMatchObject({
      status: 303,
      location: `${path}?done=withdrawn`,
    });
    expect(await find(id)).toBeNull();
  });

  test('shows what is wrong with an invitation', async () => {
    const browser = await asAdmin();
    expect(await browser.submit(path, { email: 'nobody', role: 'viewer' })).toMatchObject({
      status: 400,
      alert: 'This is not a valid e-mail address.',
    });
    expect(await browser.submit(path, { email: 'admin@example.com', role: 'viewer' })).toMatchObject({
      status: 409,
    });
    expect(await browser.submit(path, { email: 'x@example.com', role: 'root' })).toMatchObject({
      status: 400,
    });
  });

  test('changes name, role and scopes', async () => {
    const { id } = await somebody({ scopes: ['products.cost:read'] });
    const browser = await asAdmin();
    const { text } = await browser.get(`${path}/${id}`);
    expect(text).toMatch(/value="products.cost:read" checked/);
    const token = /form_token" value="([^"]+)/.exec(text)![1]!;
    const sent = `form_token=${token}&do=save&name=Ada&role=editor&scope=customers.contact%3Aread&scope=products.cost%3Awrite`;
    expect(await browser.post(`${path}/${id}`, sent)).toMatchObject({
      status: 303,
      location: `${path}/${id}?done=saved`,
    });
    expect(await find(id)).toMatchObject({
      name: 'Ada',
      role: 'editor',
      scopes: ['customers.contact:read', 'products.cost:write'],
    });
    await browser.submit(`${path}/${id}`, { do: 'save', name: '', role: '' });
    expect(await find(id)).toMatchObject({ name: '', role: null, scopes: [] });
  });

  test('disables, enables, ends sessions, sends links, deletes', async () => {
    const { id, email } = await somebody();
    await server.signIn(email);
    const browser = await asAdmin();
    const act = (what: string, more = {}) => browser.submit(`${path}/${id}`, { do: what, ...more });
    expect((await act('reset')).text).toMatch(/class="secret">http[^<]+\/reset\//);
    expect((await act('end-sessions')).location).toBe(`${path}/${id}?done=ended`);
    expect(await server.auth.sessions.list(id)).toEqual([]);
    await act('disable');
    expect((await find(id))?.disabledAt).not.toBeNull();
    expect(await act('reset')).toMatchObject({ status: 409, alert: 'The account is disabled.' });
    await act('enable');
    expect((await find(id))?.disabledAt).toBeNull();
    expect(await act('delete')).toMatchObject({
      status: 400,
      alert: `To delete the account, type ${email}.`,
    });
    expect(await act('explode')).toMatchObject({ status: 400 });
    expect((await act('delete', { confirm: email.toUpperCase() })).location).toBe(`${path}?done=deleted`);
    expect(await find(id)).toBeNull();
    expect((await browser.get(`${path}/${id}`)).status).toBe(404);
  });

  test('does not lock the last one out', async () => {
    const { id } = await server.prisma.user.findUniqueOrThrow({ where: { email: 'admin@example.com' } });
    const browser = await asAdmin();
    expect(await browser.submit(`${path}/${id}`, { do: 'save', name: 'x', role: 'viewer' })).toMatchObject({
      status: 409,
      alert: 'This is the last administrator.',
    });
    for (const what of ['disable', 'delete'])
      expect((await browser.submit(`${path}/${id}`, { do: what, confirm: 'admin@example.com' })).status).toBe(
        409,
      );
    expect((await browser.get(`${path}/${id}`)).text).not.toContain('Delete account');
  });
});

describe('everybody else', () => {
  test('is sent to the sign-in, or told that this is not for them', async () => {
    const { id } = await somebody();
    for (const page of [path, `${path}/${id}`]) {
      expect((await openBrowser(server).get(page)).location).toBe(
        `/sign-in?return=${encodeURIComponent(page)}`,
      );
      const viewer = await as('viewer@example.com');
      expect((await viewer.get(page)).status).toBe(403);
      expect(
        (await viewer.submit('/account', { do: 'delete', email: 'x@example.com', role: 'viewer' }, page))
          .status,
      ).toBe(403);
    }
    expect((await (await as('viewer@example.com')).get('/account')).text).not.toContain(path);
  });

  test('administrators cannot grant more than they have', async () => {
    const { id } = await somebody();
    const narrow = await as('narrow@example.com', { role: null, scopes: ['admin', 'read'] });
    expect(
      (await narrow.submit(`${path}/${id}`, { do: 'save', name: '', role: 'administrator' })).status,
    ).toBe(403);
    expect((await narrow.submit(path, { email: 'more@example.com', role: 'editor' })).status).toBe(403);
    expect((await narrow.submit(`${path}/${id}`, { do: 'save', name: 'ok', role: 'viewer' })).status).toBe(
      303,
    );
    const { id: admin } = await server.prisma.user.findUniqueOrThrow({
      where: { email: 'admin@example.com' },
    });
    expect((await narrow.submit(`${path}/${admin}`, { do: 'reset' })).status).toBe(403);
  });

  test('a page of another origin changes nothing', async () => {
    const { id } = await somebody();
    const browser = await asAdmin();
    const token = /form_token" value="([^"]+)/.exec((await browser.get(`${path}/${id}`)).text)![1]!;
    expect((await browser.post(`${path}/${id}`, 'do=disable')).status).toBe(403);
    expect(
      (
        await browser.post(`${path}/${id}`, `do=disable&form_token=${token}`, {
          'sec-fetch-site': 'cross-site',
        })
      ).status,
    ).toBe(403);
    expect((await find(id))?.disabledAt).toBeNull();
  });
});
