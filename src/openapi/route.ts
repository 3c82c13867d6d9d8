import * as v from 'valibot';
import { declareOperations, servedAs } from '../http/message/operation.ts';
import { json } from '../http/message/respond.ts';
import type { Route } from '../http/message/route.ts';
import { type Contract, openApiDocument } from './document.ts';
import type { ServerDescription } from './security.ts';

/** `GET /api/openapi.json`, declared. */
export const openApiOperations = declareOperations({
  get: {
    id: 'getOpenApi',
    tag: 'Server',
    method: 'GET',
    path: '/api/openapi.json',
    summary: 'Get this document',
    needs: 'open',
    answer: v.record(v.string(), v.unknown()),
  },
});

/** Needs no credential: it holds no data, and names only scopes that the authorization server publishes too. */
export function openApiRoute(contract: Contract, server: ServerDescription): Route {
  let text: string | undefined;
  return {
    ...servedAs(openApiOperations.get),
    open: true,
    handle() {
      // Made when it is first read: most servers are never asked for it.
      text ??= JSON.stringify(openApiDocument(contract, server));
      return json(200, text);
    },
  };
}
