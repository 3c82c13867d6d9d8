// Requests that only read. What can be said without the database is kept prepared, for as long as the statistics that decide
// on the size of its pages, and on whether it is answered at all, stay the same.

import { BoundedCache } from '../base/memory/bounded-cache.ts';
import type { Principal } from '../base/principal.ts';
import type { Answer, Incoming } from '../http/message/message.ts';
import { answerData } from './answer-data.ts';
import { answerCsv } from './csv/answer-csv.ts';
import { answerDelta } from './delta/answer-delta.ts';
import type { Handler } from './model/handler.ts';
import type { Service } from './model/service.ts';
import { keptModels } from './model/visible-model.ts';
import { type Prepared, prepareRequest } from './prepare-request.ts';
import { type RequestTemplate, toTemplate, withValues } from './request-templates.ts';
import { liftValues } from './url/lift-values.ts';
import { notServed } from './url/syntax.ts';

/** Requests that are kept prepared: dashboards ask the same again and again. */
const preparedMax = 1_000;
/** Of the keys of what is kept, which hold whole addresses. */
const preparedCharactersMax = 2_000_000;
/** Characters of a request that is worth keeping. */
const keyLengthMax = 4_096;
/** Requests whose plans are lent to those that differ in values alone. */
const templatesMax = 500;

/** @returns what answers GET */
export function createReader(service: Service, modelOf = keptModels(service.engine)): Handler {
  const { statistics } = service.engine;
  const requests = new BoundedCache<Prepared>(preparedMax, preparedCharactersMax);
  const prepare = (request: Incoming, principal: Principal): Prepared =>
    prepareRequest(service, modelOf(principal), request, principal);
  const templates = new BoundedCache<RequestTemplate>(templatesMax, preparedCharactersMax);
  const prepareAlike = (request: Incoming, principal: Principal): Prepared => {
    const lifted = liftValues(request);
    if (!lifted) return prepare(request, principal);
    const key = keyOf(request, principal, `${statistics.version} ${lifted.shape}`);
    const template = templates.get(key);
    const taken = template && withValues(template, lifted.values);
    if (taken) return taken;
    const prepared = prepare(request, principal);
    const learnt = template ? undefined : toTemplate(prepared, lifted);
    if (learnt) templates.setRepeated(key, learnt);
    return prepared;
  };
  return async (request, principal, { session }) => {
    const key = keyOf(request, principal, `${statistics.version} ${request.path}\n${request.query}`);
    const prepared =
      key.length > keyLengthMax || isLaterPage(request)
        ? prepare(request, principal)
        : requests.getOrMakeRepeated(key, () => prepareAlike(request, principal));
    if (prepared.kind === 'document') return document(prepared);
    if (prepared.kind === 'csv') return answerCsv(service, prepared, request, principal, session);
    if (prepared.kind === 'data') return answerData(service, prepared, request, session);
    if (session) throw notServed('the changes of a list within a changeset');
    return answerDelta(service, prepared, request, principal);
  };
}

/** Of the pages of a list, none but the first is likely to be asked for again. */
const isLaterPage = ({ query }: Incoming): boolean => /(?:skip|delta)token=/i.test(query);

const decisive = ['accept', 'prefer', 'odata-maxversion'] as const;

/** Everything that a prepared request depends on. @param asked the address, or its shape */
const keyOf = (request: Incoming, { scopeKey }: Principal, asked: string): string =>
  [scopeKey, ...decisive.map(name => request.header(name)), asked].join('\n');

const document = ({ contentType, text }: Prepared & { kind: 'document' }): Answer => ({
  status: 200,
  headers: { 'content-type': contentType },
  body: text,
});
