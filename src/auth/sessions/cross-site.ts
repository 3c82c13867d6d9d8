// Cross-site request forgery: browsers send HTTP Basic and cookies by themselves, so a page of another origin could make
// requests in the user's name. Reads are harmless, because such a page never sees the response; writes are not.

import { type Fault, fault } from '../../base/errors.ts';
import type { Incoming } from '../../http/message/message.ts';

const safeMethods = new Set(['GET', 'HEAD', 'OPTIONS']);

/** For requests with HTTP Basic. @throws FOREIGN_PAGE when a page of another origin tries to write */
export function refuseCrossSite(request: Incoming): void {
  if (safeMethods.has(request.method)) return;
  const source = sourceOf(request);
  if (source === 'cross-origin' || source === 'hidden') throw crossSiteBasic();
}

/**
 * For requests with a session cookie, which only browsers send: a write must name the page that it comes from.
 * @throws FOREIGN_PAGE unless a write comes from a page of this server
 */
export function requireSameOrigin(request: Incoming, publicUrl: string): void {
  if (!safeMethods.has(request.method) && sourceOf(request, publicUrl) !== 'own') throw crossSiteCookie();
}

/** The page that a request comes from, as the browser reports it; `hidden`: withheld, `unknown`: not reported. */
export type RequestSource = 'own' | 'cross-origin' | 'hidden' | 'unknown';

/**
 * https://www.w3.org/TR/fetch-metadata/; browsers leave it out over plain HTTP, but always send the origin of a POST.
 * @param publicUrl for proxies that send another Host than the one in the browser
 */
export function sourceOf(request: Pick<Incoming, 'header'>, publicUrl?: string): RequestSource {
  const site = request.header('sec-fetch-site');
  if (site !== undefined) return site === 'same-origin' || site === 'none' ? 'own' : 'cross-origin';
  const origin = request.header('origin');
  if (origin === undefined) return 'unknown';
  if (origin === 'null') return 'hidden';
  const url = URL.parse(origin);
  if (!url) return 'cross-origin';
  if (publicUrl !== undefined && url.origin === URL.parse(publicUrl)?.origin) return 'own';
  return url.host === request.header('host') ? 'own' : 'cross-origin';
}

const crossSiteBasic = (): Fault =>
  fault('FOREIGN_PAGE', 'Pages of another origin cannot make changes with HTTP Basic.', {
    hint: 'Send the API key in the header X-API-Key.',
    target: 'authorization',
  });

const crossSiteCookie = (): Fault =>
  fault('FOREIGN_PAGE', 'Only pages of this server can make changes with a session cookie.', {
    hint: 'In a program, send an API key in the header X-API-Key instead.',
    target: 'cookie',
  });
