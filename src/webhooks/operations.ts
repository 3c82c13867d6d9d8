// The REST API for webhooks, declared: /api/webhooks.

import * as v from 'valibot';
import { declareOperations } from '../http/message/operation.ts';
import { numberOption, textOrNull, texts, time } from '../http/rest/fields.ts';
import type { DeliveryState } from './model/webhook.ts';
import { takeMax } from './services/deliveries.ts';
import { overlapSecondsMax } from './services/webhooks.ts';

const described = <const S extends v.GenericSchema>(schema: S, text: string) =>
  v.pipe(schema, v.description(text));

const states = ['pending', 'delivered', 'failed'] as const satisfies readonly DeliveryState[];
const state = () => v.picklist(states);

const isoText = () => v.pipe(v.string(), v.metadata({ format: 'date-time' }));
const isoOrNull = (text: string) => described(v.nullable(isoText()), text);

export const webhookSchema = v.object({
  id: v.string(),
  name: v.string(),
  url: v.string(),
  events: described(v.array(v.string()), '`products.created`, `products.*` or `*`.'),
  fields: described(
    v.array(v.string()),
    'Of updates, only those that change one of these fields are sent; empty: any.',
  ),
  active: v.boolean(),
  createdAt: isoText(),
  failingSince: isoOrNull('Since when every attempt fails; null if none does.'),
  disabledAt: isoOrNull('null: it is active.'),
  disabledReason: described(textOrNull(), 'Why the server disabled it; null if a user did.'),
  owner: described(v.string(), 'The ID of the user whose webhook it is.'),
  key: described(textOrNull(), 'The ID of the API key that created it. It stops with that key.'),
});

const delivery = {
  id: v.string(),
  event: described(v.string(), 'Its type, such as `products.created`.'),
  state: state(),
  attempts: v.number(),
  createdAt: isoText(),
  nextAt: isoOrNull('When it is tried next; null once it has ended.'),
  endedAt: isoOrNull('null: it is pending.'),
};

/** A delivery as a list shows it. */
export const deliverySchema = v.object(delivery);

const attemptSchema = v.object({
  at: isoText(),
  durationMs: v.number(),
  status: described(v.nullable(v.number()), 'Of the response; null: there was none.'),
  error: textOrNull(),
  excerpt: described(textOrNull(), "The beginning of the response's body."),
});

const changes = {
  name: v.optional(v.string()),
  url: v.optional(v.string()),
  events: v.optional(texts()),
  fields: v.optional(texts()),
};

const overlap = `a number from 0 to ${overlapSecondsMax}`;
const takeText = `a number from 1 to ${takeMax}`;

/** Secrets that are shown once, and what was queued. */
const secret = described(v.string(), 'Signs the deliveries. The only copy: it cannot be shown again.');
const count = v.object({ count: described(v.number(), 'How many deliveries are sent again.') });

const ofOne = { tag: 'Webhooks', errors: ['NOT_FOUND'] } as const;
const sending = { tag: 'Webhooks', errors: ['NOT_FOUND', 'CONFLICT'], status: 202 } as const;

export const webhookOperations = declareOperations({
  list: {
    id: 'listWebhooks',
    tag: 'Webhooks',
    method: 'GET',
    path: '/api/webhooks',
    summary: 'List webhooks',
    notes: "The webhooks of the caller's user; with the scope `admin`, those of all users.",
    answer: v.object({ webhooks: v.array(webhookSchema) }),
  },
  create: {
    id: 'createWebhook',
    tag: 'Webhooks',
    method: 'POST',
    path: '/api/webhooks',
    summary: 'Create a webhook',
    body: v.strictObject({ ...changes, url: v.string(), events: texts() }),
    answer: v.object({ ...webhookSchema.entries, secret }),
    status: 201,
    errors: ['SCOPE_MISSING', 'CONFLICT'],
  },
  get: {
    ...ofOne,
    id: 'getWebhook',
    method: 'GET',
    path: '/api/webhooks/{id}',
    summary: 'Get a webhook',
    answer: webhookSchema,
  },
  change: {
    id: 'changeWebhook',
    tag: 'Webhooks',
    method: 'PATCH',
    path: '/api/webhooks/{id}',
    summary: 'Change a webhook',
    notes: 'Members that are left out do not change.',
    body: v.strictObject({
      ...changes,
      active: v.optional(described(v.boolean(), 'false: nothing is sent until it is true again.')),
    }),
    answer: webhookSchema,
    errors: ['NOT_FOUND', 'SCOPE_MISSING'],
  },
  remove: {
    ...ofOne,
    id: 'deleteWebhook',
    method: 'DELETE',
    path: '/api/webhooks/{id}',
    summary: 'Delete a webhook and its deliveries',
  },
  rotateSecret: {
    id: 'rotateWebhookSecret',
    tag: 'Webhooks',
    method: 'POST',
    path: '/api/webhooks/{id}/secret',
    summary: 'Replace the secret of a webhook',
    body: v.strictObject({
      overlapSeconds: v.optional(
        v.pipe(
          v.number(overlap),
          v.minValue(0, overlap),
          v.maxValue(overlapSecondsMax, overlap),
          v.description('For how long deliveries are also signed with the old secret. Default: a day.'),
        ),
      ),
    }),
    answer: v.object({ secret }),
    status: 201,
    errors: ['NOT_FOUND', 'SCOPE_MISSING'],
  },
  ping: {
    ...sending,
    id: 'pingWebhook',
    method: 'POST',
    path: '/api/webhooks/{id}/ping',
    summary: 'Send an event of the type `ping`',
    answer: v.object({ delivery: described(v.string(), 'The ID of the delivery.') }),
  },
  redeliver: {
    ...sending,
    id: 'redeliverToWebhook',
    method: 'POST',
    path: '/api/webhooks/{id}/redeliver',
    summary: 'Send deliveries again',
    notes: 'At least one member is needed.',
    body: v.strictObject({
      state: v.optional(state()),
      from: v.optional(time()),
      to: v.optional(time('A time or a day, inclusive.')),
    }),
    answer: count,
  },
  deliveries: {
    ...ofOne,
    id: 'listWebhookDeliveries',
    method: 'GET',
    path: '/api/webhooks/{id}/deliveries',
    summary: 'List the deliveries of a webhook, newest first',
    query: v.strictObject({
      state: v.optional(state()),
      event: v.optional(described(v.string(), 'Only events of this type.')),
      take: v.optional(
        v.pipe(
          numberOption(1, takeMax),
          v.check(take => take >= 1 && take <= takeMax, takeText),
        ),
      ),
      after: v.optional(
        v.pipe(
          v.string(),
          v.description('`next` of the previous page.'),
          v.check(text => /^\d{1,18}$/.test(text), '"next" of the previous page'),
        ),
      ),
    }),
    answer: v.object({
      deliveries: v.array(deliverySchema),
      next: described(textOrNull(), 'Pass it as `after`; null on the last page.'),
    }),
  },
  delivery: {
    ...ofOne,
    id: 'getWebhookDelivery',
    method: 'GET',
    path: '/api/webhooks/{id}/deliveries/{deliveryId}',
    summary: 'Get a delivery with its payload and its attempts',
    answer: v.object({
      ...delivery,
      payload: described(v.unknown(), 'The body that is sent, as JSON.'),
      log: described(v.array(attemptSchema), 'The attempts, oldest first.'),
    }),
  },
  redeliverOne: {
    ...sending,
    id: 'redeliverWebhookDelivery',
    method: 'POST',
    path: '/api/webhooks/{id}/deliveries/{deliveryId}/redeliver',
    summary: 'Send a delivery again',
    answer: count,
  },
});
