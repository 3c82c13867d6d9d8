// One request to /graphql: reads its parameters, then answers on the fast path or the slow path.

import { type Fault, fault } from '../base/errors.ts';
import type { Principal } from '../base/principal.ts';
import { isJsonType } from '../http/message/json-type.ts';
import type { Answer, Incoming } from '../http/message/message.ts';
import { fastAnswer } from './fast-path/fast-path.ts';
import type { GraphqlDeps } from './http/graphql-deps.ts';
import { responseType } from './http/media-type.ts';
import { type Documents, type Params, paramsFromBody, paramsFromQuery } from './http/params.ts';
import { toGraphqlError } from './model/graphql-error.ts';
import type { SlowPath } from './yoga/yoga.ts';

export interface AnswerDeps extends GraphqlDeps {
  readonly slowPath: SlowPath;
  readonly bodyBytesMax: number;
}

export async function answerGraphql(
  deps: AnswerDeps,
  request: Incoming,
  principal: Principal,
): Promise<Answer> {
  const { slowPath, bodyBytesMax } = deps;
  const params = await readParams(request, bodyBytesMax, deps.persisted);
  const type = responseType(request.header('accept'));
  const answer = type && (await fastAnswer(deps, { params, type, principal, request }));
  return answer ?? slowPath.answer(params, principal, request);
}

/** @throws UNSUPPORTED_MEDIA_TYPE, INVALID_JSON, MALFORMED_REQUEST, TOO_LARGE */
async function readParams(request: Incoming, bodyBytesMax: number, persisted: Documents): Promise<Params> {
  if (request.method === 'GET') return paramsFromQuery(request.query, persisted);
  const contentType = request.header('content-type');
  // https://graphql.github.io/graphql-over-http/draft/#sec-POST
  if (!isJsonType(contentType ?? '')) throw notJson(contentType);
  return paramsFromBody(await request.text(bodyBytesMax), persisted);
}

const notJson = (contentType: string | undefined) =>
  fault(
    'UNSUPPORTED_MEDIA_TYPE',
    `The body must be application/json${contentType ? `, not ${contentType}` : ''}.`,
    {
      hint: 'Send the header Content-Type: application/json.',
      headers: { accept: 'application/json' },
    },
  );

/** Formats errors from before GraphQL execution as GraphQL errors. */
export function failGraphql(error: Fault, request: Incoming): Answer {
  const { message, extensions } = toGraphqlError(error);
  const { http: _, ...shown } = extensions;
  const type = responseType(request.header('accept')) ?? 'application/json';
  const locations = error.location && [error.location];
  return {
    status: error.status,
    headers: { ...error.headers, 'content-type': `${type}; charset=utf-8` },
    body: JSON.stringify({
      errors: [{ message, locations, extensions: { ...shown, requestId: request.id } }],
    }),
  };
}
