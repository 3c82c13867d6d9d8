// The routes of the OData API, at /odata.

import { fault } from '../base/errors.ts';
import { preflight } from '../http/message/cors.ts';
import type { Answer, Incoming } from '../http/message/message.ts';
import type { Route } from '../http/message/route.ts';
import { failure } from './answer/failure.ts';
import { createBatch } from './batch/answer-batch.ts';
import { createHandler } from './create-handler.ts';
import { servedMethods } from './model/handler.ts';
import type { Service } from './model/service.ts';
import { isBatchPath } from './url/part-target.ts';
import { withVersion } from './url/protocol.ts';
import { rootPath } from './url/service-root.ts';

/** @returns the routes of the OData API */
export function odataRoutes(service: Service): Route[] {
  const handler = createHandler(service);
  const batch = createBatch(service, handler);
  const handle: Route['handle'] = (request, principal) => {
    if (!isBatchPath(request.path)) return handler(request, principal, {});
    if (request.method === 'POST') return batch(request, principal);
    return answerTokenProbe(request);
  };
  const path = `${rootPath}/*`;
  const options = preflight([...servedMethods, 'HEAD', 'OPTIONS'], true);
  return [
    { method: servedMethods, path, handle, fail: failure },
    { method: 'OPTIONS', path, open: true, handle: request => withVersion(options(request), request) },
  ];
}

/** SAP clients first request a CSRF token with HEAD or GET. None is needed: browsers do not send API keys by themselves. */
function answerTokenProbe(request: Incoming): Answer {
  if (request.method === 'GET') return withVersion({ status: 200, headers: { allow: 'POST' } }, request);
  throw fault('METHOD_NOT_ALLOWED', '$batch accepts only POST.', { headers: { allow: 'POST, OPTIONS' } });
}
