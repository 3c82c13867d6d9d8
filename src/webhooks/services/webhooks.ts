// Webhooks: created, changed and deleted with the permissions of the caller.

import { randomUUID } from 'node:crypto';
import type { Audit } from '../../audit/create-audit.ts';
import type { Database } from '../../base/database/database.ts';
import { type Fault, fault } from '../../base/errors.ts';
import type { Principal } from '../../base/principal.ts';
import { isUuid } from '../../base/uuid.ts';
import type { Catalog, Entity } from '../../catalog/catalog.ts';
import { mayReadChanges } from '../../changes/show-change.ts';
import type { Incoming } from '../../http/message/message.ts';
import { type OutboundError, toUrl } from '../../outbound/outbound.ts';
import type { Engine } from '../../query/engine.ts';
import { permittedOf } from '../../query/permitted/permitted-catalog.ts';
import type { Safestore } from '../../safestore/safestore.ts';
import { checkEvents, pingType, setsOf } from '../model/event-types.ts';
import { makeWebhookSecret } from '../model/signature.ts';
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
import {
  addPositions,
  addSecret,
  addWebhook,
  countWebhooks,
  disableWebhook,
  enableWebhook,
  expireSecrets,
  findWebhook,
  lastChangeId,
  listWebhooks,
  removeWebhook,
  updateWebhook,
} from '../store/webhook-store.ts';

/** Who changes webhooks, and from where, for the audit log. */
export interface WebhookCaller {
  readonly principal: Principal;
  readonly request?: Pick<Incoming, 'address' | 'id' | 'header'>;
}

export interface WebhookInput {
  readonly name?: string;
  readonly url: string;
  readonly events: readonly string[];
  readonly fields?: readonly string[];
}

export type WebhookChange = Partial<WebhookInput> & { readonly active?: boolean };

export interface WebhooksDeps {
  readonly database: Database;
  readonly engine: Pick<Engine, 'catalog' | 'permitted'>;
  readonly safestore: Safestore;
  readonly audit: Pick<Audit, 'record'>;
  readonly isAllowedHost: (host: string) => boolean;
  /** Called when the list of webhooks has changed. */
  readonly changed: () => void;
  /** Called when a webhook has something to send. */
  readonly added: (webhookId: string) => void;
}

export interface DeliveryPage {
  /** Newest first. */
  readonly deliveries: readonly Delivery[];
  /** The cursor of the next page; null on the last one. */
  readonly next: string | null;
}

const ownedMax = 50;
const nameLengthMax = 200;
const urlLengthMax = 2_000;
const overlapSecondsDefault = 86_400;
export const overlapSecondsMax = 30 * 86_400;
export const takeMax = 500;
const redeliverMax = 10_000;

export class Webhooks {
  readonly #deps: WebhooksDeps;

  constructor(deps: WebhooksDeps) {
    this.#deps = deps;
  }

