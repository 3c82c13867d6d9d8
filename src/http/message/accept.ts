// The Accept header (RFC 9110, 12.5.1).

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

export interface AcceptedRange {
  /** In lower case, without parameters: `text/csv`, `text/*`. */
  readonly type: string;
  /** From 0, which refuses it, to 1. */
  readonly quality: number;
}

const rangesMax = 50;

/** @param accept the header @returns the media types that it names, in its order */
export const readAccepted = (accept: string): AcceptedRange[] =>
  accept.split(',', rangesMax).map(range => {
    const [type = '', ...parameters] = range.split(';').map(part => part.trim().toLowerCase());
    const quality = Number(parameters.find(text => text.startsWith('q='))?.slice(2) ?? 1);
    return { type, quality: Number.isNaN(quality) ? 1 : quality };
  });
