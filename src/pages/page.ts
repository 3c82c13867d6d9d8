// A whole page. Pages contain no scripts, load nothing from other hosts, and cannot be framed.

import { hash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Answer } from '../http/message/message.ts';
import { Html, html } from './html.ts';

export interface Page {
  /** The window title; the heading is part of `body`. */
  readonly title: string;
  readonly body: Html;
  readonly status?: number;
  readonly cookies?: readonly string[];
  readonly headers?: Readonly<Record<string, string>>;
  /** Whether to use a wider sheet. */
  readonly wide?: boolean;
  /**
   * Other origins that a form on the page may redirect to: browsers apply `form-action` to redirects after a form as well.
   * `any` for addresses without an origin, such as `app.example:/callback`.
   */
  readonly formTargets?: readonly string[] | 'any';
  /** Whether the page's address is a secret. Browsers then send `Origin: null` with its forms. */
  readonly secretAddress?: boolean;
}

/** @returns a page with one centered sheet, such as sign-in or consent */
export const page = ({ body, wide, ...rest }: Page): Answer =>
  document({
    ...rest,
    body: html`<div class="alone">${brand}<main id="content" class="${wide ? 'wide' : ''}">${body}</main></div>`,
  });

/** @returns a page without a layout around `body` */
export function document({
  title,
  body,
  status = 200,
  cookies,
  headers,
  ...rest
}: Omit<Page, 'wide'>): Answer {
  return {
    status,
    cookies,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': policy(rest.formTargets),
      // With `no-referrer`, browsers hide the origin of forms; only pages with a secret address need it.
      'referrer-policy': rest.secretAddress ? 'no-referrer' : 'same-origin',
      'cache-control': 'no-store',
      ...headers,
    },
    body: render(title, body).markup,
  };
}

/** @returns 303: the browser continues with GET, whatever the method was */
export const redirect = (location: string, cookies?: readonly string[]): Answer => ({
  status: 303,
  headers: { location },
  cookies,
});

const style = readFileSync(new URL('./style.css', import.meta.url), 'utf8');
const styleHash = hash('sha256', style, 'base64');

/** A compass rose, as on a nautical chart. */
const rose =
  '<svg viewBox="0 0 32 32" aria-hidden="true" focusable="false"><circle cx="16" cy="16" r="14" fill="none" stroke="currentColor" stroke-width="1.6"/><path d="M16 4l3.2 12L16 28l-3.2-12z" fill="currentColor"/><path d="M4 16l9-2.2v4.4zM28 16l-9-2.2v4.4z" fill="currentColor" opacity=".55"/></svg>';
const icon = rose.replace('<svg ', '<svg xmlns="http://www.w3.org/2000/svg" color="#0d7a99" ');

export const brand = html`<a class="brand" href="/account">${new Html(rose)}<span>Portolan</span></a>`;

const render = (title: string, body: Html): Html => html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${title} · Portolan</title>
<link rel="icon" href="data:image/svg+xml,${encodeURIComponent(icon)}">
<style>${new Html(style)}</style>
</head>
<body>
<a class="skip" href="#content">Skip to content</a>
${body}
</body>
</html>
`;

function policy(targets: Page['formTargets']): string {
  const forms = targets === 'any' ? [] : [`form-action ${["'self'", ...(targets ?? [])].join(' ')}`];
  return [
    "default-src 'none'",
    `style-src 'sha256-${styleHash}'`,
    "img-src 'self' data:",
    ...forms,
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}
