// The types of users and invitations.

import type { Role } from '../../auth/scopes/roles.ts';
import type { Delivery } from '../../users/services/delivery.ts';
import type { Invitation } from '../../users/services/invitations.ts';
import type { User } from '../../users/services/user.ts';
import type { UserList } from '../../users/services/users.ts';
import type { Builder } from '../model/builder.ts';
import { sessionType } from './session.ts';

export type UserTypes = ReturnType<typeof addUserTypes>;

/** Adds the types. */
export function addUserTypes(builder: Builder) {
  const role = roleType(builder);
  const state = stateType(builder);
  const user = userType(builder, { role, state });
  const list = listType(builder, { user });
  const delivery = deliveryType(builder);
  const invitation = invitationType(builder, { user, delivery });
  return { role, state, user, list, delivery, invitation, session: sessionType(builder) };
}

const roleType = (builder: Builder) =>
  builder.enumType('Role', {
    description: 'The general permissions of a user.',
    values: {
      administrator: { description: 'Full access, including users and restricted fields.' },
      editor: { description: 'Reads and writes all sets, except restricted fields.' },
      viewer: { description: 'Reads all sets, except restricted fields.' },
    } satisfies Record<Role, object>,
  });

const stateType = (builder: Builder) =>
  builder.enumType('UserState', {
    description: '`invited`: has not set a password yet.',
    values: ['active', 'invited', 'disabled'] as const,
  });

const userType = (
  builder: Builder,
  {
    role,
    state,
  }: { readonly role: ReturnType<typeof roleType>; readonly state: ReturnType<typeof stateType> },
) =>
  builder.objectRef<User>('User').implement({
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

const listType = (builder: Builder, { user }: { readonly user: ReturnType<typeof userType> }) =>
  builder.objectRef<UserList>('UserList').implement({
    description: 'A page of users, sorted by e-mail address.',
    fields: t => ({
      users: t.field({ type: [user], nullable: false, resolve: page => [...page.users] }),
      next: t.exposeString('next', {
        nullable: true,
        description: 'The value of `after` for the next page; null on the last page.',
      }),
    }),
  });

const deliveryType = (builder: Builder) =>
  builder.objectRef<Delivery>('LinkDelivery').implement({
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

const invitationType = (
  builder: Builder,
  {
    user,
    delivery,
  }: { readonly user: ReturnType<typeof userType>; readonly delivery: ReturnType<typeof deliveryType> },
) =>
  builder.objectRef<Invitation>('UserInvitation').implement({
    description: 'An invited user, and how the invitation is delivered.',
    fields: t => ({
      user: t.field({ type: user, nullable: false, resolve: one => one.user }),
      delivery: t.field({ type: delivery, nullable: false, resolve: one => one }),
    }),
  });
