// Pages of any origin may call the data APIs: keys are sent in headers, so a browser adds no credential of its own.
// Credentials in the sense of CORS (cookies) are never allowed.

import type { Answer, Incoming } from './message.ts';

/** Response headers that a page of another origin may read, besides the simple ones. */
const exposed = [
  'Portolan-Truncated',
  'X-Request-Id',
  'Retry-After',
  'RateLimit',
  'RateLimit-Policy',
  'Portolan-Cost',
  'Idempotent-Replayed',
  'OData-Version',
  'OData-EntityId',
  'ETag',
  'Location',
  'Content-Disposition',
  'Preference-Applied',
  'Portolan-Preference-Ignored',
  'WWW-Authenticate',
].join(', ');

/** Names and values in turn, for requests with an Origin header. */
export const crossOriginHeaders: readonly string[] = [
  'access-control-allow-origin',
  '*',
  'access-control-expose-headers',
  exposed,
];

/** Two hours: the maximum that browsers allow. */
const maxAgeSeconds = '7200';

/** @returns the handler of OPTIONS: the methods of a path, and the CORS headers for a preflight if the routes allow it */
export function preflight(allowed: readonly string[], crossOrigin: boolean): (request: Incoming) => Answer {
  const methods = allowed.join(', ');
  return request => {
    const permission = crossOrigin && request.header('access-control-request-method') !== undefined;
    return { status: 204, headers: permission ? permit(methods, request) : { allow: methods } };
  };
}

/** The wildcard would not cover Authorization (Fetch standard, section 4.9): the requested headers are listed one by one. */
function permit(methods: string, request: Incoming): Record<string, string> {
  const requested = request.header('access-control-request-headers') ?? '';
  return {
    allow: methods,
    'access-control-allow-methods': methods,
    'access-control-allow-headers': /^[\w-]+(\s*,\s*[\w-]+)*$/.test(requested) ? requested : '*',
    'access-control-max-age': maxAgeSeconds,
  };
}
