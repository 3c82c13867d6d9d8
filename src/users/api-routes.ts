// REST for managing users: /api/users and /api/invitations.

import type { Sessions } from '../auth/sessions/sessions.ts';
import { fault } from '../base/errors.ts';
import { type RestRoute, restRoute } from '../http/rest/rest-route.ts';
import { userOperations } from './api-operations.ts';
import type { UserServices } from './services/create-user-services.ts';
import { requireAdmin } from './services/deps.ts';

export interface ApiRoutesDeps {
  readonly userServices: Pick<UserServices, 'users' | 'passwords' | 'invitations'>;
  readonly sessions: Pick<Sessions, 'list'>;
}

export function apiRoutes(deps: ApiRoutesDeps): RestRoute[] {
  return [...accounts(deps), ...sessionRoutes(deps), ...invitationRoutes(deps)];
}

function accounts({ userServices: { users, passwords } }: ApiRoutesDeps): RestRoute[] {
  return [
    restRoute(userOperations.list, ({ query }, caller) => users.list(query, caller)),
    restRoute(userOperations.get, ({ params }, caller) => users.get(params.id, caller)),
    restRoute(userOperations.change, ({ params, body }, caller) => users.change(params.id, body, caller)),
    restRoute(userOperations.remove, ({ params }, caller) => users.remove(params.id, caller)),
    restRoute(userOperations.resetPassword, ({ params }, caller) => passwords.sendReset(params.id, caller)),
  ];
}

function sessionRoutes({ userServices: { users }, sessions }: ApiRoutesDeps): RestRoute[] {
  return [
    restRoute(userOperations.listSessions, async ({ params }, caller) => {
      const { id } = await users.get(params.id, caller);
      return { sessions: await sessions.list(id) };
    }),
    restRoute(userOperations.endSessions, async ({ params }, caller) => {
      await users.endSessions(params.id, undefined, caller);
    }),
    restRoute(userOperations.endSession, async ({ params }, caller) => {
      if ((await users.endSessions(params.id, params.session, caller)) > 0) return;
      throw fault('NOT_FOUND', 'This session does not exist.', { target: 'session' });
    }),
  ];
}

function invitationRoutes({ userServices: { users, invitations } }: ApiRoutesDeps): RestRoute[] {
  return [
    restRoute(userOperations.listInvitations, async ({ query }, caller) => {
      const { users: invited, next } = await users.list({ ...query, state: 'invited' }, caller);
      return { invitations: invited, next };
    }),
    restRoute(userOperations.invite, ({ body }, caller) => invitations.create(body, caller), {
      before: requireAdmin,
    }),
    restRoute(userOperations.resendInvitation, ({ params }, caller) => invitations.resend(params.id, caller)),
    restRoute(userOperations.withdrawInvitation, ({ params }, caller) =>
      invitations.withdraw(params.id, caller),
    ),
  ];
}
