// HTTP Basic is the one credential that a browser keeps and sends by itself, so a page of another origin could have it
// used behind its owner's back. Reading is harmless, because such a page never sees the answer; changing is not.

import { type Fault, fault } from '../base/errors.ts';
import type { Incoming } from '../http/message.ts';

const safeMethods = new Set(['GET', 'HEAD', 'OPTIONS']);

/** To be called for requests with HTTP Basic. @throws FOREIGN_PAGE where a page of another origin wants to change something */
export function refuseForeignPage(request: Incoming): void {
  if (!safeMethods.has(request.method) && isFromForeignPage(request)) throw foreignPage();
}

/** https://www.w3.org/TR/fetch-metadata/; browsers leave it out over plain HTTP, but always name the origin of a POST. */
function isFromForeignPage(request: Incoming): boolean {
  const site = request.header('sec-fetch-site');
  if (site !== undefined) return site !== 'same-origin' && site !== 'none';
  const origin = request.header('origin');
  return origin !== undefined && URL.parse(origin)?.host !== request.header('host');
}

const foreignPage = (): Fault =>
  fault('FOREIGN_PAGE', 'A page of another origin cannot change anything by HTTP Basic.', {
    hint: 'Send the API key in the header X-API-Key.',
    target: 'authorization',
  });
