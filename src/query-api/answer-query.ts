// One request to /api/query: parameters, prepared reads, run in parallel.

import { fault } from '../base/errors.ts';
import type { Principal } from '../base/principal.ts';
import type { DocumentCache } from '../graphql/document/document-cache.ts';
import { responseType } from '../graphql/http/media-type.ts';
import type { Params } from '../graphql/http/params.ts';
import type { PreparedOperation } from '../graphql/operation/prepared-operation.ts';
import type { GraphqlApi } from '../graphql/operation/prepared-schema.ts';
import {
  isWhole,
  spliceAnswers,
  startRoots,
  truncatedHeader,
  type WholeOperation,
} from '../graphql/operation/run-operation.ts';
import type { Answer, Incoming } from '../http/message/message.ts';
import { json } from '../http/message/respond.ts';
import type { NumberFormat } from '../query/ask/output-format.ts';
import { readRequest } from './read-request.ts';
import { toFault } from './to-fault.ts';

export interface QueryApiDeps {
  readonly api: GraphqlApi;
  readonly documents: DocumentCache;
  readonly bodyBytesMax: number;
}

/** @throws Fault, with line and column in the caller's text */
export async function answerQuery(
  deps: QueryApiDeps,
  request: Incoming,
  principal: Principal,
): Promise<Answer> {
  if (responseType(request.header('accept')) === undefined) throw notAcceptable();
  const params = await readRequest(request, deps.bodyBytesMax);
  const operation = prepare(deps, params, principal, numberFormat(request));
  const answers = await Promise.all(startRoots(deps.api.engine, operation, request.signal));
  return json(200, spliceAnswers(answers), truncatedHeader(answers.flatMap(answer => answer.truncated)));
}

const notAcceptable = () =>
  fault('NOT_ACCEPTABLE', 'The Query API only returns application/json.', {
    hint: 'Send "Accept: application/json", or omit the Accept header.',
    target: 'Accept',
  });

/** Exact numbers, or strings on request, with the same Accept parameter as in OData. */
const numberFormat = (request: Incoming): NumberFormat =>
  /IEEE754Compatible\s*=\s*true/i.test(request.header('accept') ?? '') ? 'strings' : 'numbers';

function prepare(
  { api, documents }: QueryApiDeps,
  { query: text, operationName, variables }: Params,
  principal: Principal,
  format: NumberFormat,
): WholeOperation {
  try {
    const operation = api.prepareText(documents, { text, operationName, variables, principal, format });
    if (!isWhole(operation)) throw notServed(operation);
    return operation;
  } catch (error) {
    throw toFault(error, text);
  }
}

function notServed({ roots }: PreparedOperation) {
  const other = roots.find(root => root.kind === 'other')!;
  const { name, loc } = other.node;
  const what = name.value.startsWith('__') ? 'Introspection' : `"${name.value}"`;
  return fault('INVALID_OPERATION', `${what} is not available in the Query API.`, {
    hint: 'Use /graphql.',
    at: loc?.start,
  });
}
