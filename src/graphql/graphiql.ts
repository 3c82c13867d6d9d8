// GraphiQL for browsers: one page with all that it needs inside, so that nothing is fetched from anywhere else.

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzip } from 'node:zlib';
import { renderGraphiQL } from '@graphql-yoga/render-graphiql';
import { accepts } from '../http/compression/accept-encoding.ts';
import type { Answer, Incoming } from '../http/message/message.ts';

/** Whether a browser asks for a page. */
export const wantsPage = (request: Incoming): boolean =>
  request.method === 'GET' && (request.header('accept')?.includes('text/html') ?? false);

/** @returns a function that answers the page, which is made when it is first asked for */
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
  /** Absent until it has been made: it takes a good part of a second, beside the requests. */
  zipped?: Uint8Array;
}

function makePage(): Page {
  const plain = renderGraphiQL({ title: 'Portolan GraphiQL', endpoint: '/graphql', defaultQuery });
  // A function: in a text, `$` would have a meaning.
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

/** Who asks: the session, or the field for a key. */
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

/** The page's own scripts run, by their hashes, and nothing else does; it talks to nobody but this server. */
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
