// REST for webhooks: /api/webhooks.

import { type Fault, fault } from '../base/errors.ts';
import { anonymous } from '../base/principal.ts';
import { servedAs } from '../http/message/operation.ts';
import { json } from '../http/message/respond.ts';
import type { Route } from '../http/message/route.ts';
import { readInput } from '../http/rest/read-input.ts';
import { type Caller, type InputOf, restRoute } from '../http/rest/rest-route.ts';
import type { Webhook } from './model/webhook.ts';
import { webhookOperations } from './operations.ts';
import type { Deliveries } from './services/deliveries.ts';
import type { WebhookCaller, Webhooks } from './services/webhooks.ts';
import type { Redelivery } from './store/delivery-store.ts';

const takeDefault = 50;

export interface WebhookRoutesDeps {
  readonly webhooks: Webhooks;
  readonly deliveries: Deliveries;
}

/** List, create, read, change and delete webhooks; rotate their secrets; their deliveries. */
export const webhookRoutes = (deps: WebhookRoutesDeps): Route[] => [
  ...routesOfWebhooks(deps),
  ...routesOfDeliveries(deps),
];

function routesOfWebhooks({ webhooks }: WebhookRoutesDeps): Route[] {
  const { list, get, change, remove, rotateSecret } = webhookOperations;
  return [
    restRoute(list, async (_, caller) => ({ webhooks: (await webhooks.list(callerOf(caller))).map(toView) })),
    createRoute(webhooks),
    restRoute(get, async ({ params }, caller) => toView(await webhooks.find(callerOf(caller), params.id))),
    restRoute(change, async ({ params, body }, caller) =>
      toView(await webhooks.update(callerOf(caller), params.id, body)),
    ),
    restRoute(remove, ({ params }, caller) => webhooks.remove(callerOf(caller), params.id)),
    restRoute(rotateSecret, async ({ params, body }, caller) => ({
      secret: await webhooks.rotateSecret(callerOf(caller), params.id, body.overlapSeconds),
    })),
  ];
}

/** The response has a header of its own: where the new webhook is. */
function createRoute(webhooks: Webhooks): Route {
  const { create } = webhookOperations;
  return {
    ...servedAs(create),
    async handle(request, principal) {
      const { body } = (await readInput(create, request)) as unknown as InputOf<typeof create>;
      const { secret, ...made } = await webhooks.create({ principal, request }, body);
      const headers = { 'cache-control': 'no-store', location: `${create.path}/${made.id}` };
      return json(201, { ...toView(made), secret }, headers);
    },
  };
}

function routesOfDeliveries({ deliveries }: WebhookRoutesDeps): Route[] {
  const { ping, redeliver, redeliverOne, delivery } = webhookOperations;
  return [
    restRoute(ping, async ({ params }, caller) => ({
      delivery: await deliveries.ping(callerOf(caller), params.id),
    })),
    restRoute(redeliver, async ({ params, body }, caller) => ({
      count: await deliveries.redeliver(callerOf(caller), params.id, whichOf(body)),
    })),
    restRoute(webhookOperations.deliveries, ({ params, query }, caller) => {
      const { after, take = takeDefault, ...filter } = query;
      const before = after === undefined ? undefined : BigInt(after);
      return deliveries.list(callerOf(caller), params.id, { ...filter, before }, take);
    }),
    restRoute(delivery, ({ params }, caller) =>
      deliveries.find(callerOf(caller), params.id, params.deliveryId),
    ),
    restRoute(redeliverOne, async ({ params }, caller) => ({
      count: await deliveries.redeliver(callerOf(caller), params.id, { id: params.deliveryId }),
    })),
  ];
}

const callerOf = ({ principal = anonymous, request }: Caller): WebhookCaller => ({ principal, request });

const toView = ({ userId, keyId, disabledAt, ...webhook }: Webhook) => ({
  ...webhook,
  active: disabledAt === null,
  disabledAt,
  owner: userId,
  key: keyId,
});

/** @throws INVALID_VALUE if nothing says which: to send everything again is never meant */
function whichOf({ state, from, to }: InputOf<typeof webhookOperations.redeliver>['body']): Redelivery {
  if (!state && !from && !to) throw missingChoice();
  return { state, from: from?.toISOString(), to: to?.toISOString() };
}

const missingChoice = (): Fault =>
  fault('INVALID_VALUE', 'Say which deliveries: "state", "from" or "to".', {
    hint: 'Such as {"state": "failed"}.',
    target: 'state',
  });
