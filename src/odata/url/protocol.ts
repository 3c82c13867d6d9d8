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

/** There are no snapshots (OData 4.01 Part 1, 8.2.6). @throws PRECONDITION_FAILED for requests that may only run in one */
export function checkIsolation(request: Pick<Incoming, 'header'>): void {
  const target = ['isolation', 'odata-isolation'].find(name => request.header(name) !== undefined);
  if (target === undefined) return;
  throw fault('PRECONDITION_FAILED', 'This service does not serve snapshot isolation.', {
    hint: 'Leave the header out.',
    target,
  });
}
