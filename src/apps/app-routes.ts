// REST for apps: /api/apps, for scripts, the command line and external consoles.

import type { Config } from '../base/config/config.ts';
import { readBytes } from '../http/message/body.ts';
import { type RestRoute, restRoute } from '../http/rest/rest-route.ts';
import { appOperations } from './app-operations.ts';
import type { Apps } from './services/create-apps.ts';
import { logoBytesMax } from './services/logo.ts';
import { managerOf } from './services/manager.ts';

export interface AppRoutesDeps {
  readonly apps: Pick<Apps, 'registry' | 'secrets' | 'create'>;
  readonly config: Pick<Config, 'adminEmail'>;
}

export function appRoutes(deps: AppRoutesDeps): RestRoute[] {
  return [...registered(deps), ...states(deps), ...secretRoutes(deps)];
}

/** Rejects callers that manage no apps before the body is read. */
const managersOnly = { before: managerOf };

function registered({ apps, config }: AppRoutesDeps): RestRoute[] {
  const { registry } = apps;
  return [
    restRoute(appOperations.list, async ({ query: { owner, search } }, caller) => ({
      apps: await registry.list(managerOf(caller), { ownerId: owner, search }),
    })),
    restRoute(
      appOperations.create,
      ({ body }, caller) =>
        // Without a principal, the operator acts for the first administrator.
        apps.create(managerOf(caller), {
          ...body,
          owner: body.owner ?? (caller.principal ? undefined : config.adminEmail),
        }),
      managersOnly,
    ),
    restRoute(appOperations.get, ({ params }, caller) => registry.find(managerOf(caller), params.id)),
    restRoute(
      appOperations.change,
      ({ params, body }, caller) => registry.change(managerOf(caller), params.id, body),
      managersOnly,
    ),
    restRoute(appOperations.remove, ({ params }, caller) => registry.remove(managerOf(caller), params.id)),
  ];
}

function states({ apps: { registry } }: AppRoutesDeps): RestRoute[] {
  return [
    restRoute(appOperations.disable, ({ params }, caller) => registry.disable(managerOf(caller), params.id)),
    restRoute(appOperations.enable, ({ params }, caller) => registry.enable(managerOf(caller), params.id)),
    restRoute(appOperations.setLogo, async ({ params }, caller) => {
      const manager = managerOf(caller);
      await registry.find(manager, params.id);
      return registry.setLogo(manager, params.id, await readBytes(caller.request!, logoBytesMax));
    }),
    restRoute(appOperations.removeLogo, ({ params }, caller) =>
      registry.setLogo(managerOf(caller), params.id, null),
    ),
  ];
}

function secretRoutes({ apps: { secrets } }: AppRoutesDeps): RestRoute[] {
  return [
    restRoute(
      appOperations.createSecret,
      ({ params, body: { expiresAt, othersExpireAt } }, caller) =>
        secrets.create(managerOf(caller), params.id, {
          expiresAt,
          othersExpireAt: othersExpireAt ?? undefined,
        }),
      managersOnly,
    ),
    restRoute(appOperations.removeSecret, ({ params }, caller) =>
      secrets.remove(managerOf(caller), params.id, params.secret),
    ),
  ];
}
