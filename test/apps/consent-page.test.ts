import { describe, expect, test } from 'vitest';
import project from '../../portolan.config.ts';
import { type Consent, consentLists, consentPage, readConsent } from '../../src/apps/pages/consent-page.ts';
import { createScopeDescriptions } from '../../src/auth/scopes/describe-scope.ts';
import { FetchIncoming } from '../../src/http/node/incoming-fetch.ts';
import { html } from '../../src/pages/html.ts';
import { readForm } from '../../src/pages/read-form.ts';
import { catalogOf } from '../../src/project.ts';

const catalog = catalogOf(project);
const words = { describeScope: createScopeDescriptions(catalog), knownScopes: catalog.scopes };

const consent: Consent = {
  client: {
    id: 'app_abcdefghijkmnpqrstuv',
    name: 'Stock report',
    description: 'Weekly figures by mail.',
    homePage: 'https://report.example/about?x=1',
    logo: true,
    developer: { name: 'Ada & Co' },
  },
  user: { name: 'Vera', email: 'vera@example.com' },
  asked: ['products.cost:read', 'read', 'write'],
  owned: ['products.cost:read', 'read'],
  past: { scopes: [], isNew: false },
  redirectUri: 'https://report.example/oauth/callback',
  action: '/auth/oauth/interaction/uid/consent',
  otherAccount: '/sign-in?return=%2Fauth',
  guarded: html`<input type="hidden" name="form_token" value="t">`,
};

const show = (more: Partial<Consent> = {}) => {
  const { status, headers, body } = consentPage({ ...consent, ...more }, words);
  return { status, headers: headers!, body: String(body) };
};
const form = async (body: string) =>
  readForm(
    new FetchIncoming(
      new Request('http://localhost/', {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body,
      }),
      '192.0.2.1',
    ),
    { lists: consentLists },
  );

describe('the consent page', () => {
  test('says who asks, for whom, what for, what not, and where it leads', () => {
    const { status, body } = show();
    expect(status).toBe(200);
    expect(body).toContain('<h1><bdi>Stock report</bdi> asks for access</h1>');
    expect(body).toContain('by <bdi>Ada &amp; Co</bdi>, <a href="https://report.example/about?x=1"');
    expect(body).toContain('>report.example</a>');
    expect(body).toContain('src="/apps/app_abcdefghijkmnpqrstuv/logo" alt=""');
    expect(body).toContain('<bdi>Vera</bdi></strong> <span class="faded">vera@example.com</span>');
    expect(body).toContain('href="/sign-in?return=%2Fauth">Use another account</a>');
    expect(body).toContain('redirected to <strong><bdi>report.example</bdi></strong>');
    expect(body).toMatch(
      /name="scope" value="products.cost:read" checked.*Read the purchase price of products/,
    );
    expect(body).toMatch(/name="scope" value="read" checked.*Read all data/);
    expect(body).toContain('<li>Read the email and phone of customers</li>');
    expect(body).toContain('See your password');
    expect(body).not.toContain('<li>Read the purchase price');
  });

  test('offers nothing that the person may not do themselves, and says so', () => {
    const { body } = show();
    expect(body).not.toContain('value="write"');
    expect(body).toContain(
      '<li>Use permissions that it requests but you do not have: <code>write</code></li>',
    );
    const nothing = show({ asked: ['write'] });
    expect(nothing.body).toContain('requests only permissions that you do not have');
    expect(nothing.body).not.toContain('value="allow"');
    expect(nothing.body).toContain('value="deny"');
    expect(show({ asked: ['read'], owned: ['products:read'] }).body).toContain(
      'You can allow only part of this: Read products, but no restricted fields.',
    );
  });

  test('is modest with what is new, and says what was allowed before', () => {
    expect(show({ past: { scopes: [], isNew: true } }).body).toContain('No user has approved this app yet');
    expect(show().body).toContain('Developers register their own apps');
    const again = show({ past: { scopes: ['read'], isNew: false } }).body;
    expect(again).toContain('You allowed this before.');
    expect(again).not.toContain('Developers register their own apps');
  });

  test('says what admin is', () => {
    const { body } = show({ asked: ['admin'], owned: ['admin', 'read'] });
    expect(body).toContain('everything that an administrator can do');
  });

  test('keeps what was unticked when it is shown again with an error', () => {
    const { status, body } = show({ ticked: ['read'], error: 'Tick at least one thing.' });
    expect(status).toBe(400);
    expect(body).toContain('role="alert"');
    expect(body).toMatch(/value="read" checked/);
    expect(body).not.toMatch(/value="products.cost:read" checked/);
  });

  test('has no script, cannot be framed, and may lead to the app and nowhere else', () => {
    const policy = (redirectUri: string) => show({ redirectUri }).headers['content-security-policy'];
    expect(policy('https://report.example/oauth/callback')).toContain(
      "form-action 'self' https://report.example;",
    );
    expect(policy('http://127.0.0.1:53682/cb')).toContain("form-action 'self' http://127.0.0.1:53682;");
    expect(policy('http://[::1]:53682/cb')).not.toContain('form-action');
    expect(policy('com.example.app:/cb')).not.toContain('form-action');
    expect(policy('com.example.app:/cb')).toContain("default-src 'none'");
    expect(policy('com.example.app:/cb')).toContain("frame-ancestors 'none'");
    expect(show().headers['cache-control']).toBe('no-store');
    expect(show().body).not.toMatch(/<script|\son\w+=|javascript:/i);
  });

  test('does not let a hostile app out of its place', () => {
    const evil = '"><script>alert(1)</script><img src=x onerror=alert(1)>\u202e';
    const { body } = show({
      client: {
        ...consent.client,
        name: evil,
        description: evil,
        developer: { name: evil },
        homePage: 'https://evil.example/"><script>',
        logo: false,
      },
      user: { name: evil, email: evil },
      redirectUri: 'com.example.app:/"><script>',
    });
    expect(body).not.toMatch(/<script|<img/);
    expect(body.match(/&lt;script&gt;/g)!.length).toBeGreaterThan(4);
    expect(body).not.toMatch(/<bdi>[^<]*"/);
  });
});

describe('what was decided', () => {
  test.each([
    ['decision=deny&scope=read', { kind: 'deny' }],
    [
      'decision=allow&scope=read&scope=products.cost:read',
      { kind: 'allow', scopes: ['products.cost:read', 'read'] },
    ],
    ['decision=allow&scope=read', { kind: 'allow', scopes: ['read'] }],
    // What was not offered is not granted, whatever is sent.
    ['decision=allow&scope=read&scope=write&scope=admin&scope=x', { kind: 'allow', scopes: ['read'] }],
    ['decision=allow&scope=write', { kind: 'unclear' }],
    ['decision=allow', { kind: 'unclear' }],
    ['scope=read', { kind: 'unclear' }],
    ['decision=yes&scope=read', { kind: 'unclear' }],
  ])('%s', async (sent, decision) => {
    expect(readConsent(await form(sent), consent)).toMatchObject(decision);
  });

  test('two decisions at once are none', async () => {
    await expect(form('decision=deny&decision=allow')).rejects.toMatchObject({ code: 'MALFORMED_REQUEST' });
  });
});
