// REST for webhooks: /api/webhooks.

import { fault } from '../base/errors.ts';
import { readIsoTime } from '../base/iso-time.ts';
import type { Principal } from '../base/principal.ts';
import {
  flagIn,
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
import type { DeliveryState, Webhook } from './model/webhook.ts';
import { type Deliveries, takeMax } from './services/deliveries.ts';
import { overlapSecondsMax, type WebhookCaller, type Webhooks } from './services/webhooks.ts';
import type { DeliveryFilter, Redelivery } from './store/delivery-store.ts';

const path = '/api/webhooks';
const noStore = { 'cache-control': 'no-store' };
const states: readonly DeliveryState[] = ['pending', 'delivered', 'failed'];
const takeDefault = 50;

export interface WebhookRoutesDeps {
  readonly webhooks: Webhooks;
  readonly deliveries: Deliveries;
}

/** List, create, read, change and delete webhooks; rotate their secrets; their deliveries. */
export function webhookRoutes(deps: WebhookRoutesDeps): Route[] {
  const { webhooks } = deps;
  const acts = { ...actsOnWebhook(deps), ...actsOnDeliveries(deps) };

  const list = async (request: Incoming, principal: Principal): Promise<Answer> =>
    json(200, { webhooks: (await webhooks.list({ principal, request })).map(toView) }, noStore);

  async function create(request: Incoming, principal: Principal): Promise<Answer> {
    const members = await readMembers(request, ['name', 'url', 'events', 'fields']);
    const { secret, ...made } = await webhooks.create(
      { principal, request },
      {
        name: textIn(members, 'name'),
        url: required(textIn(members, 'url'), 'url', 'a string'),
        events: required(textsIn(members, 'events'), 'events', 'a list of strings'),
        fields: textsIn(members, 'fields'),
      },
    );
    return json(201, { ...toView(made), secret }, { ...noStore, location: `${path}/${made.id}` });
  }

  const act = async (request: Incoming, principal: Principal): Promise<Answer> => {
    const [id = '', ...rest] = request.path.slice(path.length + 1).split('/');
    const delivery = rest[0] === 'deliveries' ? (rest[1] ?? '') : '';
    const key = `${request.method} ${rest.map((part, index) => (index === 1 && delivery ? '{}' : part)).join('/')}`;
    const found = Object.hasOwn(acts, key) ? acts[key] : undefined;
    if (found) return found({ principal, request }, { id, delivery }, request);
    throw fault('NOT_FOUND', `There is nothing to ${request.method} at ${request.path.slice(0, 200)}.`);
  };

  return [
    { method: 'GET', path, handle: list },
    { method: 'POST', path, handle: create },
    { method: ['GET', 'POST', 'PATCH', 'DELETE'], path: `${path}/*`, handle: act },
  ];
}

interface Ids {
  readonly id: string;
  readonly delivery: string;
}

type Act = (caller: WebhookCaller, ids: Ids, request: Incoming) => Promise<Answer>;

/** By method and by what follows `/api/webhooks/{id}`; `{}` is the id of a delivery. */
type Acts = Readonly<Record<string, Act>>;

const actsOnWebhook = ({ webhooks }: WebhookRoutesDeps): Acts => ({
  'GET ': async (caller, { id }) => json(200, toView(await webhooks.find(caller, id)), noStore),
  'PATCH ': async (caller, { id }, request) => {
    const members = await readMembers(request, ['name', 'url', 'events', 'fields', 'active']);
    const change = {
      name: textIn(members, 'name'),
      url: textIn(members, 'url'),
      events: textsIn(members, 'events'),
      fields: textsIn(members, 'fields'),
      active: flagIn(members, 'active'),
    };
    return json(200, toView(await webhooks.update(caller, id, change)), noStore);
  },
  'DELETE ': async (caller, { id }) => {
    await webhooks.remove(caller, id);
    return { status: 204 };
  },
  'POST secret': async (caller, { id }, request) => {
    const members = await readMembers(request, ['overlapSeconds']);
    return json(201, { secret: await webhooks.rotateSecret(caller, id, secondsIn(members)) }, noStore);
  },
});

const actsOnDeliveries = ({ deliveries }: WebhookRoutesDeps): Acts => ({
  'POST ping': async (caller, { id }) => json(202, { delivery: await deliveries.ping(caller, id) }),
  'POST redeliver': async (caller, { id }, request) =>
    json(202, { count: await deliveries.redeliver(caller, id, await readRedelivery(request)) }),
  'GET deliveries': async (caller, { id }, { query }) => {
    const { filter, take } = readFilter(query);
    return json(200, await deliveries.list(caller, id, filter, take), noStore);
  },
  'GET deliveries/{}': async (caller, { id, delivery }) =>
    json(200, await deliveries.find(caller, id, delivery), noStore),
  'POST deliveries/{}/redeliver': async (caller, { id, delivery }) =>
    json(202, { count: await deliveries.redeliver(caller, id, { id: delivery }) }),
});

const toView = ({ userId, keyId, disabledAt, ...webhook }: Webhook) => ({
  ...webhook,
  active: disabledAt === null,
  disabledAt,
  owner: userId,
  key: keyId,
});

function secondsIn({ overlapSeconds }: Members): number | undefined {
  if (overlapSeconds === undefined) return undefined;
  const isNumber = typeof overlapSeconds === 'number' && Number.isFinite(overlapSeconds);
  if (isNumber && overlapSeconds >= 0 && overlapSeconds <= overlapSecondsMax) return overlapSeconds;
  throw invalid('overlapSeconds', `a number from 0 to ${overlapSecondsMax}`);
}

async function readRedelivery(request: Incoming): Promise<Redelivery> {
  const members = await readMembers(request, ['state', 'from', 'to']);
  const which = {
    state: stateIn(textIn(members, 'state')),
    from: timeIn(members, 'from'),
    to: timeIn(members, 'to'),
  };
  if (Object.values(which).some(value => value !== undefined)) return which;
  throw fault('INVALID_VALUE', 'Say which deliveries: "state", "from" or "to".', {
    hint: 'Such as {"state": "failed"}.',
    target: 'state',
  });
}

function timeIn(members: Members, name: string): string | undefined {
  const text = textIn(members, name);
  const time = text === undefined ? undefined : readIsoTime(text);
  if (text !== undefined && !time) throw invalid(name, 'a time such as 2027-01-01T12:00:00Z');
  return time?.toISOString();
}

function stateIn(text: string | undefined): DeliveryState | undefined {
  const state = states.find(one => one === text);
  if (text === undefined || state) return state;
  throw invalid('state', `one of ${states.join(', ')}`);
}

const options = ['state', 'event', 'take', 'after'];

function readFilter(query: string): { filter: DeliveryFilter; take: number } {
  const params = readQueryOptions(query, options);
  const after = params.get('after');
  if (after !== null && !/^\d{1,18}$/.test(after)) throw invalid('after', '"next" of the previous page');
  const take = params.get('take') ?? String(takeDefault);
  if (!/^\d{1,3}$/.test(take) || Number(take) < 1 || Number(take) > takeMax)
    throw invalid('take', `a number from 1 to ${takeMax}`);
  const filter = {
    state: stateIn(params.get('state') ?? undefined),
    event: params.get('event') ?? undefined,
    before: after === null ? undefined : BigInt(after),
  };
  return { filter, take: Number(take) };
}
