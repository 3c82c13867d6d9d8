// REST for managing users: /api/users and /api/invitations.

import type { Sessions } from '../auth/sessions/sessions.ts';
import { fault } from '../base/errors.ts';
import type { Principal } from '../base/principal.ts';
import { flagIn, readMembers, textIn, textsIn } from '../http/message/json-members.ts';
import type { Answer, Incoming } from '../http/message/message.ts';
import { json } from '../http/message/respond.ts';
import type { Route } from '../http/message/route.ts';
import { roleIn } from './pages/role-in.ts';
import type { UserServices } from './services/create-user-services.ts';
import { type By, requireAdmin } from './services/deps.ts';
import type { User } from './services/user.ts';
import type { UserFilter } from './services/users.ts';

export interface ApiRoutesDeps {
  readonly userServices: UserServices;
  readonly sessions: Sessions;
}

const usersPath = '/api/users';
const invitationsPath = '/api/invitations';

export function apiRoutes(deps: ApiRoutesDeps): Route[] {
  return [...accounts(deps), ...invitations(deps)];
}

function accounts(deps: ApiRoutesDeps): Route[] {
  const { users, passwords } = deps.userServices;

  /** `POST /api/users/{id}/password-reset` */
  async function post(request: Incoming, principal: Principal): Promise<Answer> {
    const [id = '', part, ...rest] = partsOf(request, usersPath);
    if (part !== 'password-reset' || rest.length > 0) throw nothingHere(request);
    return json(201, await passwords.sendReset(id, { principal, request }));
  }

  async function read(request: Incoming, principal: Principal): Promise<Answer> {
    const [id = '', part, ...rest] = partsOf(request, usersPath);
    if (rest.length > 0) throw nothingHere(request);
    if (part === 'sessions') return listSessions(deps, id, { principal, request });
    if (part !== undefined) throw nothingHere(request);
    return json(200, await users.get(id, { principal, request }));
  }

  async function remove(request: Incoming, principal: Principal): Promise<Answer> {
    const [id = '', part, sessionId, ...rest] = partsOf(request, usersPath);
    if (rest.length > 0 || (part !== undefined && part !== 'sessions')) throw nothingHere(request);
    if (part === 'sessions') return endSessions(deps, id, sessionId, { principal, request });
    await users.remove(id, { principal, request });
    return { status: 204 };
  }

  return [
    {
      method: 'GET',
      path: usersPath,
      handle: async (request, principal) =>
        json(200, await users.list(readFilter(request.query), { principal, request })),
    },
    { method: 'GET', path: `${usersPath}/*`, handle: read },
    { method: 'POST', path: `${usersPath}/*`, handle: post },
    { method: 'DELETE', path: `${usersPath}/*`, handle: remove },
    {
      method: 'PATCH',
      path: `${usersPath}/*`,
      async handle(request, principal) {
        const [id = '', ...rest] = partsOf(request, usersPath);
        if (rest.length > 0) throw nothingHere(request);
        const members = await readMembers(request, ['name', 'role', 'scopes', 'disabled']);
        const change = {
          ...defined({ name: textIn(members, 'name'), role: roleIn(members) }),
          ...defined({ scopes: textsIn(members, 'scopes'), disabled: flagIn(members, 'disabled') }),
        };
        return json(200, await users.change(id, change, { principal, request }));
      },
    },
  ];
}

function invitations({ userServices }: ApiRoutesDeps): Route[] {
  const { users, invitations: service } = userServices;
  const idIn = (request: Incoming): string => {
    const [id = '', ...rest] = partsOf(request, invitationsPath);
    if (rest.length > 0) throw nothingHere(request);
    return id;
  };

  return [
    {
      method: 'GET',
      path: invitationsPath,
      async handle(request, principal) {
        const { users: invitations, next } = await users.list(
          { ...readFilter(request.query), state: 'invited' },
          { principal, request },
        );
        return json(200, { invitations, next });
      },
    },
    {
      method: 'POST',
      path: invitationsPath,
      async handle(request, principal) {
        requireAdmin({ principal });
        const members = await readMembers(request, ['email', 'name', 'role', 'scopes']);
        const email = textIn(members, 'email');
        if (email === undefined) throw fault('INVALID_VALUE', '"email" is missing.', { target: 'email' });
        const input = {
          email,
          name: textIn(members, 'name'),
          role: roleIn(members),
          scopes: textsIn(members, 'scopes'),
        };
        return json(201, await service.create(input, { principal, request }));
      },
    },
    {
      method: 'POST',
      path: `${invitationsPath}/*`,
      handle: async (request, principal) =>
        json(201, await service.resend(idIn(request), { principal, request })),
    },
    {
      method: 'DELETE',
      path: `${invitationsPath}/*`,
      async handle(request, principal) {
        await service.withdraw(idIn(request), { principal, request });
        return { status: 204 };
      },
    },
  ];
}

async function listSessions(deps: ApiRoutesDeps, userId: string, by: By): Promise<Answer> {
  const user = await deps.userServices.users.get(userId, by);
  return json(200, { sessions: await deps.sessions.list(user.id) });
}

/** @param id of one session; undefined: all of them */
async function endSessions(
  { userServices }: ApiRoutesDeps,
  userId: string,
  id: string | undefined,
  by: By,
): Promise<Answer> {
  const count = await userServices.users.endSessions(userId, id, by);
  if (id !== undefined && count === 0)
    throw fault('NOT_FOUND', 'This session does not exist.', { target: 'session' });
  return { status: 204 };
}

const filterNames = ['search', 'state', 'take', 'after'];
const states: readonly User['state'][] = ['active', 'invited', 'disabled'];

function readFilter(query: string): UserFilter {
  const params = new URLSearchParams(query);
  const unknown = [...params.keys()].find(name => !filterNames.includes(name));
  if (unknown !== undefined)
    throw fault('UNKNOWN_OPTION', `Unknown option "${unknown.slice(0, 100)}".`, {
      hint: `Expected: ${filterNames.join(', ')}.`,
    });
  const take = params.get('take');
  const state = params.get('state');
  if (state !== null && !states.includes(state as User['state']))
    throw fault('INVALID_VALUE', `"state" must be one of ${states.join(', ')}.`, { target: 'state' });
  return {
    search: params.get('search') ?? undefined,
    after: params.get('after') ?? undefined,
    ...(take !== null && { take: Number(take || 'none') }),
    ...(state !== null && { state: state as User['state'] }),
  };
}

const partsOf = ({ path }: Incoming, base: string): string[] => {
  const rest = path.slice(base.length + 1).replace(/\/$/, '');
  return rest === '' ? [] : rest.split('/');
};

const nothingHere = ({ path }: Incoming) => fault('NOT_FOUND', `There is nothing at ${path.slice(0, 200)}.`);

/** Leaves out undefined members. */
const defined = <T extends object>(members: T): Partial<T> =>
  Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as Partial<T>;
