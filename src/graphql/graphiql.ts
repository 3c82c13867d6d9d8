// GraphiQL for browsers: a self-contained page that loads nothing from other hosts.

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzip } from 'node:zlib';
import { renderGraphiQL } from '@graphql-yoga/render-graphiql';
import { accepts } from '../http/compression/accept-encoding.ts';
import type { Answer, Incoming } from '../http/message/message.ts';

/** Whether the request is a browser navigation that expects HTML. */
export const wantsPage = (request: Incoming): boolean =>
  request.method === 'GET' && (request.header('accept')?.includes('text/html') ?? false);

/** @returns a handler that serves the page, which is rendered on the first request */
export function createGraphiql(): (request: Incoming) => Answer {
  let page: Page | undefined;
  return request => {
    page ??= makePage();
    const { html, zipped, headers } = page;
    if (request.header('if-none-match') === headers.etag) return { status: 304, headers };
    if (!zipped || !accepts(request.header('accept-encoding'), 'gzip'))
      return { status: 200, headers, body: html };
    return { status: 200, headers: { ...headers, 'content-encoding': 'gzip' }, body: zipped };
  };
}

interface Page {
  readonly html: Uint8Array;
  readonly headers: Readonly<Record<string, string>>;
  /** Absent until compressed: compression takes up to a second, in the background. */
  zipped?: Uint8Array;
}

function makePage(): Page {
  const plain = renderGraphiQL({ title: 'Portolan GraphiQL', endpoint: '/graphql', defaultQuery });
  // A function, because `$` is special in a replacement string.
  const html = plain.replace('<div id="root">', root => bar + root);
  const headers = {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': contentSecurityPolicy(html),
    'cache-control': 'no-cache',
    vary: 'accept, accept-encoding',
    etag: `W/"${createHash('sha256').update(html).digest('base64url')}"`,
  };
  const page: Page = { html: Buffer.from(html), headers };
  gzip(html, (error, zipped) => {
    if (!error) page.zipped = zipped;
  });
  return page;
}

/** The bar on top of the page: the signed-in user, or a field for an API key. */
const bar = readFileSync(join(import.meta.dirname, 'graphiql-bar.html'), 'utf8');

const defaultQuery = `# Press Ctrl+Space for what there is.
{
  products(where: { stock: { gt: 0 } }, orderBy: [{ name: asc }], take: 10) {
    id
    name
    price
  }
}
`;

/** Only the page's own scripts may run, identified by their hashes; it may connect only to this server. */
function contentSecurityPolicy(html: string): string {
  const scripts = [...html.matchAll(/<script>([\s\S]*?)<\/script>/g)].map(
    ([, script]) => `'sha256-${sha256(script!)}'`,
  );
  return [
    "default-src 'none'",
    `script-src ${scripts.join(' ')} blob:`,
    "style-src 'unsafe-inline'",
    'worker-src blob:',
    "connect-src 'self'",
    "img-src 'self' data:",
    'font-src data:',
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('base64');
