// Both ways of answering, side by side, over one engine.

import { limitDefaults } from '../../src/base/config/config.ts';
import { createLog } from '../../src/base/log.ts';
import type { Principal } from '../../src/base/principal.ts';
import { DocumentCache } from '../../src/graphql/document/document-cache.ts';
import { parseGraphql } from '../../src/graphql/document/parse-graphql.ts';
import { fastAnswer } from '../../src/graphql/fast-path/fast-path.ts';
import type { Params } from '../../src/graphql/http/params.ts';
import { PersistedDocuments } from '../../src/graphql/http/persisted-documents.ts';
import { createGraphqlApi } from '../../src/graphql/operation/prepared-schema.ts';
import { platform } from '../../src/graphql/platform/platform.ts';
import { createSlowPath } from '../../src/graphql/yoga/yoga.ts';
import type { Answer, Incoming } from '../../src/http/message/message.ts';
import type { PrismaClient } from '../../src/platform/prisma.ts';
import type { Engine } from '../../src/query/engine.ts';

export interface BothPaths {
  /** @returns undefined when the operation has to go the long way */
  fast(params: Params): Promise<Answer | undefined>;
  slow(params: Params): Promise<Answer>;
}

export function bothPaths(engine: Engine, principal: Principal): BothPaths {
  const api = createGraphqlApi({ engine, platform, limits: limitDefaults });
  const documents = new DocumentCache(api.limits, {
    name: 'graphql',
    parse: source => parseGraphql(source, api.limits),
  });
  const log = createLog({ logLevel: 'silent', logFormat: 'json' });
  const parts = { api, documents, log, persisted: new PersistedDocuments() };
  const slowPath = createSlowPath(parts, {} as PrismaClient);
  return {
    short: params => fastAnswer(parts, params, 'application/json', principal, request),
    long: params => slowPath.answer(params, principal, request),
  };
}

const request: Incoming = {
  method: 'POST',
  path: '/graphql',
  query: '',
  header: name => (name === 'accept' ? 'application/json' : undefined),
  text: async () => '',
  stream: () => new ReadableStream(),
  signal: new AbortController().signal,
  address: '127.0.0.1',
  id: 'request-1',
};

export function principalWith(...scopes: string[]): Principal {
  const sorted = scopes.toSorted();
  return {
    kind: 'key',
    id: 'test',
    userId: 'test',
    name: 'test',
    scopes: new Set(sorted),
    scopeKey: sorted.join(' '),
  };
}
