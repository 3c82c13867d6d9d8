// The headers of the protocol: version and preferences (OData 4.01 Part 1, 8.1.5, 8.2.7, 8.2.8).

import { fault } from '../base/errors.ts';
import type { Incoming } from '../http/message.ts';

export const versionHeader = { 'odata-version': '4.0' } as const;

/** @throws MALFORMED_REQUEST for clients that read nothing as new as version 4.0 */
export function checkVersion(request: Incoming): void {
  const maximum = request.header('odata-maxversion');
  if (maximum === undefined || Number.parseFloat(maximum) >= 4) return;
  throw fault('MALFORMED_REQUEST', `This service speaks OData 4.0, not "${maximum}".`, {
    target: 'OData-MaxVersion',
  });
}

/** @returns the page size that the client prefers, with the prefix or, as in 4.01, without */
export function preferredPageSize(request: Incoming): number | undefined {
  const found = /(?:^|[,;])\s*(?:odata\.)?maxpagesize\s*=\s*"?(\d{1,9})"?\s*(?:[,;]|$)/i.exec(
    request.header('prefer') ?? '',
  );
  const size = Number(found?.[1] ?? 0);
  return size > 0 ? size : undefined;
}
