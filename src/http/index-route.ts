import { servedAs } from './message/operation.ts';
import { json } from './message/respond.ts';
import type { Route } from './message/route.ts';
import { serverOperations } from './server-operations.ts';

const apis = {
  query: 'POST /api/query',
  graphql: '/graphql',
  odata: '/odata/',
  import: 'POST /api/import',
  export: '/api/export/',
  keys: '/api/keys',
  account: '/account',
  oauth: '/.well-known/oauth-authorization-server',
  health: ['/healthz', '/readyz', '/metrics'],
};

/** `GET /` lists the APIs, so that opening the base URL shows where to go. */
export const indexRoute = (): Route => ({
  ...servedAs(serverOperations.index),
  open: true,
  handle: () =>
    json(200, {
      name: 'Portolan',
      doors: apis,
      credential: 'X-API-Key, Basic with the key as password, or Bearer with an access token',
    }),
});
