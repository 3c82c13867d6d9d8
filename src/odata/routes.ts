// The OData door: what is served at /odata.

import { preflight } from '../http/cors.ts';
import type { Incoming } from '../http/message.ts';
import type { Route } from '../http/route.ts';
import { failure } from './failure.ts';
import { createHandler } from './handler.ts';
import type { Service } from './prepare-request.ts';
import { withVersion } from './protocol.ts';
import { belowRoot, rootPath } from './service-root.ts';
import { notServed } from './syntax.ts';

const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;

/** @returns the routes of OData V4 */
export function odataRoutes(service: Service): Route[] {
  const handler = createHandler(service);
  const handle: Route['handle'] = (request, principal) => {
    if (isBatch(request)) throw notServed('$batch');
    return handler(request, principal, {});
  };
  const path = `${rootPath}/*`;
  const options = preflight([...methods, 'HEAD', 'OPTIONS'], true);
  return [
    { method: methods, path, handle, fail: failure },
    { method: 'OPTIONS', path, open: true, handle: request => withVersion(options(request), request) },
  ];
}

const isBatch = (request: Incoming): boolean => /^\/(?:\$|%24)batch\/?$/i.test(belowRoot(request));
