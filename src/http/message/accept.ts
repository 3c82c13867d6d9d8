// What a client accepts (RFC 9110, 12.5.1), for routes that answer JSON and nothing else.

import { fault } from '../../base/errors.ts';

const taken = new Set(['application/json', 'application/*', '*/*']);
const refused = /;\s*q\s*=\s*0(?:\.0*)?\s*(?:;|$)/i;

/**
 * Refuses, before anything is done, whoever could not read the answer.
 * @param accept the header
 * @throws NOT_ACCEPTABLE
 */
export function requireJsonAccepted(accept: string | undefined): void {
  if (accept === undefined || accept.trim() === '' || accept === '*/*' || accept === 'application/json')
    return;
  const ranges = accept.split(',').filter(range => !refused.test(range));
  if (ranges.some(range => taken.has(range.split(';', 1)[0]!.trim().toLowerCase()))) return;
  throw fault('NOT_ACCEPTABLE', 'The answer is JSON, which the header Accept does not allow.', {
    hint: 'Accept application/json.',
    target: 'accept',
  });
}
