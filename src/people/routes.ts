// Every route that concerns people.

import type { Auth } from '../auth/create-auth.ts';
import type { Route } from '../http/route.ts';
import type { Pages } from '../pages/create-pages.ts';
import { accountPage } from './account-page.ts';
import type { People } from './create-people.ts';
import { linkPages } from './link-pages.ts';
import type { Trail } from './parts.ts';
import { registrationPages } from './registration-pages.ts';
import { signInPages } from './sign-in-pages.ts';
import { userRoutes } from './user-routes.ts';

export interface PeopleRoutesParts {
  readonly people: People;
  readonly pages: Pages;
  readonly auth: Pick<Auth, 'sessions'>;
  readonly audit: Trail;
}

export function peopleRoutes({ people, pages, auth, audit }: PeopleRoutesParts): Route[] {
  const parts = { people, pages, audit, sessions: auth.sessions };
  return [
    ...userRoutes(parts),
    ...signInPages(parts),
    ...linkPages(parts),
    ...registrationPages(parts),
    ...accountPage(parts),
  ];
}
