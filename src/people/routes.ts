// All routes for users: REST and pages.

import type { Audit } from '../audit/create-audit.ts';
import type { Auth } from '../auth/create-auth.ts';
import type { Route } from '../http/message/route.ts';
import type { Pages } from '../pages/create-pages.ts';
import { accountPage } from './pages/account-page.ts';
import { linkPages } from './pages/link-pages.ts';
import { peoplePages } from './pages/people-pages.ts';
import { providerPages } from './pages/provider-pages.ts';
import { registrationPages } from './pages/registration-pages.ts';
import { signInPages } from './pages/sign-in-pages.ts';
import type { People } from './services/create-people.ts';
import { userRoutes } from './user-routes.ts';

export interface PeopleRoutesParts {
  readonly people: People;
  readonly pages: Pages;
  readonly auth: Pick<Auth, 'sessions'>;
  readonly audit: Pick<Audit, 'record'>;
  readonly config: { readonly publicUrl: string };
}

export function peopleRoutes({ people, pages, auth, audit, config }: PeopleRoutesParts): Route[] {
  const { sessions } = auth;
  const { external, signIn } = people;
  const parts = { people, pages, audit, sessions, publicUrl: config.publicUrl };
  return [
    ...userRoutes(parts),
    ...signInPages({ ...parts, providerName: external?.provider.name }),
    ...(external
      ? providerPages({ ...parts, signIn, provider: external.provider, externalPeople: external.people })
      : []),
    ...linkPages(parts),
    ...registrationPages(parts),
    ...accountPage(parts),
    ...peoplePages(parts),
  ];
}
