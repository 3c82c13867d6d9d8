import { json } from '../http/message/respond.ts';
import type { Route } from '../http/message/route.ts';
import type { DescribeCaller } from './me.ts';

/** `GET /api/me`: whoever has a credential is told who the server takes it for. */
export const meRoute = ({ me }: { me: DescribeCaller }): Route => ({
  method: 'GET',
  path: '/api/me',
  handle: async (_, principal) => json(200, await me(principal), { 'cache-control': 'no-store' }),
});
