// Accept-Encoding: RFC 9110, section 12.5.3.

import { fault } from '../../base/errors.ts';
import type { Incoming } from '../message/message.ts';
import type { Coding } from './decode-body.ts';

/** The coding to use; `identity`: the client prefers no coding; `nothing`: it accepts nothing that the server supports. */
export type Preference = Coding | 'identity' | 'nothing';

/** @returns the coding with the highest quality; br if both are equal, because it compresses better */
export function preferredCoding(header: string): Preference {
  const qualities = readQualities(header);
  const br = qualityOf(qualities, 'br');
  const gzip = Math.max(qualityOf(qualities, 'gzip'), qualities.get('x-gzip') ?? 0);
  const identity = qualities.get('identity') ?? qualities.get('*');
  const best = Math.max(br, gzip);
  if (best === 0) return identity === 0 ? 'nothing' : 'identity';
  if ((qualities.get('identity') ?? 0) > best) return 'identity';
  return br === best ? 'br' : 'gzip';
}

/** Whether the client rejects uncompressed responses: `identity;q=0`, or `*;q=0` without identity. */
export function forbidsIdentity(header: string): boolean {
  // Nearly every request has the header, and browsers and most programs send no qualities.
  if (!header.includes(';')) return false;
  const qualities = readQualities(header);
  return (qualities.get('identity') ?? qualities.get('*')) === 0;
}

/** @returns whether the client accepts a coding */
export const accepts = (header: string | undefined, coding: Coding): boolean =>
  header !== undefined && qualityOf(readQualities(header), coding) > 0;

/** Call before doing any work. @throws NOT_ACCEPTABLE if the client accepts no supported coding */
export function checkAcceptEncoding(request: Incoming): void {
  const header = request.header('accept-encoding');
  if (header === undefined || !header.includes(';') || preferredCoding(header) !== 'nothing') return;
  throw fault('NOT_ACCEPTABLE', 'Accept-Encoding allows none of the supported encodings.', {
    hint: 'Accept gzip, br or identity.',
    target: 'accept-encoding',
  });
}

const qualityOf = (qualities: ReadonlyMap<string, number>, coding: string): number =>
  qualities.get(coding) ?? qualities.get('*') ?? 0;

function readQualities(header: string): Map<string, number> {
  const qualities = new Map<string, number>();
  for (const part of header.split(',')) {
    const [name = '', ...parameters] = part.split(';').map(text => text.trim().toLowerCase());
    if (name === '') continue;
    const quality = parameters.find(text => text.startsWith('q='))?.slice(2);
    qualities.set(name, quality === undefined ? 1 : Number(quality) || 0);
  }
  return qualities;
}
