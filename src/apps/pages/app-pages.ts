// The pages for connected apps and for developers.

import type { Route } from '../../http/message/route.ts';
import type { Visit } from '../../pages/account-pages.ts';
import { asManager } from '../services/manager.ts';
import type { AppFormWords } from './app-form.ts';
import { appPage } from './app-page.ts';
import { connectedPage } from './connected-page.ts';
import { developerPage } from './developer-page.ts';
import type { AppPages, AppPagesParts } from './page-parts.ts';
import { renderApp } from './render-app.ts';

export function appPages(parts: AppPagesParts): Route[] {
  const words = ({ session }: Visit): AppFormWords => ({
    describeScope: parts.describeScope,
    scopes: parts.knownScopes.filter(scope => scope !== 'admin' || session.principal.scopes.has('admin')),
  });
  const shared: AppPages = {
    ...parts,
    words,
    managerOf: ({ session, request }) => asManager(session.principal, request),
    showApp: (visit, app, shown = {}) => renderApp(visit, app, words(visit), shown),
  };
  return [...connectedPage(parts), ...developerPage(shared), ...appPage(shared)];
}
