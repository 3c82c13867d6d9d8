// One's own account: for whoever is signed in.

import type { SessionSummary } from '../../auth/sessions/store.ts';
import { fault } from '../../base/errors.ts';
import type { Builder, PlatformPart } from '../model/builder.ts';
import type { GraphqlContext } from '../model/context.ts';

/** @returns the type of a session, which several parts show: the same for each builder */
export function sessionType(builder: Builder): SessionType {
  const known = types.get(builder);
  if (known) return known;
  const type = addSessionType(builder);
  types.set(builder, type);
  return type;
}

type SessionType = ReturnType<typeof addSessionType>;
const types = new WeakMap<Builder, SessionType>();

const addSessionType = (builder: Builder) =>
  builder.objectRef<SessionSummary>('Session').implement({
    description: 'A browser at which somebody is signed in.',
    fields: t => ({
      id: t.exposeString('id', { nullable: false }),
      createdAt: t.expose('createdAt', { type: 'DateTime', nullable: false }),
      lastSeenAt: t.expose('lastSeenAt', { type: 'DateTime', nullable: false }),
      address: t.exposeString('address', { nullable: true }),
      userAgent: t.exposeString('userAgent', { nullable: true }),
    }),
  });

export const mySessions: PlatformPart = {
  queries: ['mySessions'],
  mutations: ['updateMyName', 'changeMyPassword', 'endMySession', 'endMyOtherSessions'],
  add(builder) {
    const session = sessionType(builder);
    builder.queryField('mySessions', t =>
      t.field({
        type: [session],
        nullable: false,
        description: 'Where I am signed in, the last seen first. For whoever is signed in.',
        resolve: (_root, _args, { principal, services }) =>
          services.auth.sessions.list(mine(principal).userId),
      }),
    );
    builder.mutationField('updateMyName', t =>
      t.string({
        description: 'Answers the name as it is kept.',
        args: { name: t.arg.string({ required: true }) },
        async resolve(_root, { name }, { principal, request, services }) {
          const { userId } = mine(principal);
          return (await services.people.users.change(userId, { name }, { principal, request })).name;
        },
      }),
    );
    builder.mutationField('changeMyPassword', t =>
      t.boolean({
        description: 'All other sessions end.',
        args: { current: t.arg.string({ required: true }), next: t.arg.string({ required: true }) },
        async resolve(_root, { current, next }, { principal, request, services }) {
          const { userId, id: sessionId } = mine(principal);
          await services.people.passwords.change({ userId, current, next, sessionId }, request);
          return true;
        },
      }),
    );
    builder.mutationField('endMySession', t =>
      t.int({
        description: 'Answers how many ended.',
        args: { id: t.arg.string({ required: true }) },
        resolve: (_root, { id }, { principal, request, services }) =>
          services.people.users.endSessions(mine(principal).userId, id, { principal, request }),
      }),
    );
    builder.mutationField('endMyOtherSessions', t =>
      t.int({
        description: 'Answers how many ended.',
        resolve: (_root, _args, { principal, services }) =>
          services.auth.sessions.endAll(mine(principal).userId, principal.id),
      }),
    );
  },
};

/** Keys and tokens are handed to programs: those manage no account. @throws SCOPE_MISSING */
function mine(principal: GraphqlContext['principal']): GraphqlContext['principal'] {
  if (principal.kind === 'session') return principal;
  throw fault('SCOPE_MISSING', 'This is for people who are signed in, not for keys and tokens.', {
    hint: 'With the scope "admin", there are fields for the accounts of all.',
  });
}
