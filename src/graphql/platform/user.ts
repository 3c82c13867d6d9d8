// Users, for administrators.

import type { SessionSummary } from '../../platform/tables/sessions.ts';
import type { Builder, PlatformPart } from '../model/builder.ts';
import type { GraphqlContext } from '../model/context.ts';
import { addUserTypes, type UserTypes } from './user-types.ts';

export const users: PlatformPart = {
  scope: 'admin',
  queries: ['users', 'user', 'userSessions'],
  mutations: [
    'inviteUser',
    'resendInvitation',
    'withdrawInvitation',
    'updateUser',
    'deleteUser',
    'sendPasswordReset',
    'endUserSessions',
  ],
  add(builder) {
    const types = addUserTypes(builder);
    addQueries(builder, types);
    addInvitations(builder, types);
    addChanges(builder, types);
  },
};

function addQueries(builder: Builder, { state, user, list, session }: UserTypes): void {
  builder.queryField('users', t =>
    t.field({
      type: list,
      nullable: false,
      description: 'All users. Needs the scope `admin`.',
      args: {
        search: t.arg.string({ description: 'Part of the name or e-mail address.' }),
        state: t.arg({ type: state }),
        take: t.arg.int({ description: '1 to 200; 50 by default.' }),
        after: t.arg.string({ description: '`next` of the previous page.' }),
      },
      resolve: (_root, args, context) => context.services.users.list(present(args), by(context)),
    }),
  );
  builder.queryField('user', t =>
    t.field({
      type: user,
      nullable: false,
      description: 'One user. Needs the scope `admin`.',
      args: { id: t.arg.string({ required: true }) },
      resolve: (_root, { id }, context) => context.services.users.get(id, by(context)),
    }),
  );
  builder.queryField('userSessions', t =>
    t.field({
      type: [session],
      nullable: false,
      description: 'The sessions of a user, last seen first. Needs the scope `admin`.',
      args: { userId: t.arg.string({ required: true }) },
      async resolve(_root, { userId }, context): Promise<SessionSummary[]> {
        const { users, auth } = context.services;
        return auth.sessions.list((await users.get(userId, by(context))).id);
      },
    }),
  );
}

function addInvitations(builder: Builder, { role, invitation }: UserTypes): void {
  builder.mutationField('inviteUser', t =>
    t.field({
      type: invitation,
      description: 'Invites a user by a link. Needs the scope `admin` and every permission that it grants.',
      args: {
        email: t.arg.string({ required: true }),
        name: t.arg.string(),
        role: t.arg({ type: role, description: 'Default: `viewer`. null: no role, only `scopes`.' }),
        scopes: t.arg.stringList({ description: 'Scopes in addition to the role.' }),
      },
      resolve: (_root, { email, role: chosen, ...rest }, context) =>
        context.services.invitations.create({ email, role: chosen, ...present(rest) }, by(context)),
    }),
  );
  builder.mutationField('resendInvitation', t =>
    t.field({
      type: invitation,
      description: 'Sends a new link. Earlier links become invalid.',
      args: { userId: t.arg.string({ required: true }) },
      resolve: (_root, { userId }, context) => context.services.invitations.resend(userId, by(context)),
    }),
  );
  builder.mutationField('withdrawInvitation', t =>
    t.boolean({
      description: 'Withdraws an invitation that was not accepted yet.',
      args: { userId: t.arg.string({ required: true }) },
      async resolve(_root, { userId }, context) {
        await context.services.invitations.withdraw(userId, by(context));
        return true;
      },
    }),
  );
}

function addChanges(builder: Builder, { role, user, delivery }: UserTypes): void {
  builder.mutationField('updateUser', t =>
    t.field({
      type: user,
      description:
        'Changes a user. Omitted arguments stay unchanged. Needs the scope `admin` and every permission that it grants.',
      args: {
        id: t.arg.string({ required: true }),
        name: t.arg.string(),
        role: t.arg({ type: role, description: 'null: no role, only `scopes`.' }),
        scopes: t.arg.stringList({ description: 'Scopes in addition to the role.' }),
        disabled: t.arg.boolean({
          description: 'Disabling a user ends their sessions and stops their keys and apps.',
        }),
      },
      resolve: (_root, { id, role: chosen, ...rest }, context) =>
        context.services.users.change(
          id,
          { ...present(rest), ...(chosen !== undefined && { role: chosen }) },
          by(context),
        ),
    }),
  );
  builder.mutationField('deleteUser', t =>
    t.boolean({
      description: 'Deletes a user with their keys, sessions, apps and grants. The audit log is kept.',
      args: { id: t.arg.string({ required: true }) },
      async resolve(_root, { id }, context) {
        await context.services.users.remove(id, by(context));
        return true;
      },
    }),
  );
  builder.mutationField('sendPasswordReset', t =>
    t.field({
      type: delivery,
      description:
        'Sends a link to set a new password. Needs the scope `admin` and all permissions of the user.',
      args: { userId: t.arg.string({ required: true }) },
      resolve: (_root, { userId }, context) => context.services.passwords.sendReset(userId, by(context)),
    }),
  );
  builder.mutationField('endUserSessions', t =>
    t.int({
      description: 'Ends one session of a user, or all of them. Returns how many ended.',
      args: { userId: t.arg.string({ required: true }), sessionId: t.arg.string() },
      resolve: (_root, { userId, sessionId }, context) =>
        context.services.users.endSessions(userId, sessionId ?? undefined, by(context)),
    }),
  );
}

/** The actor, for the audit log. */
const by = ({ principal, request }: GraphqlContext) => ({ principal, request });

/** @returns the entries that are not null */
const present = <Values extends object>(
  values: Values,
): { [Name in keyof Values]?: NonNullable<Values[Name]> } =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value != null)) as {
    [Name in keyof Values]?: NonNullable<Values[Name]>;
  };
