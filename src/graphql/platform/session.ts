// The account of the signed-in user.

import { fault } from '../../base/errors.ts';
import type { SessionSummary } from '../../platform/tables/sessions.ts';
import type { Builder, PlatformPart } from '../model/builder.ts';
import type { GraphqlContext } from '../model/context.ts';

/** @returns the session type, which several parts share: one per builder */
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
    description: 'A browser in which a user is signed in.',
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
        description: 'Your sessions, last seen first. Needs a session.',
        resolve: (_root, _args, { principal, services }) =>
          services.auth.sessions.list(mine(principal).userId),
      }),
    );
    builder.mutationField('updateMyName', t =>
      t.string({
        description: 'Changes your name. Returns the stored name.',
        args: { name: t.arg.string({ required: true }) },
        async resolve(_root, { name }, { principal, request, services }) {
          const { userId } = mine(principal);
          return (await services.users.change(userId, { name }, { principal, request })).name;
        },
      }),
    );
    builder.mutationField('changeMyPassword', t =>
      t.boolean({
        description: 'Changes your password and ends all other sessions.',
        args: { current: t.arg.string({ required: true }), next: t.arg.string({ required: true }) },
        async resolve(_root, { current, next }, { principal, request, services }) {
          const { userId, id: sessionId } = mine(principal);
          await services.passwords.change({ userId, current, next, sessionId }, request);
          return true;
        },
      }),
    );
    builder.mutationField('endMySession', t =>
      t.int({
        description: 'Returns how many sessions ended.',
        args: { id: t.arg.string({ required: true }) },
        resolve: (_root, { id }, { principal, request, services }) =>
          services.users.endSessions(mine(principal).userId, id, { principal, request }),
      }),
    );
    builder.mutationField('endMyOtherSessions', t =>
      t.int({
        description: 'Returns how many sessions ended.',
        resolve: (_root, _args, { principal, services }) =>
          services.auth.sessions.endAll(mine(principal).userId, principal.id),
      }),
    );
  },
};

/** Programs, which use keys and tokens, cannot manage an account. @throws SCOPE_MISSING */
function mine(principal: GraphqlContext['principal']): GraphqlContext['principal'] {
  if (principal.kind === 'session') return principal;
  throw fault('SCOPE_MISSING', 'This field needs a signed-in user; API keys and tokens cannot use it.', {
    hint: 'To manage accounts of other users, use the fields that need the scope "admin".',
  });
}
