import { beforeAll, describe, expect, test } from 'vitest';
import { serverForFile, startServer } from '../harness.ts';
import { type Browser, openBrowser, type Shown } from '../users/browser.ts';
import { png } from './images.ts';

let developer: Browser;
let stranger: Browser;
const server = serverForFile();
beforeAll(async () => {
  [developer, stranger] = [await visitor('developer@example.com'), await visitor('stranger@example.com')];
  await developer.submit('/account/developer', {
    name: 'Ada & Co',
    website: '',
    contactEmail: 'ada@example.com',
  });
});

async function visitor(email: string): Promise<Browser> {
  const browser = openBrowser(server);
  const [name = '', value = ''] = (await server.signIn(email, { role: 'editor' })).split('=');
  browser.cookies.set(name, value);
  return browser;
}

const fields = {
  name: 'Stock report',
  redirectUris: 'https://report.example/cb\r\nhttp://127.0.0.1/cb\r\n',
  scope: 'read',
  kind: 'confidential',
};
const create = (more: Record<string, string> = {}): Promise<Shown> =>
  developer.submit('/account/developer/new', { ...fields, ...more });
const idIn = ({ text }: Shown): string => /app_[a-z2-9]{20}/.exec(text)![0];
const pageOf = (id: string) => `/account/developer/apps/${id}`;

describe('/account/developer', () => {
  test('registers a signed-in user and shows validation errors', async () => {
    const newcomer = await visitor('newcomer@example.com');
    expect((await newcomer.get('/account/developer')).text).toContain('Register as a developer');
    const wrong = await newcomer.submit('/account/developer', {
      name: 'N',
      contactEmail: 'nobody',
      website: '',
    });
    expect(wrong).toMatchObject({ status: 400, alert: 'This is not a valid e-mail address.' });
    expect(wrong.text).toContain('value="nobody"');
    const right = await newcomer.submit('/account/developer', { name: 'N', contactEmail: 'n@example.com' });
    expect(right).toMatchObject({ status: 303, location: '/account/developer?done=saved' });
    expect((await newcomer.get('/account/developer')).text).toContain('You have no apps yet.');
  });

  test.each([
    ['admin@localhost', 'Administrator'],
    ["o'neill@example.com", 'n'.repeat(100)],
    ['no-name@example.com', ''],
  ])('takes what it fills in itself: %s', async (email, name) => {
    const browser = await visitor(email);
    await server.prisma.user.update({ where: { email }, data: { name } });
    await server.auth.sessions.forget((await server.prisma.user.findUniqueOrThrow({ where: { email } })).id);
    const { text } = await browser.get('/account/developer');
    const filledIn = (field: string) =>
      new RegExp(`name="${field}"[^>]* value="([^"]*)"`).exec(text)?.[1]?.replace('&#39;', "'") ?? '';
    expect(filledIn('contactEmail')).toBe(email);
    const sent = { name: filledIn('name') || 'Chosen', contactEmail: filledIn('contactEmail'), website: '' };
    expect(await browser.submit('/account/developer', sent)).toMatchObject({ status: 303 });
  });

  test('is for who is signed in', async () => {
    const nobody = openBrowser(server);
    for (const path of [
      '/account/developer',
      '/account/developer/new',
      pageOf('app_x'),
      '/account/connected-apps',
    ])
      expect((await nobody.get(path)).location).toBe(`/sign-in?return=${encodeURIComponent(path)}`);
  });

  test('refers to an administrator when registration is closed', async () => {
    await using closed = await startServer({ env: { DEVELOPER_REGISTRATION: 'closed' } });
    const cookie = await closed.signIn('somebody@example.com');
    const page = await (await closed.fetch('/account/developer', { headers: { cookie } })).text();
    expect(page).toContain('Only administrators can register developers');
    expect(page).not.toContain('name="contactEmail"');
  });
});

