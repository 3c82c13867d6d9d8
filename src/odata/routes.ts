// The OData door: what is served at /odata.

import type { Principal } from '../auth/principal.ts';
import { BoundedCache } from '../base/bounded-cache.ts';
import type { Answer, Incoming } from '../http/message.ts';
import type { Route } from '../http/route.ts';
import { answerData } from './answer-data.ts';
import { failure } from './failure.ts';
import { type Prepared, prepareRequest, type Service } from './prepare-request.ts';
import { checkVersion, versionHeader } from './protocol.ts';
import { belowRoot, rootPath } from './service-root.ts';
import { notServed } from './syntax.ts';
import { type VisibleModel, visibleModel } from './visible-model.ts';

/** Requests that are kept prepared: dashboards ask the same again and again. */
const preparedMax = 1_000;
/** Of the keys of what is kept, which hold whole addresses. */
const preparedCharactersMax = 2_000_000;
/** Characters of a request that is worth keeping. */
const keyLengthMax = 4_096;
/** Callers with different scopes whose view of the model is kept. */
const modelsMax = 200;

/** @returns the routes of OData V4: reads are served, everything else is answered with 501 */
export function odataRoutes(service: Service): Route[] {
  const read = createReader(service);
  const path = `${rootPath}/*`;
  return [
    { method: 'GET', path, handle: read, fail: failure },
    { method: ['POST', 'PUT', 'PATCH', 'DELETE'], path, handle: refuse, fail: failure },
  ];
}

function createReader(service: Service): Route['handle'] {
  const models = new BoundedCache<VisibleModel>(modelsMax);
  const requests = new BoundedCache<Prepared>(preparedMax, preparedCharactersMax);
  const prepare = (request: Incoming, principal: Principal): Prepared => {
    const { scopeKey } = principal;
    const model = models.getOrMake(scopeKey, () => visibleModel(service.engine.catalog, principal));
    return prepareRequest(service, model, request, principal);
  };
  return async (request, principal) => {
    checkVersion(request);
    const key = keyOf(request, principal);
    const prepared =
      key.length > keyLengthMax || isLaterPage(request)
        ? prepare(request, principal)
        : requests.getOrMake(key, () => prepare(request, principal));
    return prepared.kind === 'data' ? answerData(service, prepared, request) : document(prepared);
  };
}

/** Of the pages of a list, none but the first is likely to be asked for again. */
const isLaterPage = ({ query }: Incoming): boolean => /skiptoken=/i.test(query);

/** Everything that a prepared request depends on. */
const keyOf = (request: Incoming, { scopeKey }: Principal): string =>
  [scopeKey, request.header('accept'), request.header('prefer'), request.path, request.query].join('\n');

const document = ({ contentType, text }: Prepared & { kind: 'document' }): Answer => ({
  status: 200,
  headers: { ...versionHeader, 'content-type': contentType },
  body: text,
});

function refuse(request: Incoming): never {
  if (/^\/(?:\$|%24)batch\/?$/i.test(belowRoot(request))) throw notServed('$batch');
  throw notServed(`${request.method} in OData`, undefined, 'OData is read-only here.');
}
