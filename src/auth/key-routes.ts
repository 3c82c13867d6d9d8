// The REST API for API keys, which the command line uses.

import type { Config } from '../base/config/config.ts';
import { type RestRoute, restRoute } from '../http/rest/rest-route.ts';
import type { Auth } from './create-auth.ts';
import { keyOperations } from './key-operations.ts';
import { requireMayCreate } from './keys/rights.ts';

export interface KeyRoutesDeps {
  readonly auth: Pick<Auth, 'keys'>;
  readonly config: Pick<Config, 'adminEmail'>;
}

/** List, create, rotate and revoke keys: the caller's own, or those of every user with the scope `admin`. */
export function keyRoutes({ auth: { keys }, config }: KeyRoutesDeps): RestRoute[] {
  return [
    restRoute(keyOperations.list, async ({ query }, caller) => ({ keys: await keys.list(caller, query) })),
    restRoute(
      keyOperations.create,
      ({ body: { owner, ...draft } }, caller) =>
        keys.create({ ...draft, ...ownerOf(owner, caller.principal?.userId, config) }, caller),
      { before: requireMayCreate },
    ),
    restRoute(keyOperations.rotate, ({ params, body: { overlapSeconds, expiresAt } }, caller) =>
      keys.rotate(params.id, { overlapMs: overlapSeconds * 1_000, expiresAt }, caller),
    ),
    restRoute(keyOperations.revoke, ({ params }, caller) => keys.revoke(params.id, caller)),
  ];
}

/** Without a principal, the operator acts for the first administrator. */
function ownerOf(
  email: string | undefined,
  userId: string | undefined,
  { adminEmail }: KeyRoutesDeps['config'],
) {
  if (email !== undefined) return { email };
  return userId === undefined ? { email: adminEmail } : { userId };
}
