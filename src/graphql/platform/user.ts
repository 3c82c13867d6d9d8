// People: for administrators.

import type { Role } from '../../auth/scopes/roles.ts';
import type { SessionSummary } from '../../auth/sessions/store.ts';
import type { Delivery } from '../../people/services/delivery.ts';
import type { Invitation } from '../../people/services/invitations.ts';
import type { Person } from '../../people/services/person.ts';
import type { UserList } from '../../people/services/users.ts';
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
    description: 'What somebody may do in general.',
    values: {
      administrator: { description: 'Everything, people and restricted fields included.' },
      editor: { description: 'Reads and writes every set, restricted fields excepted.' },
      viewer: { description: 'Reads every set, restricted fields excepted.' },
    } satisfies Record<Role, object>,
  });
  const state = builder.enumType('UserState', {
    description: '`invited`: has not chosen a password yet.',
    values: ['active', 'invited', 'disabled'] as const,
  });
  const user = builder.objectRef<Person>('User').implement({
    description: 'Somebody who may sign in, and who owns keys and apps.',
    fields: t => ({
      id: t.exposeString('id', { nullable: false }),
      email: t.exposeString('email', { nullable: false }),
      name: t.exposeString('name', { nullable: false }),
      role: t.expose('role', {
        type: role,
        nullable: true,
        description: 'null: exactly what `scopes` says.',
      }),
      scopes: t.exposeStringList('scopes', {
        nullable: false,
        description: 'What they may do beyond the role.',
      }),
      state: t.expose('state', { type: state, nullable: false }),
      createdAt: t.expose('createdAt', { type: 'DateTime', nullable: false }),
      lastSignInAt: t.expose('lastSignInAt', { type: 'DateTime', nullable: true }),
    }),
  });
  const list = builder.objectRef<UserList>('UserList').implement({
    description: 'A page of people, in the order of their addresses.',
    fields: t => ({
      users: t.field({ type: [user], nullable: false, resolve: page => [...page.users] }),
      next: t.exposeString('next', {
        nullable: true,
        description: 'What `after` must say for the next page.',
      }),
    }),
  });
  const delivery = builder.objectRef<Delivery>('LinkDelivery').implement({
    description: 'How a link reaches its person.',
    fields: t => ({
      sent: t.exposeBoolean('sent', { nullable: false, description: 'Whether a letter is on its way.' }),
      link: t.exposeString('link', {
        nullable: true,
        description: 'Only where no letter could be sent: for the person, and for nobody else.',
      }),
      expiresAt: t.expose('expiresAt', { type: 'DateTime', nullable: false }),
    }),
  });
  const invitation = builder.objectRef<Invitation>('UserInvitation').implement({
    description: 'Somebody who was invited, and how they are told.',
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
      description: 'People. Needs the scope `admin`.',
      args: {
        search: t.arg.string({ description: 'Part of the name or the address.' }),
        state: t.arg({ type: state }),
        take: t.arg.int({ description: '1 to 200; 50 by default.' }),
        after: t.arg.string({ description: '`next` of the page before.' }),
      },
      resolve: (_root, args, context) => context.services.people.users.list(present(args), by(context)),
    }),
  );
  builder.queryField('user', t =>
    t.field({
      type: user,
      nullable: false,
      description: 'One person. Needs the scope `admin`.',
      args: { id: t.arg.string({ required: true }) },
      resolve: (_root, { id }, context) => context.services.people.users.get(id, by(context)),
    }),
  );
  builder.queryField('userSessions', t =>
    t.field({
      type: [session],
      nullable: false,
      description: 'Where somebody is signed in, the last seen first. Needs the scope `admin`.',
      args: { userId: t.arg.string({ required: true }) },
      async resolve(_root, { userId }, context): Promise<SessionSummary[]> {
        const { people, auth } = context.services;
        return auth.sessions.list((await people.users.get(userId, by(context))).id);
      },
    }),
  );
}

function addInvitations(builder: Builder, { role, invitation }: Types): void {
  builder.mutationField('inviteUser', t =>
    t.field({
      type: invitation,
      description: 'Invites somebody by a link. Needs `admin`, and whatever is handed out.',
      args: {
        email: t.arg.string({ required: true }),
        name: t.arg.string(),
        role: t.arg({ type: role, description: '`viewer` where absent; null: exactly what `scopes` says.' }),
        scopes: t.arg.stringList({ description: 'What they may do beyond the role.' }),
      },
      resolve: (_root, { email, role: chosen, ...rest }, context) =>
        context.services.people.invitations.create({ email, role: chosen, ...present(rest) }, by(context)),
    }),
  );
  builder.mutationField('resendInvitation', t =>
    t.field({
      type: invitation,
      description: 'Another link; those before are worthless.',
      args: { userId: t.arg.string({ required: true }) },
      resolve: (_root, { userId }, context) =>
        context.services.people.invitations.resend(userId, by(context)),
    }),
  );
  builder.mutationField('withdrawInvitation', t =>
    t.boolean({
      description: 'Takes back an invitation that nobody accepted.',
      args: { userId: t.arg.string({ required: true }) },
      async resolve(_root, { userId }, context) {
        await context.services.people.invitations.withdraw(userId, by(context));
        return true;
      },
    }),
  );
}

function addChanges(builder: Builder, { role, user, delivery }: Types): void {
  builder.mutationField('updateUser', t =>
    t.field({
      type: user,
      description: 'What is not given stays as it is. Needs `admin`, and whatever is handed out.',
      args: {
        id: t.arg.string({ required: true }),
        name: t.arg.string(),
        role: t.arg({ type: role, description: 'null: exactly what `scopes` says.' }),
        scopes: t.arg.stringList({ description: 'What they may do beyond the role.' }),
        disabled: t.arg.boolean({
          description: 'Sessions of the disabled end, their keys and apps stop working.',
        }),
      },
      resolve: (_root, { id, role: chosen, ...rest }, context) =>
        context.services.people.users.change(
          id,
          { ...present(rest), ...(chosen !== undefined && { role: chosen }) },
          by(context),
        ),
    }),
  );
  builder.mutationField('deleteUser', t =>
    t.boolean({
      description: 'Keys, sessions, apps and grants go along; the audit trail stays.',
      args: { id: t.arg.string({ required: true }) },
      async resolve(_root, { id }, context) {
        await context.services.people.users.remove(id, by(context));
        return true;
      },
    }),
  );
  builder.mutationField('sendPasswordReset', t =>
    t.field({
      type: delivery,
      description: 'Sends a link to choose a new password. Needs `admin`, and as much as the person may do.',
      args: { userId: t.arg.string({ required: true }) },
      resolve: (_root, { userId }, context) =>
        context.services.people.passwords.sendReset(userId, by(context)),
    }),
  );
  builder.mutationField('endUserSessions', t =>
    t.int({
      description: 'Ends one session of somebody, or all of them. Answers how many.',
      args: { userId: t.arg.string({ required: true }), sessionId: t.arg.string() },
      resolve: (_root, { userId, sessionId }, context) =>
        context.services.people.users.endSessions(userId, sessionId ?? undefined, by(context)),
    }),
  );
}

/** Who does it, and from where. */
const by = ({ principal, request }: GraphqlContext) => ({ principal, request });

/** @returns what is not null */
const present = <Values extends object>(
  values: Values,
): { [Name in keyof Values]?: NonNullable<Values[Name]> } =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value != null)) as {
    [Name in keyof Values]?: NonNullable<Values[Name]>;
  };
