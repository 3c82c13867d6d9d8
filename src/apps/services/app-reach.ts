// Who may get an app into their hands: be sent its users' codes, be given its secrets, decide what it may ask for.

import { requireScopes } from '../../auth/scopes/scopes.ts';
import type { PrismaClient } from '../../platform/prisma.ts';
import { grantedScopes } from '../../platform/tables/app-grants.ts';
import type { Manager } from './manager.ts';

/** What of an app decides. */
interface Reached {
  /** Absent for an app that is still to be made. */
  readonly id?: string;
  /** Absent where it does not count who owns it. */
  readonly owner?: { readonly id: string };
  readonly scopes: readonly string[];
}

/**
 * Its owner may, signed in. Everybody else, and every key and token, must have all that the app may ask for and all that
 * users allow it: it could get that through the app. What the owner may do now does not count, since it may be more tomorrow.
 * @throws SCOPE_MISSING
 */
export type RequireReach = (manager: Manager, app: Reached) => Promise<void>;

export interface ReachParts {
  readonly prisma: PrismaClient;
  readonly knownScopes: readonly string[];
}

export const createRequireReach =
  ({ prisma, knownScopes }: ReachParts): RequireReach =>
  async ({ principal }, { id, owner, scopes }) => {
    if (!principal || (principal.kind === 'session' && principal.userId === owner?.id)) return;
    const granted = id === undefined ? [] : await grantedScopes(prisma, { appId: id });
    // What the catalog no longer has, nobody has and nothing allows.
    const all = [...scopes, ...granted].filter(scope => knownScopes.includes(scope));
    requireScopes(principal.scopes, all, 'The app may do more than your own credential, which');
  };
