import type { Sessions } from '../auth/sessions/sessions.ts';
import type { Config } from '../base/config/config.ts';
import { loadPeppers } from '../safestore/peppers.ts';
import { type AccountPages, createAccountPages } from './account-pages.ts';
import { createFormGuard, type FormGuard } from './form-guard.ts';

/** What page routes receive. */
export interface Pages {
  /** For pages that need no sign-in. */
  readonly guard: FormGuard;
  /** For pages of signed-in users. */
  readonly account: AccountPages;
}

export interface PagesParts {
  readonly config: Config;
  readonly sessions: Pick<Sessions, 'find'>;
}

export function createPages({ config, sessions }: PagesParts): Pages {
  const guard = createFormGuard({ publicUrl: config.publicUrl, peppers: loadPeppers(config) });
  return { guard, account: createAccountPages({ sessions, guard }) };
}
