// The headers of the protocol: version and preferences (OData 4.01 Part 1, 8.1.5, 8.2.7, 8.2.8).

import { fault } from '../../base/errors.ts';
import type { Answer, Incoming } from '../../http/message/message.ts';

export type Version = '4.0' | '4.01';

/** @returns the version of the answer: that of 4.0 for whoever does not ask for more, since many clients can't read the other */
export const versionOf = (request: Pick<Incoming, 'header'>): Version =>
  Number.parseFloat(request.header('odata-maxversion') ?? '') >= 4.01 ? '4.01' : '4.0';

/** @throws MALFORMED_REQUEST for clients that read nothing as new as version 4.0 */
export function checkVersion(request: Pick<Incoming, 'header'>): void {
  const maximum = request.header('odata-maxversion');
  if (maximum === undefined || Number.parseFloat(maximum) >= 4) return;
  throw fault('MALFORMED_REQUEST', `This service speaks OData 4.0 and 4.01, not "${maximum}".`, {
    target: 'OData-MaxVersion',
  });
}

/** @throws MALFORMED_REQUEST for bodies of a version that is not spoken here */
export function checkPayloadVersion(request: Pick<Incoming, 'header'>): void {
  const version = request.header('odata-version')?.trim();
  if (version === undefined || version === '4.0' || version === '4.01') return;
  throw fault('MALFORMED_REQUEST', `This service reads bodies of OData 4.0 and 4.01, not "${version}".`, {
    target: 'OData-Version',
  });
}

/** Every answer says its version, and says it once: Excel reads two of them as "4.0,4.0". */
export const withVersion = (answer: Answer, request: Pick<Incoming, 'header'>): Answer => ({
  ...answer,
  headers: { ...answer.headers, 'odata-version': versionOf(request) },
});

/** @returns the page size that the client prefers */
export function preferredPageSize(request: Pick<Incoming, 'header'>): number | undefined {
  const size = preference(request, 'maxpagesize') ?? '';
  return /^\d{1,9}$/.test(size) && Number(size) > 0 ? Number(size) : undefined;
}

/** @returns the value of a preference (RFC 7240, 2), which may have OData's prefix or, as in 4.01, none; '' where it has no value */
export function preference(request: Pick<Incoming, 'header'>, name: string): string | undefined {
  for (const item of (request.header('prefer') ?? '').split(/[,;]/)) {
    const equals = item.indexOf('=');
    const key = (equals < 0 ? item : item.slice(0, equals)).trim().toLowerCase();
    if (key !== name && key !== `odata.${name}`) continue;
    return equals < 0
      ? ''
      : item
          .slice(equals + 1)
          .trim()
          .replace(/^"(.*)"$/, '$1');
  }
  return undefined;
}
