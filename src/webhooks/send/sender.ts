// Takes deliveries that are due and sends them: a few at a time for each webhook, so that a slow receiver holds up no other.

import type { Database } from '../../base/database/database.ts';
import type { Logger } from '../../base/log.ts';
import type { SendOutbound } from '../../outbound/outbound.ts';
import type { ActiveWebhook } from '../model/webhook.ts';
import { type DueDelivery, endAttempt, takeDue, untilDueMs } from '../store/delivery-store.ts';
import { disableWebhook, noteOutcome } from '../store/webhook-store.ts';
import { attemptDelivery, attemptMs, failedOutcome, type Outcome } from './attempt.ts';
import type { Directory } from './directory.ts';
import { retryDelayMs } from './retries.ts';

export interface SenderDeps {
  readonly database: Database;
  readonly directory: Directory;
  readonly log: Logger;
  readonly send: SendOutbound;
  /** Opens the secrets that sign at present. */
  readonly secretsOf: (webhook: ActiveWebhook) => Promise<readonly string[]>;
  /** Called when a webhook was disabled because of its receiver. */
  readonly disabled: (webhook: ActiveWebhook, reason: string) => Promise<void>;
}

/** At a time, for each webhook, on each instance. */
const runningMax = 5;
/** An attempt that takes longer was lost with its instance. */
const leaseSeconds = (attemptMs / 1_000) * 3;
const failingMaxMs = 5 * 86_400_000;
const dueMinMs = 100;
const dueMaxMs = 60_000;

interface Line {
  running: number;
  taking: boolean;
  /** Whether to look again after the present look. */
  again: boolean;
  timer?: NodeJS.Timeout;
}

export class Sender {
  readonly #deps: SenderDeps;
  readonly #lines = new Map<string, Line>();
  readonly #attempts = new Set<Promise<void>>();
  #closed = false;

  constructor(deps: SenderDeps) {
    this.#deps = deps;
  }

  /** Sends what is due. */
  wake(webhookId: string): void {
    if (this.#closed) return;
    const line = this.#lines.get(webhookId) ?? { running: 0, taking: false, again: false };
    this.#lines.set(webhookId, line);
    line.again = line.taking;
    if (line.taking || line.running >= runningMax) return;
    line.taking = true;
    void this.#track(this.#take(webhookId, line)).finally(() => {
      line.taking = false;
      if (line.again) this.wake(webhookId);
    });
  }

  /** Takes nothing more, and waits for the attempts that are being made. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const { timer } of this.#lines.values()) clearTimeout(timer);
    while (this.#attempts.size > 0) await Promise.all(this.#attempts);
  }

  async #take(webhookId: string, line: Line): Promise<void> {
    const { database, directory, log } = this.#deps;
    clearTimeout(line.timer);
    try {
      const webhook = await directory.find(webhookId);
      if (!webhook) return;
      const room = runningMax - line.running;
      const due = await takeDue(database, webhookId, room, leaseSeconds);
      for (const delivery of due) this.#start(webhook, delivery, line);
      if (due.length < room) this.#later(webhookId, line, await untilDueMs(database, webhookId));
    } catch (error) {
      log.warn({ error, webhookId }, 'deliveries to a webhook cannot be read at present');
      this.#later(webhookId, line, dueMaxMs);
    }
  }

  #later(webhookId: string, line: Line, ms: number | undefined): void {
    if (ms === undefined || this.#closed) return;
    const wait = Math.min(dueMaxMs, Math.max(dueMinMs, ms));
    line.timer = setTimeout(() => this.wake(webhookId), wait).unref();
  }

  #start(webhook: ActiveWebhook, delivery: DueDelivery, line: Line): void {
    line.running++;
    void this.#track(this.#deliver(webhook, delivery)).finally(() => {
      line.running--;
      this.wake(webhook.id);
    });
  }

  #track(work: Promise<void>): Promise<void> {
    this.#attempts.add(work);
    return work.finally(() => this.#attempts.delete(work));
  }

  async #deliver(webhook: ActiveWebhook, delivery: DueDelivery): Promise<void> {
    const { send, secretsOf, log } = this.#deps;
    try {
      const secrets = await secretsOf(webhook);
      // Without a signature, a receiver could not tell it from a forged one.
      const outcome =
        secrets.length > 0
          ? await attemptDelivery(send, webhook.url, delivery, secrets)
          : failedOutcome('The secret of the webhook cannot be opened.');
      await this.#end(webhook, delivery, outcome);
    } catch (error) {
      // Its lease ends, and it is tried again.
      log.error(
        { error, webhookId: webhook.id, deliveryId: delivery.id },
        'a delivery could not be recorded',
      );
    }
  }

  async #end(webhook: ActiveWebhook, { id, attempts }: DueDelivery, outcome: Outcome): Promise<void> {
    const { database } = this.#deps;
    const { succeeded, retryAfterMs, ...attempt } = outcome;
    const nextMs = succeeded ? undefined : retryDelayMs(attempts + 1, retryAfterMs);
    const state = succeeded ? 'delivered' : nextMs === undefined ? 'failed' : 'pending';
    await endAttempt(database, id, { ...attempt, state, nextMs });
    const failingMs = await noteOutcome(database, webhook.id, succeeded);
    if (outcome.status === 410) await this.#disable(webhook, 'The receiver responded with 410 Gone.');
    else if (failingMs > failingMaxMs)
      await this.#disable(webhook, 'Every attempt has failed for five days.');
  }

  async #disable(webhook: ActiveWebhook, reason: string): Promise<void> {
    const { database, directory, disabled } = this.#deps;
    if (!(await disableWebhook(database, webhook.id, reason))) return;
    directory.forget();
    await disabled(webhook, reason);
  }
}
