// The REST API for API keys, which the command line uses: /api/keys.

import { type Fault, fault } from '../base/errors.ts';
import { readIsoTime } from '../base/iso-time.ts';
import type { Principal } from '../base/principal.ts';
import {
  invalid,
  type Members,
  readMembers,
  required,
  textIn,
  textsIn,
} from '../http/message/json-members.ts';
import type { Answer, Incoming } from '../http/message/message.ts';
import { readQueryOptions } from '../http/message/query-options.ts';
import { json } from '../http/message/respond.ts';
import type { Route } from '../http/message/route.ts';
import type { Auth } from './create-auth.ts';
import type { KeyFilter } from './keys/keys.ts';
import { requireMayCreate } from './keys/rights.ts';

const path = '/api/keys';
/** Responses with a key must not be cached. */
const noStore = { 'cache-control': 'no-store' };

/** List, create, rotate and revoke keys: the caller's own, or those of every user with the scope `admin`. */
export function keyRoutes({ auth: { keys } }: { auth: Pick<Auth, 'keys'> }): Route[] {
  const list = async (request: Incoming, principal: Principal): Promise<Answer> =>
    json(200, { keys: await keys.list({ principal, request }, readFilter(request.query)) }, noStore);

  async function create(request: Incoming, principal: Principal): Promise<Answer> {
    requireMayCreate({ principal });
    const members = await readMembers(request, ['name', 'scopes', 'expiresAt', 'owner']);
    const email = textIn(members, 'owner');
    const input = {
      name: required(textIn(members, 'name'), 'name', 'a text'),
      scopes: required(textsIn(members, 'scopes'), 'scopes', 'a list of strings'),
      expiresAt: timeIn(members, 'expiresAt'),
      ...(email === undefined ? { userId: principal.userId } : { email }),
    };
    return json(201, await keys.create(input, { principal, request }), noStore);
  }

  async function rotate(request: Incoming, principal: Principal): Promise<Answer> {
    const [id = '', act, ...rest] = segmentsOf(request);
    if (act !== 'rotate' || rest.length > 0) throw nothingHere(request);
    const members = await readMembers(request, ['overlapSeconds', 'expiresAt']);
    const overlap = required(secondsIn(members, 'overlapSeconds'), 'overlapSeconds', 'a number; 0: at once');
    const rotation = { overlapMs: overlap * 1_000, expiresAt: timeIn(members, 'expiresAt') };
    return json(201, await keys.rotate(id, rotation, { principal, request }), noStore);
  }

  async function revoke(request: Incoming, principal: Principal): Promise<Answer> {
    const [id = '', ...rest] = segmentsOf(request);
    if (rest.length > 0) throw nothingHere(request);
    await keys.revoke(id, { principal, request });
    return { status: 204 };
  }

  return [
    { method: 'GET', path, handle: list },
    { method: 'POST', path, handle: create },
    { method: 'POST', path: `${path}/*`, handle: rotate },
    { method: 'DELETE', path: `${path}/*`, handle: revoke },
  ];
}

const readFilter = (query: string): KeyFilter => ({
  owner: readQueryOptions(query, ['owner']).get('owner') ?? undefined,
});

/** @returns undefined when the member is absent; null: never */
function timeIn(members: Members, name: string): Date | null | undefined {
  const value = members[name];
  if (value === undefined || value === null) return value;
  const time = typeof value === 'string' ? readIsoTime(value) : undefined;
  if (time) return time;
  throw invalid(name, 'a time such as 2027-01-01 or 2027-01-01T12:00:00Z');
}

function secondsIn(members: Members, name: string): number | undefined {
  const value = members[name];
  if (value === undefined || (typeof value === 'number' && Number.isFinite(value))) return value;
  throw invalid(name, 'a number');
}

const segmentsOf = (request: Incoming): string[] => request.path.slice(path.length + 1).split('/');

const nothingHere = (request: Incoming): Fault =>
  fault('NOT_FOUND', `There is nothing at ${request.path.slice(0, 200)}.`);
