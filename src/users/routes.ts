// All routes for users: REST and pages.

import type { Audit } from '../audit/create-audit.ts';
import type { Auth } from '../auth/create-auth.ts';
import type { Route } from '../http/message/route.ts';
import type { Pages } from '../pages/create-pages.ts';
import { apiRoutes } from './api-routes.ts';
import { accountPage } from './pages/account-page.ts';
import { linkPages } from './pages/link-pages.ts';
import { providerPages } from './pages/provider-pages.ts';
import { registrationPages } from './pages/registration-pages.ts';
import { signInPages } from './pages/sign-in-pages.ts';
import { userPages } from './pages/user-pages.ts';
import type { UserServices } from './services/create-user-services.ts';

export interface UserRoutesDeps {
  readonly userServices: UserServices;
  readonly pages: Pages;
  readonly auth: Pick<Auth, 'sessions'>;
  readonly audit: Pick<Audit, 'record'>;
  readonly config: { readonly publicUrl: string };
}

export function userRoutes({ userServices, pages, auth, audit, config }: UserRoutesDeps): Route[] {
  const { sessions } = auth;
  const { external, signIn } = userServices;
  const deps = { userServices, pages, audit, sessions, publicUrl: config.publicUrl };
  return [
    ...apiRoutes(deps),
    ...signInPages({ ...deps, providerName: external?.provider.name }),
    ...(external
      ? providerPages({ ...deps, signIn, provider: external.provider, externalUsers: external.users })
      : []),
    ...linkPages(deps),
    ...registrationPages(deps),
    ...accountPage(deps),
    ...userPages(deps),
  ];
}
