// The parts of webhooks put together: the services, and what sends events while the server runs.

import type { Audit } from '../audit/create-audit.ts';
import type { Database } from '../base/database/database.ts';
import type { Logger } from '../base/log.ts';
import type { ChangeFeed } from '../changes/feed.ts';
import { allowPublicAnd } from '../outbound/address-guard.ts';
import { createOutbound, isHostAllowed } from '../outbound/outbound.ts';
import type { Engine } from '../query/engine.ts';
import type { Safestore } from '../safestore/safestore.ts';
import { SealFault } from '../safestore/seal-fault.ts';
import type { ActiveWebhook } from './model/webhook.ts';
import { Directory } from './send/directory.ts';
import { FanOut } from './send/fan-out.ts';
import { Sender } from './send/sender.ts';
import { Deliveries } from './services/deliveries.ts';
import { Webhooks, webhookSecretPlace } from './services/webhooks.ts';
import { clearDeliveries } from './store/delivery-store.ts';
import { liveSecrets, type StoredSecret } from './store/secret-store.ts';

export interface WebhookDeps {
  readonly database: Database;
  readonly engine: Engine;
  readonly feed: ChangeFeed;
  readonly safestore: Safestore;
  readonly audit: Pick<Audit, 'record'>;
  readonly log: Logger;
  /** Addresses and ranges that may be reached although they are not public. */
  readonly outboundAllow: readonly string[];
}

/** Other instances create webhooks and add deliveries too. */
const sweepMs = 15_000;
const channel = 'portolan_webhook';
const keptDays = 30;
const batchRows = 1_000;

export class WebhookServices {
  readonly webhooks: Webhooks;
  readonly deliveries: Deliveries;
  readonly #deps: WebhookDeps;
  readonly #directory: Directory;
  readonly #sender: Sender;
  readonly #fanOut: FanOut;
  #listening: { close(): Promise<void> } | undefined;
  #timer: NodeJS.Timeout | undefined;
  #looking: Promise<void> = Promise.resolve();

  constructor(deps: WebhookDeps) {
    const { database, engine, log } = deps;
    this.#deps = deps;
    const isAllowed = allowPublicAnd(deps.outboundAllow);
    const directory = new Directory(database, engine.catalog.scopes);
    this.#directory = directory;
    this.#sender = new Sender({
      database,
      directory,
      log,
      send: createOutbound(isAllowed),
      secretsOf: webhook => this.#secretsOf(webhook),
      disabled: (webhook, reason) => this.#noteDisabled(webhook, reason),
    });
    const added = (id: string) => this.#wake(id);
    this.#fanOut = new FanOut({ ...deps, directory, added });
    this.webhooks = new Webhooks({
      ...deps,
      isAllowedHost: host => isHostAllowed(host, isAllowed),
      changed: () => this.#changed(),
      added,
    });
    this.deliveries = new Deliveries({ database, webhooks: this.webhooks, added });
  }

  /** Begins to send. Until then, nothing is lost. */
  start(): void {
    if (this.#timer) return;
    this.#timer = setInterval(() => this.#look(), sweepMs).unref();
    this.#listening = this.#deps.database.listen(channel, () => {
      this.#directory.forget();
      this.#look();
    });
    this.#look();
  }

  /** Deletes old deliveries. @returns whether there may be more */
  async clear(): Promise<boolean> {
    return (await clearDeliveries(this.#deps.database, keptDays, batchRows)) === batchRows;
  }

  /** Waits for the attempts that are being made. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    this.#timer = undefined;
    await this.#listening?.close();
    await this.#looking;
    await this.#fanOut.close();
    await this.#sender.close();
  }

  #wake(webhookId: string): void {
    if (this.#timer) this.#sender.wake(webhookId);
  }

  #changed(): void {
    this.#directory.forget();
    // Without it, other instances look a little later.
    this.#deps.database.query(`SELECT pg_notify($1, '')`, [channel]).catch(() => {});
    if (this.#timer) this.#look();
  }

  #look(): void {
    this.#looking = this.#looking.then(async () => {
      try {
        const active = await this.#directory.current();
        if (this.#timer) this.#fanOut.follow(active);
        for (const { id } of active) this.#wake(id);
      } catch (error) {
        this.#deps.log.warn({ error }, 'the webhooks cannot be read at present');
      }
    });
  }

  async #secretsOf(webhook: ActiveWebhook): Promise<string[]> {
    const stored = await liveSecrets(this.#deps.database, webhook.id);
    const opened = await Promise.all(stored.map(secret => this.#open(webhook, secret)));
    return opened.filter(secret => secret !== undefined);
  }

  async #open({ id, userId }: ActiveWebhook, secret: StoredSecret): Promise<string | undefined> {
    const { safestore, log } = this.#deps;
    try {
      return (await safestore.open(webhookSecretPlace(userId, secret.id), secret.sealed)).toString();
    } catch (error) {
      if (!(error instanceof SealFault)) throw error;
      log.error({ webhookId: id, err: error }, 'the secret of a webhook cannot be opened');
      return undefined;
    }
  }

  async #noteDisabled({ id, userId, url }: ActiveWebhook, reason: string): Promise<void> {
    const { log, audit } = this.#deps;
    log.warn({ webhookId: id, reason }, 'a webhook was disabled');
    await audit.record({ kind: 'webhook.disabled', userId, subject: id, details: { url, reason } });
  }
}
