// REST for apps: /api/apps, for scripts and external consoles.

import { fault } from '../base/errors.ts';
import { readIsoTime } from '../base/iso-time.ts';
import type { Principal } from '../base/principal.ts';
import { readBytes } from '../http/message/body.ts';
import {
  flagIn,
  invalid,
  type Members,
  readMembers,
  required,
  textIn,
  textOrNullIn,
  textsIn,
} from '../http/message/json-members.ts';
import type { Answer, Incoming } from '../http/message/message.ts';
import { json } from '../http/message/respond.ts';
import type { Route } from '../http/message/route.ts';
import type { AppView } from './services/app-view.ts';
import type { Apps } from './services/create-apps.ts';
import { logoBytesMax } from './services/logo.ts';
import { asManager, type Manager } from './services/manager.ts';

const path = '/api/apps';

/** @param rest what follows the app's id */
type Act = (manager: Manager, id: string, request: Incoming, rest: readonly string[]) => Promise<Answer>;

export function appRoutes({ apps }: { readonly apps: Apps }): Route[] {
  const acts = actsOf(apps);
  return [
    { method: 'GET', path, handle: (request, caller) => list(apps, request, caller) },
    { method: 'POST', path, handle: (request, caller) => create(apps, request, caller) },
    {
      method: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'],
      path: `${path}/*`,
      handle: (request, caller) => act(acts, request, caller),
    },
  ];
}

/** By method and by what follows `/api/apps/{id}`. */
const actsOf = ({ registry, secrets }: Apps): Readonly<Record<string, Act>> => ({
  'GET ': (manager, id) => shown(registry.find(manager, id)),
  'PATCH ': async (manager, id, request) =>
    shown(registry.change(manager, id, changesIn(await readMembers(request, changeable)))),
  'DELETE ': async (manager, id) => {
    await registry.remove(manager, id);
    return { status: 204 };
  },
  'POST disable': (manager, id) => shown(registry.disable(manager, id)),
  'POST enable': (manager, id) => shown(registry.enable(manager, id)),
  'PUT logo': async (manager, id, request) => {
    await registry.find(manager, id);
    return shown(registry.setLogo(manager, id, await readBytes(request, logoBytesMax)));
  },
  'DELETE logo': (manager, id) => shown(registry.setLogo(manager, id, null)),
  'POST secrets': async (manager, id, request) => {
    const members = await readMembers(request, ['expiresAt', 'othersExpireAt']);
    const [expiresAt, othersExpireAt] = [timeIn(members, 'expiresAt'), timeIn(members, 'othersExpireAt')];
    return json(201, await secrets.create(manager, id, { expiresAt, othersExpireAt }));
  },
  'DELETE secrets/*': async (manager, id, _, [, secretId = '']) => {
    await secrets.remove(manager, id, secretId);
    return { status: 204 };
  },
});

const shown = async (app: Promise<AppView>) => json(200, await app);

async function list({ registry }: Apps, request: Incoming, caller: Principal): Promise<Answer> {
  const query = new URLSearchParams(request.query);
  const [ownerId, search] = [query.get('owner') ?? undefined, query.get('search') ?? undefined];
  return json(200, { apps: await registry.list(asManager(caller, request), { ownerId, search }) });
}

async function create(apps: Apps, request: Incoming, caller: Principal): Promise<Answer> {
  const manager = asManager(caller, request);
  const members = await readMembers(request, [...changeable, 'confidential', 'owner']);
  const { name, scopes, ...rest } = changesIn(members);
  const made = await apps.create(manager, {
    ...rest,
    name: required(name, 'name', 'a text'),
    scopes: required(scopes, 'scopes', 'a list of texts'),
    confidential: required(flagIn(members, 'confidential'), 'confidential', 'true or false'),
    owner: textIn(members, 'owner'),
  });
  return json(201, made);
}

async function act(
  acts: Readonly<Record<string, Act>>,
  request: Incoming,
  caller: Principal,
): Promise<Answer> {
  const manager = asManager(caller, request);
  const [id = '', ...rest] = request.path
    .slice(path.length + 1)
    .replace(/\/$/, '')
    .split('/');
  const known = rest.length === 2 ? `${rest[0]}/*` : rest.join('/');
  const found = Object.hasOwn(acts, `${request.method} ${known}`) && acts[`${request.method} ${known}`];
  if (!found) throw nothingHere(request);
  return found(manager, id, request, rest);
}

const changeable = [
  'name',
  'description',
  'homePage',
  'redirectUris',
  'scopes',
  'clientCredentials',
] as const;

const changesIn = (members: Members) => ({
  name: textIn(members, 'name'),
  description: textOrNullIn(members, 'description'),
  homePage: textOrNullIn(members, 'homePage'),
  redirectUris: textsIn(members, 'redirectUris'),
  scopes: textsIn(members, 'scopes'),
  clientCredentials: flagIn(members, 'clientCredentials'),
});

function timeIn(members: Members, name: string): Date | undefined {
  const text = textOrNullIn(members, name);
  if (text === undefined || text === null) return undefined;
  const time = readIsoTime(text);
  if (time) return time;
  throw invalid(name, 'a time such as 2027-01-01 or 2027-01-01T12:00:00Z');
}

const nothingHere = ({ method, path }: Incoming) =>
  fault('NOT_FOUND', `There is nothing to ${method} at ${path.slice(0, 200)}.`);
