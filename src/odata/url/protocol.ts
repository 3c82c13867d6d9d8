// Protocol headers: version and isolation (OData 4.01 Part 1, 8.1.5, 8.2.6, 8.2.7).

import { fault } from '../../base/errors.ts';
import type { Answer, Incoming } from '../../http/message/message.ts';

export type Version = '4.0' | '4.01';

/** @returns the version of the answer: 4.0 unless the client accepts 4.01, which many clients cannot read */
export const versionOf = (request: Pick<Incoming, 'header'>): Version =>
  Number.parseFloat(request.header('odata-maxversion') ?? '') >= 4.01 ? '4.01' : '4.0';

/** @throws MALFORMED_REQUEST for clients that do not support version 4.0 */
export function checkVersion(request: Pick<Incoming, 'header'>): void {
  const maximum = request.header('odata-maxversion');
  if (maximum === undefined || Number.parseFloat(maximum) >= 4) return;
  throw fault(
    'MALFORMED_REQUEST',
    `OData-MaxVersion "${maximum}" is not supported: this service supports OData 4.0 and 4.01.`,
    {
      target: 'OData-MaxVersion',
    },
  );
}

/** @throws MALFORMED_REQUEST for bodies of an unsupported version */
export function checkPayloadVersion(request: Pick<Incoming, 'header'>): void {
  const version = request.header('odata-version')?.trim();
  if (version === undefined || version === '4.0' || version === '4.01') return;
  throw fault(
    'MALFORMED_REQUEST',
    `OData-Version "${version}" is not supported: request bodies must be OData 4.0 or 4.01.`,
    {
      target: 'OData-Version',
    },
  );
}

/** Every answer has exactly one version header: Excel reads two of them as "4.0,4.0". */
export const withVersion = (answer: Answer, request: Pick<Incoming, 'header'>): Answer => ({
  ...answer,
  headers: { ...answer.headers, 'odata-version': versionOf(request) },
});

/** Snapshot isolation is not supported (OData 4.01 Part 1, 8.2.6). @throws PRECONDITION_FAILED for requests that require it */
export function checkIsolation(request: Pick<Incoming, 'header'>): void {
  const target = ['isolation', 'odata-isolation'].find(name => request.header(name) !== undefined);
  if (target === undefined) return;
  throw fault('PRECONDITION_FAILED', 'Snapshot isolation is not supported.', {
    hint: 'Leave this header out.',
    target,
  });
}
