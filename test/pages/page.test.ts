import { hash } from 'node:crypto';
import { expect, test } from 'vitest';
import { fault } from '../../src/base/errors.ts';
import { errorPage } from '../../src/pages/error-page.ts';
import { html } from '../../src/pages/html.ts';
import { page, redirect } from '../../src/pages/page.ts';

const shown = page({ title: 'A <title>', body: html`<p>Body</p>` });

test('a page has no script, asks nobody else for anything, and is not framed or kept', () => {
  expect(shown.headers).toMatchObject({
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-store',
    'referrer-policy': 'same-origin',
  });
  const policy = shown.headers!['content-security-policy']!;
  expect(policy).toMatch(
    /^default-src 'none'; style-src 'sha256-[^']+'; img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'$/,
  );
  const text = String(shown.body);
  expect(text).not.toMatch(/<script|\son\w+=|https?:(?!\/\/www\.w3\.org)|\sstyle=/);
  expect(text).toContain('<title>A &lt;title&gt; · Portolan</title>');
  expect(text).toContain('<html lang="en">');
});

test('the one style is the one that the policy allows', () => {
  const [, style] = /<style>([\s\S]*)<\/style>/.exec(String(shown.body))!;
  expect(shown.headers!['content-security-policy']).toContain(hash('sha256', style!, 'base64'));
});

test('forms may lead elsewhere only where that is said', () => {
  const policyOf = (formTargets: readonly string[] | 'any') =>
    page({ title: 'x', body: html``, formTargets }).headers!['content-security-policy'];
  expect(policyOf(['https://app.example'])).toContain("form-action 'self' https://app.example;");
  expect(policyOf('any')).not.toContain('form-action');
});

test('a page whose address is a secret tells nobody where one came from', () => {
  expect(page({ title: 'x', body: html``, secretAddress: true }).headers!['referrer-policy']).toBe(
    'no-referrer',
  );
});

test('errors are pages too, and escape what they repeat', () => {
  const answer = errorPage(fault('NOT_FOUND', 'There is no <b>.', { hint: 'Look <i>.' }), { id: 'r1' });
  expect(answer.status).toBe(404);
  expect(String(answer.body)).toContain('There is no &lt;b&gt;.');
  expect(String(answer.body)).toContain('Look &lt;i&gt;.');
  expect(String(answer.body)).not.toContain('r1');
  expect(String(errorPage(fault('INTERNAL', 'Oh.'), { id: 'r1' }).body)).toContain('<code>r1</code>');
});

test('a redirect goes on with GET', () => {
  expect(redirect('/account', ['a=b'])).toEqual({
    status: 303,
    headers: { location: '/account' },
    cookies: ['a=b'],
  });
});
