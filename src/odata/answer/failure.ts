// Errors in OData's form (OData JSON Format 4.0, 19).

import type { Fault } from '../../base/errors.ts';
import type { Answer, Incoming } from '../../http/message/message.ts';
import { withVersion } from '../url/protocol.ts';
import { type Place, placeOf } from '../url/service-root.ts';

/**
 * The message carries everything, since most clients show nothing else; `innererror` repeats the parts separately for
 * programs.
 */
export function failure(error: Fault, request: Pick<Incoming, 'id' | 'path' | 'query' | 'header'>): Answer {
  const { code, hint, details, status, headers } = error;
  const place = error.at === undefined ? undefined : placeOf(request, error.at);
  const shown = {
    code,
    message: messageOf(error, place),
    target: error.target ?? place?.option,
    details,
    innererror: { hint, option: place?.option, position: place?.position, requestId: request.id },
  };
  const type = { 'content-type': 'application/json;odata.metadata=minimal' };
  const answer = { status, headers: { ...type, ...headers }, body: JSON.stringify({ error: shown }) };
  return withVersion(answer, request);
}

function messageOf({ message, hint }: Fault, place: Place | undefined): string {
  const where = place && ` (character ${place.position} of ${place.option ?? 'the path'}).`;
  const placed = where ? message.replace(/\.$/, '') + where : message;
  return hint ? `${placed} ${hint}` : placed;
}
