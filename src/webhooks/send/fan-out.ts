// Changes -> deliveries. Each webhook has a position in the log of each entity, which moves in the transaction that adds the
// deliveries: no change is lost or delivered as two events, whichever instance does it and whenever it dies.

import { setTimeout as sleep } from 'node:timers/promises';
import type { Database } from '../../base/database/database.ts';
import type { Logger } from '../../base/log.ts';
import type { Entity } from '../../catalog/catalog.ts';
import type { ChangeFeed } from '../../changes/feed.ts';
import type { Engine } from '../../query/engine.ts';
import { isSubscribedTo } from '../model/event-types.ts';
import type { ActiveWebhook } from '../model/webhook.ts';
import { addDeliveries } from '../store/delivery-store.ts';
import { addPositions, findPosition, lastChangeId, movePosition } from '../store/position-store.ts';
import type { Directory } from './directory.ts';
import { toEvent } from './to-event.ts';

export interface FanOutDeps {
  readonly database: Database;
  readonly feed: ChangeFeed;
  readonly engine: Pick<Engine, 'catalog' | 'permitted'>;
  readonly directory: Directory;
  readonly log: Logger;
  /** Called when a webhook has new deliveries. */
  readonly added: (webhookId: string) => void;
}

/** Positions may lag behind after another instance has died. */
const sweepMs = 15_000;
const failurePauseMs = 5_000;

export class FanOut {
  readonly #deps: FanOutDeps;
  readonly #followers = new Map<string, { readonly stop: AbortController; readonly done: Promise<void> }>();
  #wake = new AbortController();

  constructor(deps: FanOutDeps) {
    this.#deps = deps;
  }

  /** Follows the entities that these webhooks get events of, and no others. */
  follow(webhooks: readonly ActiveWebhook[]): void {
    const { catalog } = this.#deps.engine;
    const wanted = [...catalog.sets.values()].filter(entity =>
      webhooks.some(({ events }) => isSubscribedTo(events, entity)),
    );
    for (const [name, { stop }] of this.#followers) {
      if (wanted.some(entity => entity.name === name)) continue;
      stop.abort();
      this.#followers.delete(name);
    }
    for (const entity of wanted) {
      if (this.#followers.has(entity.name)) continue;
      const stop = new AbortController();
      this.#followers.set(entity.name, { stop, done: this.#run(entity, stop.signal) });
    }
    // Those that wait for changes look at the positions again.
    this.#wake.abort();
    this.#wake = new AbortController();
  }

  async close(): Promise<void> {
    const running = [...this.#followers.values()];
    for (const { stop } of running) stop.abort();
    await Promise.all(running.map(({ done }) => done));
  }

  async #run(entity: Entity, stopped: AbortSignal): Promise<void> {
    const { feed, log } = this.#deps;
    const isOver = () => stopped.aborted || feed.ending.aborted;
    while (!isOver()) {
      try {
        await this.#followOnce(entity, stopped);
      } catch (error) {
        if (isOver()) return;
        log.warn({ error, entity: entity.name }, 'changes cannot be sent to webhooks at present');
        await sleep(failurePauseMs, undefined, { signal: stopped }).catch(() => {});
      }
    }
  }

  async #followOnce(entity: Entity, stopped: AbortSignal): Promise<void> {
    const { feed } = this.#deps;
    let read = await feed.follow(entity);
    try {
      while (!stopped.aborted && !feed.ending.aborted) {
        // Changes that come from now on wake it again.
        const { signal: wake } = this.#wake;
        read = await this.#advanceAll(entity, read);
        const until = AbortSignal.any([stopped, wake, feed.ending, AbortSignal.timeout(sweepMs)]);
        await feed.wait(entity, read, until);
      }
    } finally {
      feed.unfollow(entity);
    }
  }

  /** @returns the id up to which changes have been read */
  async #advanceAll(entity: Entity, read: bigint): Promise<bigint> {
    let last = read;
    for (const webhook of await this.#deps.directory.current()) {
      if (!isSubscribedTo(webhook.events, entity)) continue;
      const reached = await this.#advance(webhook, entity);
      if (reached > last) last = reached;
    }
    return last;
  }

  /** A set that the project has added since: `*` includes it from now on. */
  async #begin(webhook: ActiveWebhook, entity: Entity): Promise<bigint> {
    const { database } = this.#deps;
    const last = await lastChangeId(database);
    await addPositions(database, webhook.id, [entity.name], last);
    return last;
  }

  async #advance(webhook: ActiveWebhook, entity: Entity): Promise<bigint> {
    const { database, feed, engine, added } = this.#deps;
    const permitted = engine.permitted(webhook.principal);
    for (;;) {
      const changeId = await findPosition(database, webhook.id, entity.name);
      if (changeId === undefined) return this.#begin(webhook, entity);
      const { changes, next } = await feed.read(entity, changeId);
      if (next <= changeId) return changeId;
      const deliveries = changes.flatMap(change => toEvent(change, webhook, permitted) ?? []);
      const moved = await database.transaction(async session => {
        const from = { entity: entity.name, changeId };
        if (!(await movePosition(session, webhook.id, from, next))) return false;
        await addDeliveries(session, webhook.id, deliveries);
        return true;
      });
      if (moved && deliveries.length > 0) added(webhook.id);
    }
  }
}
