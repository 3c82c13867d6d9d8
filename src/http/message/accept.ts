// The Accept header (RFC 9110, 12.5.1), for routes that return only JSON.

import { fault } from '../../base/errors.ts';

const taken = new Set(['application/json', 'application/*', '*/*']);
const refused = /;\s*q\s*=\s*0(?:\.0*)?\s*(?:;|$)/i;

/**
 * Rejects a request that does not accept JSON, before any work is done.
 * @param accept the header
 * @throws NOT_ACCEPTABLE
 */
export function requireJsonAccepted(accept: string | undefined): void {
  if (accept === undefined || accept.trim() === '' || accept === '*/*' || accept === 'application/json')
    return;
  const ranges = accept.split(',').filter(range => !refused.test(range));
  if (ranges.some(range => taken.has(range.split(';', 1)[0]!.trim().toLowerCase()))) return;
  throw fault('NOT_ACCEPTABLE', 'The response is JSON, which the Accept header does not allow.', {
    hint: 'Accept application/json.',
    target: 'accept',
  });
}
