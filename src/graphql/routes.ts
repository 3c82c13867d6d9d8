// /graphql: GraphQL over HTTP, and GraphiQL for browsers.

import type { Auth } from '../auth/create-auth.ts';
import type { Config } from '../base/config/config.ts';
import type { Logger } from '../base/log.ts';
import type { ChangeFeed } from '../changes/feed.ts';
import type { Route } from '../http/message/route.ts';
import type { Idempotency } from '../idempotency/idempotency.ts';
import type { PrismaClient } from '../platform/generated/client/client.ts';
import { answerGraphql, failGraphql } from './answer-graphql.ts';
import { DocumentCache } from './document/document-cache.ts';
import { parseGraphql } from './document/parse-graphql.ts';
import { createGraphiql, wantsPage } from './graphiql.ts';
import type { GraphqlDeps } from './http/graphql-deps.ts';
import { PersistedDocuments } from './http/persisted-documents.ts';
import { Live } from './live/live.ts';
import type { PlatformServices } from './model/platform-services.ts';
import type { GraphqlApi } from './operation/prepared-schema.ts';
import { createSlowPath } from './yoga/yoga.ts';

interface RouteDeps {
  readonly api: GraphqlApi;
  readonly prisma: PrismaClient;
  readonly config: Config;
  readonly log: Logger;
  readonly idempotency: Idempotency;
  readonly auth: Pick<Auth, 'authenticate'>;
  readonly feed: ChangeFeed;
  readonly services: PlatformServices;
}

export function graphqlRoutes(routeDeps: RouteDeps): Route[] {
  const { api, prisma, config, log, idempotency, auth, feed, services } = routeDeps;
  const documents = new DocumentCache(api.limits, {
    name: 'graphql',
    parse: source => parseGraphql(source, api.limits),
  });
  const deps: GraphqlDeps = { api, documents, log, idempotency, persisted: new PersistedDocuments() };
  const live = new Live(api.engine, feed);
  const slowPath = createSlowPath(deps, prisma, { live, services, authenticate: auth.authenticate });
  const graphiql = createGraphiql();
  const answerDeps = { ...deps, slowPath, bodyBytesMax: config.limits.bodyBytesMax };
  return [
    {
      method: ['GET', 'POST'],
      path: '/graphql',
      handle: (request, principal) =>
        wantsPage(request) ? graphiql(request) : answerGraphql(answerDeps, request, principal),
      // A browser without a credential gets the page, where the user can enter a key.
      fail: (error, request) =>
        error.code === 'UNAUTHENTICATED' && wantsPage(request)
          ? graphiql(request)
          : failGraphql(error, request),
    },
  ];
}
