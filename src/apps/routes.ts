// Every route that concerns developers, their apps, and what these were allowed.

import type { Route } from '../http/route.ts';
import { appRoutes } from './app-routes.ts';
import type { Apps } from './create-apps.ts';
import { developerRoutes, grantRoutes } from './developer-routes.ts';
import { logoRoute } from './logo-route.ts';

export const appsRoutes = (parts: { readonly apps: Apps }): Route[] => [
  ...appRoutes(parts),
  ...developerRoutes(parts),
  ...grantRoutes(parts),
  logoRoute(parts),
];
