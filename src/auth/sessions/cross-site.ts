// HTTP Basic and cookies are the credentials that a browser keeps and sends by itself, so a page of another origin could
// have them used behind their owner's back. Reading is harmless, because such a page never sees the answer; changing is not.

import { type Fault, fault } from '../../base/errors.ts';
import type { Incoming } from '../../http/message/message.ts';

const safeMethods = new Set(['GET', 'HEAD', 'OPTIONS']);

/** To be called for requests with HTTP Basic. @throws FOREIGN_PAGE where a page of another origin wants to change something */
export function refuseForeignPage(request: Incoming): void {
  if (safeMethods.has(request.method)) return;
  const sender = senderOf(request);
  if (sender === 'foreign' || sender === 'hidden') throw foreignPage();
}

/**
 * To be called for requests with a session's cookie, which nothing but a browser sends: it must say whose page wants to
 * change something.
 * @throws FOREIGN_PAGE unless it is a page of ours
 */
export function requireOwnPage(request: Incoming, publicUrl: string): void {
  if (!safeMethods.has(request.method) && senderOf(request, publicUrl) !== 'own') throw notOurPage();
}

/** What a browser says of the page behind a request; `hidden` where it withholds that, `unknown` where it says nothing. */
export type Sender = 'own' | 'foreign' | 'hidden' | 'unknown';

/**
 * https://www.w3.org/TR/fetch-metadata/; browsers leave it out over plain HTTP, but always name the origin of a POST.
 * @param publicUrl where proxies send another Host than the one that the browser sees
 */
export function senderOf(request: Pick<Incoming, 'header'>, publicUrl?: string): Sender {
  const site = request.header('sec-fetch-site');
  if (site !== undefined) return site === 'same-origin' || site === 'none' ? 'own' : 'foreign';
  const origin = request.header('origin');
  if (origin === undefined) return 'unknown';
  if (origin === 'null') return 'hidden';
  const url = URL.parse(origin);
  if (!url) return 'foreign';
  if (publicUrl !== undefined && url.origin === URL.parse(publicUrl)?.origin) return 'own';
  return url.host === request.header('host') ? 'own' : 'foreign';
}

const foreignPage = (): Fault =>
  fault('FOREIGN_PAGE', 'A page of another origin cannot change anything by HTTP Basic.', {
    hint: 'Send the API key in the header X-API-Key.',
    target: 'authorization',
  });

const notOurPage = (): Fault =>
  fault('FOREIGN_PAGE', 'With a session, only a page of this server can change anything.', {
    hint: 'Programs send an API key in the header X-API-Key instead of a cookie.',
    target: 'cookie',
  });
