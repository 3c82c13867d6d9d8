// Puts the parts of webhooks together: the service, and what sends events while the server runs.

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
import { Webhooks, webhookSecretPlace } from './services/webhooks.ts';
import { clearDeliveries } from './store/delivery-store.ts';
import { liveSecrets } from './store/webhook-store.ts';

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

export interface WebhookServices {
  readonly webhooks: Webhooks;
  /** Begins to send. Until then, nothing is lost. */
  start(): void;
  /** Deletes old deliveries. @returns whether there may be more */
  clear(): Promise<boolean>;
  /** Waits for the attempts that are being made. */
  close(): Promise<void>;
}

/** Other instances create webhooks and add deliveries too. */
const sweepMs = 15_000;
const channel = 'portolan_webhook';
const keptDays = 30;
const batchRows = 1_000;

export function createWebhooks(deps: WebhookDeps): WebhookServices {
  const { database, engine, feed, safestore, audit, log } = deps;
  const isAllowed = allowPublicAnd(deps.outboundAllow);
  const directory = new Directory(database, engine.catalog.scopes);
  let listening: { close(): Promise<void> } | undefined;
  let timer: NodeJS.Timeout | undefined;
  let looking: Promise<void> = Promise.resolve();

  const sender = new Sender({
    database,
    directory,
    log,
    send: createOutbound(isAllowed),
    secretsOf: webhook => openSecrets(webhook),
    async disabled({ id, userId, url }, reason) {
      log.warn({ webhookId: id, reason }, 'a webhook was disabled');
      await audit.record({ kind: 'webhook.disabled', userId, subject: id, details: { url, reason } });
    },
  });
  const fanOut = new FanOut({ database, feed, engine, directory, log, added: id => sender.wake(id) });
  const webhooks = new Webhooks({
    database,
    engine,
    safestore,
    audit,
    isAllowedHost: host => isHostAllowed(host, isAllowed),
    changed() {
      directory.forget();
      void tell();
      if (timer) look();
    },
    added(id) {
      if (timer) sender.wake(id);
    },
  });

  async function openSecrets({ id, userId }: ActiveWebhook): Promise<string[]> {
    const opened = (await liveSecrets(database, id)).map(async secret => {
      try {
        return (await safestore.open(webhookSecretPlace(userId, secret.id), secret.sealed)).toString();
      } catch (error) {
        if (!(error instanceof SealFault)) throw error;
        log.error({ webhookId: id, err: error }, 'the secret of a webhook cannot be opened');
        return undefined;
      }
    });
    return (await Promise.all(opened)).filter(secret => secret !== undefined);
  }

  const tell = () => database.query(`SELECT pg_notify($1, '')`, [channel]).catch(() => {});

  function look(): void {
    looking = looking.then(async () => {
      try {
        const active = await directory.current();
        if (timer) fanOut.follow(active);
        for (const { id } of active) sender.wake(id);
      } catch (error) {
        log.warn({ error }, 'the webhooks cannot be read at present');
      }
    });
  }

  return {
    webhooks,
    start() {
      if (timer) return;
      timer = setInterval(look, sweepMs).unref();
      listening = database.listen(channel, () => {
        directory.forget();
        look();
      });
      look();
    },
    clear: async () => (await clearDeliveries(database, keptDays, batchRows)) === batchRows,
    async close() {
      clearInterval(timer);
      timer = undefined;
      await listening?.close();
      await looking;
      await fanOut.close();
      await sender.close();
    },
  };
}
