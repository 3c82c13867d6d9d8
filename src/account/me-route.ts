import { json } from '../http/message/respond.ts';
import type { Route } from '../http/message/route.ts';
import type { DescribeCaller } from './me.ts';

/** `GET /api/me`: describes the caller's own credential. */
export const meRoute = ({ me }: { me: DescribeCaller }): Route => ({
  method: 'GET',
  path: '/api/me',
  handle: async (_, principal) => json(200, await me(principal), { 'cache-control': 'no-store' }),
});
