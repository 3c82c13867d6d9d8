// The REST routes that need no server: managing keys, users, apps and secrets. The command line calls them directly.

import { appRoutes } from './apps/app-routes.ts';
import { developerRoutes, grantRoutes } from './apps/developer-routes.ts';
import { createApps } from './apps/services/create-apps.ts';
import type { Core } from './assemble.ts';
import { auditRoutes } from './audit/audit-routes.ts';
import { keyRoutes } from './auth/key-routes.ts';
import { sealRoutes } from './auth/seal-routes.ts';
import { limitersOver } from './base/memory/rate-limiter.ts';
import type { RestRoute } from './http/rest/rest-route.ts';
import { apiRoutes } from './users/api-routes.ts';
import { createUserServices } from './users/services/create-user-services.ts';

export interface RestRoutes extends AsyncDisposable {
  readonly routes: readonly RestRoute[];
}

/** Disposing of the result leaves the core open. */
export function createRestRoutes(core: Core): RestRoutes {
  const { auth } = core;
  const { audit, sessions, safestore } = auth;
  const apps = createApps({ ...core, safestore, audit });
  const userServices = createUserServices({ ...core, audit, createLimiter: limitersOver() });
  const deps = { ...core, apps, userServices, sessions, audit };
  return {
    routes: [
      ...keyRoutes(deps),
      ...sealRoutes(deps),
      ...apiRoutes(deps),
      ...appRoutes(deps),
      ...developerRoutes(deps),
      ...grantRoutes(deps),
      ...auditRoutes(deps),
    ],
    async [Symbol.asyncDispose]() {
      await userServices.close();
      await apps.close();
    },
  };
}