  /** @returns those of the caller; of all users with the scope `admin` */
  list({ principal }: WebhookCaller): Promise<Webhook[]> {
    return listWebhooks(this.#deps.database, principal.scopes.has('admin') ? undefined : principal.userId);
  }

  /** @throws NOT_FOUND, also for the webhook of another user */
  async find({ principal }: WebhookCaller, id: string): Promise<Webhook> {
    const found = isUuid(id) ? await findWebhook(this.#deps.database, id) : undefined;
    if (found && (found.userId === principal.userId || principal.scopes.has('admin'))) return found;
    throw fault('NOT_FOUND', `There is no webhook "${id.slice(0, 100)}".`);
  }

  /** @returns the webhook with its secret, which is not shown again @throws INVALID_VALUE, SCOPE_MISSING, CONFLICT */
  async create(caller: WebhookCaller, input: WebhookInput): Promise<Webhook & { readonly secret: string }> {
    const { principal } = caller;
    const { database } = this.#deps;
    requireLasting(principal);
    const url = this.#checkUrl(input.url);
    const events = checkEvents(input.events, this.#catalog);
    const sets = this.#requireReadable(principal, events);
    const fields = checkFields(input.fields ?? [], sets);
    const name = checkName(input.name ?? new URL(url).hostname);
    if ((await countWebhooks(database, principal.userId)) >= ownedMax) throw tooMany();
    const after = await lastChangeId(database);
    const draft = {
      userId: principal.userId,
      keyId: principal.kind === 'key' ? principal.id : null,
      name,
      url,
      events,
      fields,
      scopes: [...principal.scopes],
    };
    const secret = makeWebhookSecret();
    const id = await database.transaction(async session => {
      const made = await addWebhook(session, draft);
      await addPositions(session, made, namesOf(sets), after);
      await addSecret(session, made, await this.#sealed(principal.userId, secret));
      return made;
    });
    await this.#note(caller, 'webhook.created', { id, userId: principal.userId }, { url, events });
    this.#deps.changed();
    return { ...(await this.find(caller, id)), secret };
  }

  /** @throws NOT_FOUND, INVALID_VALUE, SCOPE_MISSING */
  async update(caller: WebhookCaller, id: string, change: WebhookChange): Promise<Webhook> {
    const { database } = this.#deps;
    const webhook = await this.find(caller, id);
    requireLasting(caller.principal);
    const events = change.events && checkEvents(change.events, this.#catalog);
    const sets = this.#requireReadable(caller.principal, events ?? webhook.events);
    const update = {
      name: change.name === undefined ? undefined : checkName(change.name),
      url: change.url === undefined ? undefined : this.#checkUrl(change.url),
      events,
      fields: checkFields(change.fields ?? webhook.fields, sets),
    };
    const after = await lastChangeId(database);
    await database.transaction(async session => {
      await updateWebhook(session, id, update);
      await addPositions(session, id, namesOf(sets), after);
      if (change.active === true) await enableWebhook(session, id);
      if (change.active === false) await disableWebhook(session, id);
    });
    const { url, active } = change;
    await this.#note(caller, 'webhook.updated', webhook, { url, events, active });
    this.#deps.changed();
    this.#deps.added(id);
    return this.find(caller, id);
  }

  /** Its deliveries are deleted too. @throws NOT_FOUND */
  async remove(caller: WebhookCaller, id: string): Promise<void> {
    const webhook = await this.find(caller, id);
    await removeWebhook(this.#deps.database, id);
    await this.#note(caller, 'webhook.deleted', webhook, { url: webhook.url });
    this.#deps.changed();
  }

  /**
   * @param overlapSeconds for which deliveries are also signed with the present secret; default: a day
   * @returns the new secret, which is not shown again
   * @throws NOT_FOUND
   */
  async rotateSecret(
    caller: WebhookCaller,
    id: string,
    overlapSeconds = overlapSecondsDefault,
  ): Promise<string> {
    const webhook = await this.find(caller, id);
    requireLasting(caller.principal);
    const secret = makeWebhookSecret();
    const sealed = await this.#sealed(webhook.userId, secret);
    await this.#deps.database.transaction(async session => {
      await expireSecrets(session, id, overlapSeconds);
      await addSecret(session, id, sealed);
    });
    await this.#note(caller, 'webhook.secret-rotated', webhook, { overlapSeconds });
    return secret;
  }

  /** Sends an event of the type `ping`. @returns the id of the delivery @throws NOT_FOUND, CONFLICT */
  async ping(caller: WebhookCaller, id: string): Promise<string> {
    const webhook = await this.find(caller, id);
    requireActive(webhook);
    const delivery = newMessageId();
    const payload = { type: pingType, timestamp: new Date().toISOString(), data: { webhook: id } };
    await addDeliveries(this.#deps.database, id, [
      { id: delivery, event: pingType, record: null, changeId: null, payload: JSON.stringify(payload) },
    ]);
    this.#deps.added(id);
    return delivery;
  }

  /** @throws NOT_FOUND */
  async deliveries(
    caller: WebhookCaller,
    id: string,
    filter: DeliveryFilter,
    take: number,
  ): Promise<DeliveryPage> {
    await this.find(caller, id);
    const found = await listDeliveries(this.#deps.database, id, filter, take + 1);
    const deliveries = found.slice(0, take);
    return {
      deliveries: deliveries.map(({ sequence: _, ...delivery }) => delivery),
      next: found.length > take ? String(deliveries.at(-1)!.sequence) : null,
    };
  }

  /** @returns the delivery with its payload and its attempts @throws NOT_FOUND */
  async delivery(caller: WebhookCaller, id: string, deliveryId: string): Promise<DeliveryDetails> {
    await this.find(caller, id);
    const found = await findDelivery(this.#deps.database, id, deliveryId);
    if (found) return found;
    throw fault('NOT_FOUND', `There is no delivery "${deliveryId.slice(0, 100)}".`);
  }

  /** @returns how many deliveries are sent again, with the same ids @throws NOT_FOUND, CONFLICT */
  async redeliver(caller: WebhookCaller, id: string, which: Redelivery): Promise<number> {
    const webhook = await this.find(caller, id);
    requireActive(webhook);
    const count = await redeliver(this.#deps.database, id, which, redeliverMax);
    if (count === 0 && which.id !== undefined) await this.delivery(caller, id, which.id);
    await this.#note(caller, 'webhook.redelivered', webhook, { ...which, count });
    this.#deps.added(id);
    return count;
  }

  get #catalog(): Catalog {
    return this.#deps.engine.catalog;
  }

  /** `*` means what the webhook may read at the time of each event. */
  #requireReadable(principal: Principal, events: readonly string[]): Entity[] {
    const permitted = this.#deps.engine.permitted(principal);
    const sets = setsOf(events, this.#catalog);
    const named = sets.filter(({ set }) => events.some(event => event.startsWith(`${set}.`)));
    const missing = named.find(entity => !mayReadChanges(permittedOf(permitted, entity)));
    if (missing)
      throw fault('SCOPE_MISSING', `Events of ${missing.set} need the scope "${missing.set}:read".`, {
        target: `${missing.set}:read`,
      });
    return sets;
  }

  #checkUrl(text: string): string {
    if (text.length > urlLengthMax) throw invalidUrl(`The URL is longer than ${urlLengthMax} characters.`);
    let url: URL;
    try {
      url = toUrl(text);
    } catch (error) {
      throw invalidUrl((error as OutboundError).message);
    }
    if (this.#deps.isAllowedHost(url.hostname)) return url.href;
    throw invalidUrl('The URL does not have a public address.');
  }

  async #sealed(userId: string, secret: string) {
    const id = randomUUID();
    return { id, sealed: await this.#deps.safestore.seal(webhookSecretPlace(userId, id), secret) };
  }

  #note(
    { principal, request }: WebhookCaller,
    kind: string,
    { id, userId }: Pick<Webhook, 'id' | 'userId'>,
    details: Readonly<Record<string, unknown>>,
  ): Promise<void> {
    return this.#deps.audit.record({ kind, userId, subject: id, principal, request, details });
  }
}

/** Where a sealed secret is stored. */
export const webhookSecretPlace = (owner: string, row: string) => ({
  owner,
  table: 'portolan_webhook_secret',
  column: 'sealed',
  row,
});

const namesOf = (entities: readonly Entity[]): string[] => entities.map(({ name }) => name);

/** A webhook lasts longer than a token, so apps cannot create one. */
function requireLasting({ kind }: Principal): void {
  if (kind !== 'token') return;
  throw fault('SCOPE_MISSING', 'Access tokens cannot manage webhooks.', {
    hint: 'Use an API key, or sign in.',
  });
}

function requireActive({ disabledAt }: Webhook): void {
  if (disabledAt === null) return;
  throw fault('CONFLICT', 'The webhook is disabled.', { hint: 'Enable it first: {"active": true}.' });
}

function checkName(name: string): string {
  const trimmed = name.trim();
  if (trimmed && trimmed.length <= nameLengthMax && !trimmed.includes('\0')) return trimmed;
  throw fault('INVALID_VALUE', `"name" must have 1 to ${nameLengthMax} characters.`, { target: 'name' });
}

function checkFields(fields: readonly string[], sets: readonly Entity[]): string[] {
  for (const name of fields)
    if (!sets.some(entity => entity.fields.has(name)))
      throw fault('INVALID_VALUE', `None of these sets has a field "${name.slice(0, 100)}".`, {
        target: 'fields',
      });
  return [...new Set(fields)];
}

const invalidUrl = (message: string): Fault => fault('INVALID_VALUE', message, { target: 'url' });

const tooMany = (): Fault =>
  fault('CONFLICT', `A user can have ${ownedMax} webhooks.`, { hint: 'Delete one that is not needed.' });
