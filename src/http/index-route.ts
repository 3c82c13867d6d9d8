import { json } from './message/respond.ts';
import type { Route } from './message/route.ts';

const doors = {
  query: 'POST /api/query',
  graphql: '/graphql',
  odata: '/odata/',
  import: 'POST /api/import',
  keys: '/api/keys',
  account: '/account',
  oauth: '/.well-known/oauth-authorization-server',
  health: ['/healthz', '/readyz', '/metrics'],
};

/** `GET /` names the doors, so that whoever opens the bare address finds the way. */
export const indexRoute = (): Route => ({
  method: 'GET',
  path: '/',
  open: true,
  handle: () =>
    json(200, {
      name: 'Portolan',
      doors,
      credential: 'X-API-Key, Basic with the key as password, or Bearer with an access token',
    }),
});
