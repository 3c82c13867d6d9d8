// Every route that concerns developers, their apps, and what these were allowed.

import type { Config } from '../base/config/config.ts';
import type { Route } from '../http/message/route.ts';
import { appRoutes } from './app-routes.ts';
import { developerRoutes, grantRoutes } from './developer-routes.ts';
import { logoRoute } from './logo-route.ts';
import { appPages } from './pages/app-pages.ts';
import type { AppPagesParts } from './pages/page-parts.ts';

export const appsRoutes = (
  parts: AppPagesParts & { readonly config: Pick<Config, 'adminEmail'> },
): Route[] => [
  ...appRoutes(parts),
  ...developerRoutes(parts),
  ...grantRoutes(parts),
  logoRoute(parts),
  ...appPages(parts),
];