describe('a new app', () => {
  test('is shown with its secret, which no later page shows', async () => {
    const made = await create();
    expect(made.status).toBe(200);
    const secret = /pas_[\w-]+/.exec(made.text)![0];
    const id = idIn(made);
    const later = await developer.get(pageOf(id));
    expect(later.text).toContain(`<code class="secret">${id}</code>`);
    expect(later.text).not.toContain(secret);
    expect(later.text).toContain(`…${secret.slice(-4)}`);
    expect(later.text).toContain(
      `client_id=${id}&amp;redirect_uri=https%3A%2F%2Freport.example%2Fcb&amp;response_type=code`,
    );
    expect((await developer.get('/account/developer')).text).toContain(pageOf(id));
  });

  test('that is public has none, and its test address has a challenge', async () => {
    const made = await create({ kind: 'public' });
    expect(made.text).not.toMatch(/pas_|Create secret/);
    expect(made.text).toMatch(/code_challenge=[\w-]{43}&amp;code_challenge_method=S256/);
  });

  test('that is not well described is described again', async () => {
    const wrong = await create({ redirectUris: 'http://report.example/' });
    expect(wrong.status).toBe(400);
    expect(wrong.alert).toContain('uses http');
    expect(wrong.text).toContain('value="Stock report"');
    expect(wrong.text).toMatch(/value="read" checked/);
    expect((await create({ scope: 'admin' })).status).toBe(400);
  });

  test('offers the scope admin to administrators alone', async () => {
    expect((await developer.get('/account/developer/new')).text).not.toContain('value="admin"');
    const administrator = openBrowser(server);
    administrator.cookies.set(...((await server.signIn()).split('=') as [string, string]));
    expect((await administrator.get('/account/developer/new')).text).toContain('value="admin"');
  });
});

