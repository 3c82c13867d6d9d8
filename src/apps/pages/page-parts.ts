// What the pages of developers have in common.

import type { ScopeWords } from '../../auth/scopes/describe-scope.ts';
import type { Answer } from '../../http/message/message.ts';
import type { Visit } from '../../pages/account-pages.ts';
import type { Pages } from '../../pages/create-pages.ts';
import type { AppView } from '../services/app-view.ts';
import type { Apps } from '../services/create-apps.ts';
import type { Manager } from '../services/manager.ts';
import type { AppFields, AppFormWords } from './app-form.ts';
import type { FormErrors } from './form-errors.ts';

export const path = '/account/developer';

export interface AppPagesParts {
  readonly apps: Apps;
  readonly pages: Pages;
  readonly describeScope: ScopeWords;
  readonly knownScopes: readonly string[];
}

/** What is to be said on the page of an app, beside the app. */
export interface Shown {
  readonly said?: string;
  /** A secret that was just made: this page shows it, and none after it. */
  readonly secret?: string;
  /** What was sent and could not be saved. */
  readonly fields?: AppFields;
  readonly errors?: FormErrors;
}

export interface AppPages extends AppPagesParts {
  managerOf(visit: Visit): Manager;
  words(visit: Visit): AppFormWords;
  showApp(visit: Visit, app: AppView, shown?: Shown): Answer;
}
