// Pages of any origin may call the data doors: keys travel in headers, so a browser adds nothing of its own to a request.
// Credentials in the sense of CORS (cookies) are never allowed.

import type { Answer, Incoming } from './message.ts';

/** What a page of another origin may read of an answer besides the simple headers. */
const exposed = [
  'Portolan-Truncated',
  'X-Request-Id',
  'Retry-After',
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

/** Flat names and values, for answers to requests that name an origin. */
export const crossOriginHeaders: readonly string[] = [
  'access-control-allow-origin',
  '*',
  'access-control-expose-headers',
  exposed,
];

/** Browsers keep a preflight's answer for two hours at the most. */
const maxAgeSeconds = '7200';

/** @returns what answers OPTIONS: the methods of a path, and for preflights of a door that allows it, the permission */
export function preflight(allowed: readonly string[], crossOrigin: boolean): (request: Incoming) => Answer {
  const methods = allowed.join(', ');
  return request => {
    const permission = crossOrigin && request.header('access-control-request-method') !== undefined;
    return { status: 204, headers: permission ? permit(methods, request) : { allow: methods } };
  };
}

/** The wildcard would not cover Authorization (Fetch standard, section 4.9): the asked headers are named one by one. */
function permit(methods: string, request: Incoming): Record<string, string> {
  const asked = request.header('access-control-request-headers') ?? '';
  return {
    allow: methods,
    'access-control-allow-methods': methods,
    'access-control-allow-headers': /^[\w-]+(\s*,\s*[\w-]+)*$/.test(asked) ? asked : '*',
    'access-control-max-age': maxAgeSeconds,
  };
}
