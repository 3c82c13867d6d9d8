// REST for registering as a developer, /api/developer, and for connected apps, /api/grants.

import { fault } from '../base/errors.ts';
import { type RestRoute, restRoute } from '../http/rest/rest-route.ts';
import { developerOperations, grantOperations } from './developer-operations.ts';
import type { Apps } from './services/create-apps.ts';
import { managerOf } from './services/manager.ts';

/** The caller's own registration; administrators can select a user with `?user=`. */
export function developerRoutes({ apps: { developers } }: { apps: Pick<Apps, 'developers'> }): RestRoute[] {
  return [
    restRoute(developerOperations.get, async ({ query }, caller) => {
      const found = await developers.find(managerOf(caller), query.user);
      if (found) return found;
      throw fault('NOT_FOUND', 'You are not registered as a developer.', {
        hint: `Register with PUT ${developerOperations.save.path}.`,
      });
    }),
    restRoute(
      developerOperations.save,
      ({ query, body }, caller) => developers.save(managerOf(caller), body, query.user),
      { before: managerOf },
    ),
  ];
}

/** The caller's own grants; administrators can select others with `?user=` and `?app=`. */
export function grantRoutes({ apps: { grants } }: { apps: Pick<Apps, 'grants'> }): RestRoute[] {
  return [
    restRoute(grantOperations.list, async ({ query: { user, app } }, caller) => ({
      grants: await grants.list(managerOf(caller), { userId: user, appId: app }),
    })),
    restRoute(grantOperations.revoke, ({ params }, caller) => grants.revoke(managerOf(caller), params.id)),
  ];
}
