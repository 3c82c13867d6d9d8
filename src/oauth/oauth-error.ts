// Errors of the endpoints that apps call, in the format of RFC 6749 section 5.2.

import type { Fault } from '../base/errors.ts';
import type { Answer, Incoming } from '../http/message/message.ts';
import { json } from '../http/message/respond.ts';

/** For `fail` of routes. */
export function oauthError({ status, message, hint, headers }: Fault, request: Pick<Incoming, 'id'>): Answer {
  const description = [message, hint].filter(Boolean).join(' ').replace(/["\\]/g, "'");
  const shown = { error: codeOf(status), error_description: description };
  return json(status, status >= 500 ? { ...shown, request_id: request.id } : shown, headers);
}

function codeOf(status: number): string {
  if (status >= 500) return 'server_error';
  return status === 429 ? 'temporarily_unavailable' : 'invalid_request';
}
