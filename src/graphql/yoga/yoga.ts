// The slow path: Yoga, configured as a list of small plugins.

import { createYoga } from 'graphql-yoga';
import type { Principal } from '../../base/principal.ts';
import type { Answer, Incoming } from '../../http/message/message.ts';
import type { PrismaClient } from '../../platform/generated/client/client.ts';
import type { Call } from '../http/call.ts';
import { acceptsStream, streamAnswer } from '../http/event-stream.ts';
import type { GraphqlDeps } from '../http/graphql-deps.ts';
import { notAcceptable, responseType } from '../http/media-type.ts';
import type { Params } from '../http/params.ts';
import { toGraphqlError } from '../model/graphql-error.ts';
import type { LiveChanges } from '../model/live-changes.ts';
import type { PlatformServices } from '../model/platform-services.ts';
import { truncatedHeader } from '../operation/run-operation.ts';
import { useDocuments } from './use-documents.ts';
import { useErrorForm } from './use-error-form.ts';
import { useLive } from './use-live.ts';
import { useParams } from './use-params.ts';
import { usePreparedReads } from './use-prepared-reads.ts';

export interface SlowPath {
  answer(params: Params, principal: Principal, request: Incoming): Promise<Answer>;
}

/** Dependencies of subscriptions and the platform's fields. */
export interface ServerDeps {
  readonly live: LiveChanges;
  readonly services: PlatformServices;
  readonly authenticate: (request: Incoming) => Promise<Principal>;
}

/** @returns the path for introspection, platform fields, mixed operations, subscriptions and invalid operations */
export function createSlowPath(deps: GraphqlDeps, prisma: PrismaClient, server?: ServerDeps): SlowPath {
  const yoga = createYoga<{ call: Call }>({
    schema: deps.api.schema,
    graphqlEndpoint: '/graphql',
    graphiql: false,
    landingPage: false,
    multipart: false,
    batching: false,
    cors: false,
    logging: false,
    maxRequestBodySize: false,
    parserAndValidationCache: false,
    maskedErrors: { maskError: error => toGraphqlError(error) },
    plugins: [
      useParams(),
      useDocuments(deps),
      usePreparedReads(deps.api),
      useLive(deps.api, deps.log),
      useErrorForm(deps.log),
    ],
  });
  return {
    async answer(params, principal, request) {
      const { id: requestId, signal } = request;
      const acceptable = responseType(request.header('accept')) !== undefined;
      const call: Call = {
        params,
        principal,
        request,
        requestId,
        signal,
        acceptable,
        prisma,
        truncated: [],
        acceptsStream: acceptsStream(request.header('accept')),
        live: server?.live,
        services: server?.services,
        authenticate: async () => (server ? server.authenticate(request) : principal),
      };
      const response = await yoga.fetch(toRequest(request), { call });
      return call.results ? streamAnswer(call.results) : toAnswer(response, call.truncated);
    },
  };
}

/** Without body and query, because the parameters are read already. */
const toRequest = (request: Incoming): Request =>
  new Request('http://localhost/graphql', {
    method: request.method,
    headers: { accept: request.header('accept') ?? '*/*' },
    signal: request.signal,
  });

async function toAnswer(response: Response, truncated: readonly string[]): Promise<Answer> {
  if (response.status === 406) throw notAcceptable();
  const own = [...response.headers].map(([name, value]) => [name.toLowerCase(), value] as const);
  const headers = { ...Object.fromEntries(own), ...truncatedHeader(truncated) };
  delete headers['content-length'];
  return { status: response.status, headers, body: await response.text() };
}
