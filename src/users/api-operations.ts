// The REST API for managing users, declared: /api/users and /api/invitations.

import * as v from 'valibot';
import { type Role, roles } from '../auth/scopes/roles.ts';
import { declareOperations } from '../http/message/operation.ts';
import { numberOption, textOrNull, texts } from '../http/rest/fields.ts';
import { userSchema, userStates } from './services/user.ts';
import { takeMax } from './services/users.ts';

const role = () =>
  v.optional(
    v.pipe(
      v.nullable(v.picklist(roles as readonly Role[], `one of ${roles.join(', ')}, or null`)),
      v.description('null: no role, only scopes.'),
    ),
  );

const extraScopes = () => v.optional(v.pipe(texts(), v.description('In addition to the role.')));

const page = {
  search: v.optional(v.pipe(v.string(), v.description('Part of the name or e-mail address.'))),
  take: v.optional(numberOption(1, takeMax)),
  after: v.optional(v.pipe(v.string(), v.description('`next` of the previous page.'))),
};

const state = () => v.optional(v.picklist(userStates));

const next = v.optional(v.pipe(v.string(), v.description('Pass it as `after`; absent on the last page.')));

const delivery = {
  sent: v.pipe(v.boolean(), v.description('Whether an e-mail was sent to the user.')),
  link: v.optional(
    v.pipe(v.string(), v.description('Only if no e-mail was sent: for the user, and for no one else.')),
  ),
  expiresAt: v.date(),
};

const sessionSummary = v.object({
  id: v.string(),
  createdAt: v.date(),
  lastSeenAt: v.date(),
  address: textOrNull(),
  userAgent: textOrNull(),
});

const invitation = v.object({ ...delivery, user: userSchema });

export const userOperations = declareOperations({
  list: {
    id: 'listUsers',
    tag: 'Users',
    method: 'GET',
    path: '/api/users',
    summary: 'List users, ordered by e-mail address',
    needs: ['admin'],
    query: v.strictObject({ ...page, state: state() }),
    answer: v.object({ users: v.array(userSchema), next }),
  },
  get: {
    id: 'getUser',
    tag: 'Users',
    method: 'GET',
    path: '/api/users/{id}',
    summary: 'Get a user',
    notes: 'A session can get its own user; all others need the scope `admin`.',
    answer: userSchema,
    errors: ['SCOPE_MISSING', 'NOT_FOUND'],
  },
  change: {
    id: 'changeUser',
    tag: 'Users',
    method: 'PATCH',
    path: '/api/users/{id}',
    summary: 'Change a user',
    notes:
      'Members that are left out do not change. A session can change the name of its own user; all else needs the scope `admin`.',
    body: v.strictObject({
      name: v.optional(v.string()),
      role: role(),
      scopes: extraScopes(),
      disabled: v.optional(v.boolean()),
    }),
    answer: userSchema,
    errors: ['SCOPE_MISSING', 'NOT_FOUND', 'CONFLICT'],
  },
  remove: {
    id: 'deleteUser',
    tag: 'Users',
    method: 'DELETE',
    path: '/api/users/{id}',
    summary: 'Delete a user, with their API keys, sessions, apps and grants',
    notes: 'The audit log is kept.',
    needs: ['admin'],
    errors: ['NOT_FOUND', 'CONFLICT'],
  },
  resetPassword: {
    id: 'resetPassword',
    tag: 'Users',
    method: 'POST',
    path: '/api/users/{id}/password-reset',
    summary: 'Send a user a link to set a new password',
    needs: ['admin'],
    answer: v.object(delivery),
    status: 201,
    errors: ['NOT_FOUND', 'CONFLICT'],
  },
  listSessions: {
    id: 'listSessions',
    tag: 'Users',
    method: 'GET',
    path: '/api/users/{id}/sessions',
    summary: 'List the valid sessions of a user, most recently used first',
    answer: v.object({ sessions: v.array(sessionSummary) }),
    errors: ['SCOPE_MISSING', 'NOT_FOUND'],
  },
  endSessions: {
    id: 'endSessions',
    tag: 'Users',
    method: 'DELETE',
    path: '/api/users/{id}/sessions',
    summary: 'End all sessions of a user',
    errors: ['SCOPE_MISSING', 'NOT_FOUND'],
  },
  endSession: {
    id: 'endSession',
    tag: 'Users',
    method: 'DELETE',
    path: '/api/users/{id}/sessions/{session}',
    summary: 'End a session of a user',
    errors: ['SCOPE_MISSING', 'NOT_FOUND'],
  },
  listInvitations: {
    id: 'listInvitations',
    tag: 'Users',
    method: 'GET',
    path: '/api/invitations',
    summary: 'List invited users',
    needs: ['admin'],
    query: v.strictObject({ ...page, state: state() }),
    answer: v.object({ invitations: v.array(userSchema), next }),
  },
  invite: {
    id: 'inviteUser',
    tag: 'Users',
    method: 'POST',
    path: '/api/invitations',
    summary: 'Invite a user',
    needs: ['admin'],
    body: v.strictObject({
      email: v.string(),
      name: v.optional(v.string()),
      role: role(),
      scopes: extraScopes(),
    }),
    answer: invitation,
    status: 201,
    errors: ['CONFLICT'],
  },
  resendInvitation: {
    id: 'resendInvitation',
    tag: 'Users',
    method: 'POST',
    path: '/api/invitations/{id}',
    summary: 'Send an invitation again; earlier links stop working',
    needs: ['admin'],
    answer: invitation,
    status: 201,
    errors: ['NOT_FOUND', 'CONFLICT'],
  },
  withdrawInvitation: {
    id: 'withdrawInvitation',
    tag: 'Users',
    method: 'DELETE',
    path: '/api/invitations/{id}',
    summary: 'Withdraw an invitation, and delete the user',
    needs: ['admin'],
    errors: ['NOT_FOUND', 'CONFLICT'],
  },
});
