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
import type { Engine } from '../../query/engine.ts';
import { permittedOf } from '../../query/permitted/permitted-catalog.ts';
import type { Safestore } from '../../safestore/safestore.ts';
import { checkEvents, setsOf } from '../model/event-types.ts';
import { makeWebhookSecret } from '../model/signature.ts';
import type { Webhook } from '../model/webhook.ts';
import { addPositions, keepPositions, lastChangeId } from '../store/position-store.ts';
import { addSecret, expireSecrets } from '../store/secret-store.ts';
import {
  addWebhook,
  countWebhooks,
  disableWebhook,
  enableWebhook,
  findWebhook,
  listWebhooks,
  removeWebhook,
  updateWebhook,
} from '../store/webhook-store.ts';
import {
  checkFields,
  checkName,
  checkUrl,
  maySee,
  requireLasting,
  requireReach,
  requireWithin,
} from './checks.ts';

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

const ownedMax = 50;
const overlapSecondsDefault = 86_400;
export const overlapSecondsMax = 30 * 86_400;

export class Webhooks {
  readonly #deps: WebhooksDeps;

  constructor(deps: WebhooksDeps) {
    this.#deps = deps;
  }

  /** @returns those of the caller that the credential may see; of all users with the scope `admin` */
  async list({ principal }: WebhookCaller): Promise<Webhook[]> {
    const userId = principal.scopes.has('admin') ? undefined : principal.userId;
    return (await listWebhooks(this.#deps.database, userId)).filter(webhook => maySee(principal, webhook));
  }

  /** @throws NOT_FOUND, also for one that the caller may not see */
  async find({ principal }: WebhookCaller, id: string): Promise<Webhook> {
    const found = isUuid(id) ? await findWebhook(this.#deps.database, id) : undefined;
    if (found && maySee(principal, found)) return found;
    throw fault('NOT_FOUND', `There is no webhook "${id.slice(0, 100)}".`);
  }

  /** @returns the webhook with its secret, which is not shown again @throws INVALID_VALUE, SCOPE_MISSING, CONFLICT */
  async create(caller: WebhookCaller, input: WebhookInput): Promise<Webhook & { readonly secret: string }> {
    const { principal } = caller;
    const { database } = this.#deps;
    requireLasting(principal);
    const url = checkUrl(input.url, this.#deps.isAllowedHost);
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
    await this.note(caller, 'webhook.created', { id, userId: principal.userId }, { url, events });
    this.#deps.changed();
    return { ...(await this.find(caller, id)), secret };
  }

  /** Disabling needs no more than seeing the webhook. @throws NOT_FOUND, INVALID_VALUE, SCOPE_MISSING */
  async update(caller: WebhookCaller, id: string, change: WebhookChange): Promise<Webhook> {
    const { database } = this.#deps;
    const webhook = await this.find(caller, id);
    requireLasting(caller.principal);
    if (!isOnlyDisabling(change)) requireReach(caller.principal, webhook);
    const events = change.events && checkEvents(change.events, this.#catalog);
    const sets = setsOf(events ?? webhook.events, this.#catalog);
    if (events) {
      this.#requireReadable(caller.principal, events);
      requireWithin(webhook, events, sets);
    }
    const update = {
      name: change.name === undefined ? undefined : checkName(change.name),
      url: change.url === undefined ? undefined : checkUrl(change.url, this.#deps.isAllowedHost),
      events,
      fields: checkFields(change.fields ?? webhook.fields, sets),
    };
    const after = await lastChangeId(database);
    await database.transaction(async session => {
      await updateWebhook(session, id, update);
      await keepPositions(session, id, namesOf(sets));
      await addPositions(session, id, namesOf(sets), after);
      if (change.active === true) await enableWebhook(session, id);
      if (change.active === false) await disableWebhook(session, id);
    });
    const { url, active } = change;
    await this.note(caller, 'webhook.updated', webhook, { url, events, active });
    this.#deps.changed();
    this.#deps.added(id);
    return this.find(caller, id);
  }

  /** Its deliveries are deleted too. @throws NOT_FOUND */
  async remove(caller: WebhookCaller, id: string): Promise<void> {
    const webhook = await this.find(caller, id);
    await removeWebhook(this.#deps.database, id);
    await this.note(caller, 'webhook.deleted', webhook, { url: webhook.url });
    this.#deps.changed();
  }

  /**
   * @param overlapSeconds for which deliveries are also signed with the present secret; default: a day
   * @returns the new secret, which is not shown again
   * @throws NOT_FOUND, SCOPE_MISSING
   */
  async rotateSecret(
    caller: WebhookCaller,
    id: string,
    overlapSeconds = overlapSecondsDefault,
  ): Promise<string> {
    const webhook = await this.find(caller, id);
    requireLasting(caller.principal);
    requireReach(caller.principal, webhook);
    const secret = makeWebhookSecret();
    const sealed = await this.#sealed(webhook.userId, secret);
    await this.#deps.database.transaction(async session => {
      await expireSecrets(session, id, overlapSeconds);
      await addSecret(session, id, sealed);
    });
    await this.note(caller, 'webhook.secret-rotated', webhook, { overlapSeconds });
    return secret;
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

  async #sealed(userId: string, secret: string) {
    const id = randomUUID();
    return { id, sealed: await this.#deps.safestore.seal(webhookSecretPlace(userId, id), secret) };
  }

  /** Adds an event to the audit log. */
  note(
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

const isOnlyDisabling = ({ active, ...others }: WebhookChange): boolean =>
  active === false && Object.values(others).every(value => value === undefined);

const namesOf = (entities: readonly Entity[]): string[] => entities.map(({ name }) => name);

const tooMany = (): Fault =>
  fault('CONFLICT', `A user can have ${ownedMax} webhooks.`, { hint: 'Delete one that is not needed.' });
