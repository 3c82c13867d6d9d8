// The deliveries of a webhook: listed, read, and sent again.

import type { Database } from '../../base/database/database.ts';
import { fault } from '../../base/errors.ts';
import { pingType } from '../model/event-types.ts';
import type { Delivery, Webhook } from '../model/webhook.ts';
import { newMessageId } from '../send/to-event.ts';
import {
  addDeliveries,
  type DeliveryDetails,
  type DeliveryFilter,
  findDelivery,
  listDeliveries,
  type Redelivery,
  redeliver,
} from '../store/delivery-store.ts';
import { requireActive, requireReach } from './checks.ts';
import type { WebhookCaller, Webhooks } from './webhooks.ts';

export interface DeliveryPage {
  /** Newest first. */
  readonly deliveries: readonly Delivery[];
  /** The cursor of the next page; null on the last one. */
  readonly next: string | null;
}

export interface DeliveriesDeps {
  readonly database: Database;
  readonly webhooks: Pick<Webhooks, 'find' | 'note'>;
  /** Called when a webhook has something to send. */
  readonly added: (webhookId: string) => void;
}

export const takeMax = 500;
const redeliverMax = 10_000;

export class Deliveries {
  readonly #deps: DeliveriesDeps;

  constructor(deps: DeliveriesDeps) {
    this.#deps = deps;
  }

  /** Sends an event of the type `ping`. @returns the id of the delivery @throws NOT_FOUND, SCOPE_MISSING, CONFLICT */
  async ping(caller: WebhookCaller, id: string): Promise<string> {
    const webhook = await this.#reach(caller, id);
    requireActive(webhook);
    const delivery = newMessageId();
    const payload = { type: pingType, timestamp: new Date().toISOString(), data: { webhook: id } };
    await addDeliveries(this.#deps.database, id, [
      { id: delivery, event: pingType, record: null, changeId: null, payload: JSON.stringify(payload) },
    ]);
    this.#deps.added(id);
    return delivery;
  }

  /** @throws NOT_FOUND, SCOPE_MISSING */
  async list(caller: WebhookCaller, id: string, filter: DeliveryFilter, take: number): Promise<DeliveryPage> {
    await this.#reach(caller, id);
    const found = await listDeliveries(this.#deps.database, id, filter, take + 1);
    const deliveries = found.slice(0, take);
    return {
      deliveries: deliveries.map(({ sequence: _, ...delivery }) => delivery),
      next: found.length > take ? String(deliveries.at(-1)!.sequence) : null,
    };
  }

  /** @returns the delivery with its payload and its attempts @throws NOT_FOUND, SCOPE_MISSING */
  async find(caller: WebhookCaller, id: string, deliveryId: string): Promise<DeliveryDetails> {
    await this.#reach(caller, id);
    const found = await findDelivery(this.#deps.database, id, deliveryId);
    if (found) return found;
    throw fault('NOT_FOUND', `There is no delivery "${deliveryId.slice(0, 100)}".`);
  }

  /** @returns how many deliveries are sent again, with the same ids @throws NOT_FOUND, SCOPE_MISSING, CONFLICT */
  async redeliver(caller: WebhookCaller, id: string, which: Redelivery): Promise<number> {
    const webhook = await this.#reach(caller, id);
    requireActive(webhook);
    const count = await redeliver(this.#deps.database, id, which, redeliverMax);
    if (count === 0 && which.id !== undefined) await this.find(caller, id, which.id);
    await this.#deps.webhooks.note(caller, 'webhook.redelivered', webhook, { ...which, count });
    this.#deps.added(id);
    return count;
  }

  /** @throws NOT_FOUND, SCOPE_MISSING */
  async #reach(caller: WebhookCaller, id: string): Promise<Webhook> {
    const webhook = await this.#deps.webhooks.find(caller, id);
    requireReach(caller.principal, webhook);
    return webhook;
  }
}