describe('the page of an app', () => {
  test('saves, rotates, disables, enables and deletes', async () => {
    const id = idIn(await create());
    const act = (what: string, sent: Record<string, string> = {}) =>
      developer.submit(pageOf(id), sent, `${pageOf(id)}/${what}`);
    const saved = await act('save', { ...fields, name: 'New name', scope: 'write' });
    expect(saved.text).toMatch(/Saved\.[\s\S]*value="write" checked/);
    const wrong = await act('save', { ...fields, name: '' });
    expect(wrong).toMatchObject({ status: 400 });
    const rotated = await act('secret', { overlap: '24' });
    expect(rotated.text).toMatch(/pas_/);
    expect(rotated.text.match(/expires <time/g)).toHaveLength(1);
    expect((await act('secret', { overlap: '-1' })).status).toBe(400);
    const secret = /name="secret" value="([^"]+)"/.exec(rotated.text)![1]!;
    expect((await act('remove-secret', { secret })).text).toContain('Secret revoked.');
    expect((await act('disable')).location).toBe(pageOf(id));
    expect((await developer.get(pageOf(id))).text).toContain('Enable or delete');
    await act('enable');
    for (const unknown of ['__proto__', 'constructor', 'x', 'save/x'])
      expect((await act(unknown)).status).toBe(404);
    expect((await act('delete')).status).toBe(400);
    expect((await act('delete', { sure: 'yes' })).location).toBe('/account/developer?done=deleted');
    expect((await developer.get(pageOf(id))).status).toBe(404);
  });

  test('takes a logo as browsers send it', async () => {
    const id = idIn(await create());
    const upload = async (file: Uint8Array, more: Record<string, string> = {}, browser = developer) => {
      const { text } = await browser.get('/account/developer');
      const sent = new FormData();
      const token = /name="form_token" value="([^"]+)"/.exec(text)![1]!;
      for (const [name, value] of Object.entries({ form_token: token, ...more })) sent.append(name, value);
      sent.append('logo', new Blob([Uint8Array.from(file)], { type: 'image/png' }), '../../x.png');
      const cookie = [...browser.cookies].map(pair => pair.join('=')).join('; ');
      // A FormData that is not read to its end fails in fetch itself.
      const whole = new Response(sent);
      const body = await whole.clone().arrayBuffer();
      const type = whole.headers.get('content-type')!;
      const headers = { cookie, 'sec-fetch-site': 'same-origin', 'content-type': type };
      return server.fetch(`/account/developer/logos/${id}`, {
        method: 'POST',
        body,
        headers,
        redirect: 'manual',
      });
    };
    expect((await upload(png(64, 64))).headers.get('location')).toBe(pageOf(id));
    expect((await developer.get(pageOf(id))).text).toContain(`src="/apps/${id}/logo?v=`);
    expect((await upload(Buffer.from('<svg/>'))).status).toBe(400);
    expect((await upload(new Uint8Array())).status).toBe(400);
    expect(await (await upload(Buffer.alloc(262_145))).text()).toContain('at most 256 KB');
    expect((await upload(Buffer.alloc(400_000))).status).toBe(413);
    expect((await upload(png(64, 64), { form_token: 'x' })).status).toBe(403);
    expect((await upload(png(64, 64), { a: 'x'.repeat(9_000) })).status).toBe(400);
    expect((await upload(png(64, 64), {}, stranger)).status).toBe(404);
    const urlencoded = await developer.post(`/account/developer/logos/${id}`, 'logo=x');
    expect(urlencoded.status).toBe(415);
    await developer.submit(pageOf(id), {}, `${pageOf(id)}/remove-logo`);
    expect((await developer.get(pageOf(id))).text).not.toContain('/logo?v=');
  });

  test('of another user is not found', async () => {
    const id = idIn(await create());
    expect((await stranger.get(pageOf(id))).status).toBe(404);
    for (const what of ['save', 'secret', 'remove-secret', 'remove-logo', 'disable', 'enable', 'delete']) {
      const sent = { ...fields, sure: 'yes', secret: 'x' };
      expect((await stranger.submit('/account/developer', sent, `${pageOf(id)}/${what}`)).status).toBe(404);
    }
    expect((await developer.get(pageOf(id))).status).toBe(200);
  });

  test('takes no form of another page', async () => {
    const id = idIn(await create());
    expect((await developer.post(`${pageOf(id)}/disable`, '')).status).toBe(403);
    const { text } = await developer.get(pageOf(id));
    const token = /name="form_token" value="([^"]+)"/.exec(text)![1]!;
    const foreign = { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' };
    expect((await developer.post(`${pageOf(id)}/disable`, `form_token=${token}`, foreign)).status).toBe(403);
    expect((await developer.get(pageOf(id))).text).not.toContain('Enable or delete');
  });

  test('does not let hostile names out of their place', async () => {
    const evil = '"><script>alert(1)</script>';
    const made = await create({ name: evil, description: `</textarea>${evil}`, homePage: '' });
    for (const page of [made, await developer.get('/account/developer')]) {
      expect(page.text).not.toMatch(/<script/);
      expect(page.text).toContain('&lt;script&gt;');
      expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
    }
  });
});

describe('/account/connected-apps', () => {
  test('says who may do what, and disconnects', async () => {
    const id = idIn(await create({ name: 'Reports & more' }));
    const user = await server.prisma.user.findUniqueOrThrow({ where: { email: 'stranger@example.com' } });
    await server.app.apps.grants.record({
      id: 'g',
      userId: user.id,
      appId: id,
      scopes: ['products.cost:read'],
      redirectUri: 'https://app.example/callback',
    });
    const page = await stranger.get('/account/connected-apps');
    expect(page.text).toContain('<bdi>Reports &amp; more</bdi>');
    expect(page.text).toContain('by <bdi>Ada &amp; Co</bdi>');
    expect(page.text).toContain('<li>Read the purchase price of products</li>');
    expect(page.text).toContain('Never');
    expect((await developer.get('/account/connected-apps')).text).toContain('No connected apps.');
    const end = (browser: Browser) =>
      browser.submit('/account/connected-apps', { app: id }, '/account/connected-apps/end');
    expect((await end(developer)).status).toBe(404);
    expect((await end(stranger)).location).toBe('/account/connected-apps?done=ended');
    expect((await stranger.get('/account/connected-apps?done=ended')).text).toContain('App disconnected.');
  });
});
