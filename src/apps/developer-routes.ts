// REST for registering as a developer, /api/developer, and for connected apps, /api/grants.

import { fault } from '../base/errors.ts';
import type { Principal } from '../base/principal.ts';
import { readMembers, required, textIn, textOrNullIn } from '../http/message/json-members.ts';
import type { Answer, Incoming } from '../http/message/message.ts';
import { json } from '../http/message/respond.ts';
import type { Route } from '../http/message/route.ts';
import type { Apps } from './services/create-apps.ts';
import { asManager } from './services/manager.ts';

const path = '/api/developer';

/** The caller's own registration; administrators can select a user with `?user=`. */
export function developerRoutes({ apps }: { apps: Pick<Apps, 'developers'> }): Route[] {
  const read = async (request: Incoming, caller: Principal): Promise<Answer> => {
    const found = await apps.developers.find(asManager(caller, request), userIn(request));
    if (found) return json(200, found);
    throw fault('NOT_FOUND', 'You are not registered as a developer.', {
      hint: `Register with PUT ${path}.`,
    });
  };

  const save = async (request: Incoming, caller: Principal): Promise<Answer> => {
    const manager = asManager(caller, request);
    const members = await readMembers(request, ['name', 'website', 'contactEmail']);
    const draft = {
      name: required(textIn(members, 'name'), 'name', 'a text'),
      website: textOrNullIn(members, 'website'),
      contactEmail: required(textIn(members, 'contactEmail'), 'contactEmail', 'an e-mail address'),
    };
    return json(200, await apps.developers.save(manager, draft, userIn(request)));
  };

  return [
    { method: 'GET', path, handle: read },
    { method: 'PUT', path, handle: save },
  ];
}

const grantsPath = '/api/grants';

/** The caller's own grants; administrators can select others with `?user=` and `?app=`. */
export function grantRoutes({ apps }: { apps: Pick<Apps, 'grants'> }): Route[] {
  const list = async (request: Incoming, caller: Principal): Promise<Answer> => {
    const appId = new URLSearchParams(request.query).get('app') ?? undefined;
    const filter = { userId: userIn(request), appId };
    return json(200, { grants: await apps.grants.list(asManager(caller, request), filter) });
  };

  const revoke = async (request: Incoming, caller: Principal): Promise<Answer> => {
    await apps.grants.revoke(asManager(caller, request), request.path.slice(grantsPath.length + 1));
    return { status: 204 };
  };

  return [
    { method: 'GET', path: grantsPath, handle: list },
    { method: 'DELETE', path: `${grantsPath}/*`, handle: revoke },
  ];
}

const userIn = ({ query }: Incoming): string | undefined =>
  new URLSearchParams(query).get('user') ?? undefined;
