// /api/query: selection strings in, plain JSON out.

import type { Config } from '../base/config/config.ts';
import { DocumentCache } from '../graphql/document/document-cache.ts';
import type { GraphqlApi } from '../graphql/operation/prepared-schema.ts';
import { servedAs } from '../http/message/operation.ts';
import type { Route } from '../http/message/route.ts';
import { answerQuery, type QueryApiDeps } from './answer-query.ts';
import { parseQuery } from './parse-query.ts';
import { queryOperations } from './query-operations.ts';

interface RouteDeps {
  readonly api: GraphqlApi;
  readonly config: Config;
}

export function queryApiRoutes({ api, config }: RouteDeps): Route[] {
  const documents = new DocumentCache(api.limits, {
    name: 'selection',
    parse: source => parseQuery(source, api.schema, api.limits),
  });
  const deps: QueryApiDeps = { api, documents, bodyBytesMax: config.limits.bodyBytesMax };
  return Object.values(queryOperations).map(operation => ({
    ...servedAs(operation),
    handle: (request, principal) => answerQuery(deps, request, principal),
  }));
}
