// Read requests. Prepared requests are cached as long as the statistics stay the same, since these decide on the size of
// pages and on whether a request is answered at all.

import { BoundedCache } from '../base/memory/bounded-cache.ts';
import type { Principal } from '../base/principal.ts';
import type { Answer, Incoming } from '../http/message/message.ts';
import { answerCsv } from './answer-csv.ts';
import { answerData } from './answer-data.ts';
import { answerDelta } from './delta/answer-delta.ts';
import type { Handler } from './model/handler.ts';
import type { Service } from './model/service.ts';
import { keptModels } from './model/visible-model.ts';
import { type Prepared, prepareRequest } from './prepare-request.ts';
import { type RequestTemplate, toTemplate, withValues } from './request-templates.ts';
import { liftValues } from './url/lift-values.ts';
import { notServed } from './url/syntax.ts';

/** Prepared requests in the cache: dashboards repeat the same requests. */
const preparedMax = 1_000;
/** Characters of all cache keys, which contain whole URLs. */
const preparedCharactersMax = 2_000_000;
/** Characters of a cache key; longer requests are not cached. */
const keyLengthMax = 4_096;
/** Requests whose plans are reused for requests that differ only in values. */
const templatesMax = 500;

/** @returns the handler of GET */
export function createReader(service: Service, modelOf = keptModels(service.engine)): Handler {
  const { statistics } = service.engine;
  const requests = new BoundedCache<Prepared>(preparedMax, preparedCharactersMax);
  const prepare = (request: Incoming, principal: Principal): Prepared =>
    prepareRequest(service, modelOf(principal), request, principal);
  const templates = new BoundedCache<RequestTemplate>(templatesMax, preparedCharactersMax);
  const prepareFromTemplate = (request: Incoming, principal: Principal): Prepared => {
    const lifted = liftValues(request);
    if (!lifted) return prepare(request, principal);
    const key = keyOf(request, principal, `${statistics.version} ${lifted.shape}`);
    const template = templates.get(key);
    const reused = template && withValues(template, lifted.values);
    if (reused) return reused;
    const prepared = prepare(request, principal);
    const newTemplate = template ? undefined : toTemplate(prepared, lifted);
    if (newTemplate) templates.setRepeated(key, newTemplate);
    return prepared;
  };
  return async (request, principal, { session }) => {
    const key = keyOf(request, principal, `${statistics.version} ${request.path}\n${request.query}`);
    const prepared =
      key.length > keyLengthMax || isLaterPage(request)
        ? prepare(request, principal)
        : requests.getOrMakeRepeated(key, () => prepareFromTemplate(request, principal));
    if (prepared.kind === 'document') return document(prepared);
    if (prepared.kind === 'csv') return answerCsv(service, prepared, { request, principal, session });
    if (prepared.kind === 'data') return answerData(service, prepared, request, session);
    if (session) throw notServed('the changes of a list within a changeset');
    return answerDelta(service, prepared, request, principal);
  };
}

/** Only the first page of a list is likely to be requested again. */
const isLaterPage = ({ query }: Incoming): boolean => /(?:skip|delta)token=/i.test(query);

const relevantHeaders = ['accept', 'prefer', 'odata-maxversion'] as const;

/** Everything that a prepared request depends on. @param target the URL, or its shape */
const keyOf = (request: Incoming, { scopeKey }: Principal, target: string): string =>
  [scopeKey, ...relevantHeaders.map(name => request.header(name)), target].join('\n');

const document = ({ contentType, text }: Prepared & { kind: 'document' }): Answer => ({
  status: 200,
  headers: { 'content-type': contentType },
  body: text,
});
