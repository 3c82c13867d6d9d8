// /api/query: selection strings in, plain JSON out.

import type { Config } from '../base/config/config.ts';
import { DocumentCache } from '../graphql/document/document-cache.ts';
import type { GraphqlDoor } from '../graphql/operation/prepared-schema.ts';
import type { Route } from '../http/message/route.ts';
import { answerQuery, type QueryApiParts } from './answer-query.ts';
import { parseQuery } from './parse-query.ts';

interface RouteParts {
  readonly door: GraphqlDoor;
  readonly config: Config;
}

export function queryApiRoutes({ door, config }: RouteParts): Route[] {
  const documents = new DocumentCache(door.limits, {
    name: 'selection',
    parse: source => parseQuery(source, door.schema, door.limits),
  });
  const parts: QueryApiParts = { door, documents, bodyBytesMax: config.limits.bodyBytesMax };
  return [
    {
      method: ['GET', 'POST'],
      path: '/api/query',
      handle: (request, principal) => answerQuery(parts, request, principal),
    },
  ];
}
