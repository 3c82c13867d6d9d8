import { Fault } from '../../base/errors.ts';
import type { Principal } from '../../base/principal.ts';

/** @returns the fault, with the challenge of RFC 6750 section 3.1 for a token without the required scope */
export function withChallenge(error: Fault, principal: Principal | undefined): Fault {
  if (error.code !== 'SCOPE_MISSING' || principal?.kind !== 'token') return error;
  const scope = /^[\w.:-]+$/.test(error.target ?? '') ? `, scope="${error.target}"` : '';
  const challenge = `Bearer realm="Portolan", error="insufficient_scope"${scope}`;
  return new Fault(error.code, error.message, {
    ...error,
    cause: error.cause,
    headers: { ...error.headers, 'www-authenticate': challenge },
  });
}
