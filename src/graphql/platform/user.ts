// Users, for administrators.

import type { Role } from '../../auth/scopes/roles.ts';
import type { SessionSummary } from '../../auth/sessions/store.ts';
import type { Delivery } from '../../users/services/delivery.ts';
import type { Invitation } from '../../users/services/invitations.ts';
import type { User } from '../../users/services/user.ts';
import type { UserList } from '../../users/services/users.ts';
import type { Builder, PlatformPart } from '../model/builder.ts';
import type { GraphqlContext } from '../model/context.ts';
import { sessionType } from './session.ts';

export const users: PlatformPart = {
  scope: 'admin',
  queries: ['users', 'user', 'userSessions'],
  mutations: [
    ...['inviteUser', 'resendInvitation', 'withdrawInvitation', 'updateUser', 'deleteUser'],
    ...['sendPasswordReset', 'endUserSessions'],
  ],
  add(builder) {
    const types = addTypes(builder);
    addQueries(builder, types);
    addInvitations(builder, types);
    addChanges(builder, types);
  },
};

type Types = ReturnType<typeof addTypes>;

function addTypes(builder: Builder) {
  const role = builder.enumType('Role', {
    description: 'The general permissions of a user.',
    values: {
      administrator: { description: 'Full access, including users and restricted fields.' },
      editor: { description: 'Reads and writes all sets, except restricted fields.' },
      viewer: { description: 'Reads all sets, except restricted fields.' },
    } satisfies Record<Role, object>,
  });
  const state = builder.enumType('UserState', {
    description: '`invited`: has not set a password yet.',
    values: ['active', 'invited', 'disabled'] as const,
  });
  const user = builder.objectRef<User>('User').implement({
    description: 'A user who can sign in and who owns keys and apps.',
    fields: t => ({
      id: t.exposeString('id', { nullable: false }),
      email: t.exposeString('email', { nullable: false }),
      name: t.exposeString('name', { nullable: false }),
      role: t.expose('role', {
        type: role,
        nullable: true,
        description: 'null: no role, only `scopes`.',
      }),
      scopes: t.exposeStringList('scopes', {
        nullable: false,
        description: 'Scopes in addition to the role.',
      }),
      state: t.expose('state', { type: state, nullable: false }),
      createdAt: t.expose('createdAt', { type: 'DateTime', nullable: false }),
      lastSignInAt: t.expose('lastSignInAt', { type: 'DateTime', nullable: true }),
    }),
  });
  const list = builder.objectRef<UserList>('UserList').implement({
    description: 'A page of users, sorted by e-mail address.',
    fields: t => ({
      users: t.field({ type: [user], nullable: false, resolve: page => [...page.users] }),
      next: t.exposeString('next', {
        nullable: true,
        description: 'The value of `after` for the next page; null on the last page.',
      }),
    }),
  });
  const delivery = builder.objectRef<Delivery>('LinkDelivery').implement({
    description: 'How a link is delivered to a user.',
    fields: t => ({
      sent: t.exposeBoolean('sent', { nullable: false, description: 'Whether the link was sent by e-mail.' }),
      link: t.exposeString('link', {
        nullable: true,
        description: 'Only if no e-mail could be sent: the link, to be passed on to this user only.',
      }),
      expiresAt: t.expose('expiresAt', { type: 'DateTime', nullable: false }),
    }),
  });
  const invitation = builder.objectRef<Invitation>('UserInvitation').implement({
    description: 'An invited user, and how the invitation is delivered.',
    fields: t => ({
      user: t.field({ type: user, nullable: false, resolve: one => one.user }),
      delivery: t.field({ type: delivery, nullable: false, resolve: one => one }),
    }),
  });
  return { role, state, user, list, delivery, invitation, session: sessionType(builder) };
}

function addQueries(builder: Builder, { state, user, list, session }: Types): void {
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

function addInvitations(builder: Builder, { role, invitation }: Types): void {
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

function addChanges(builder: Builder, { role, user, delivery }: Types): void {
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
