// Reads the change log for all subscribers of an instance: notified by the database, it checks up to which id the log is
// final, and wakes the followers of an entity. It runs while there are followers.

import { AsyncLocalStorage } from 'node:async_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Database, Listening } from '../base/database/database.ts';
import { fault } from '../base/errors.ts';
import type { Logger } from '../base/log.ts';
import type { Entity } from '../catalog/catalog.ts';
import { ChangeHorizon, type Reach } from './horizon.ts';
import { readChanges } from './read-changes.ts';
import type { StoredChange } from './stored-change.ts';

/** Writes shortly after a notification send none of their own: see portolan.change_tell. */
const soonMs = 60;
/** How long it may take to find a change without a notification. */
const idleMs = 1_000;
/** How long each request for notifications is valid. */
const notifiedMs = 15_000;
/** Cached pages, which several followers share. */
const pagesMax = 64;
const pageRows = 200;
/** How long a new follower waits for open transactions, to begin after them. */
const settleMs = 2_000;
const settlePauseMs = 25;

/** Changes after an id. Followers that read the same page share the object. */
export interface ChangePage {
  readonly changes: readonly StoredChange[];
  /** The id after which the next page begins. */
  readonly next: bigint;
  /** Cached results about these changes, shared by followers. */
  readonly memo: Map<string, Promise<unknown>>;
}

interface FeedDeps {
  readonly database: Database;
  readonly log: Logger;
}

interface Followed {
  readonly entity: Entity;
  followers: number;
  reach: Reach | undefined;
}

export class ChangeFeed {
  readonly database: Database;
  readonly #log: Logger;
  readonly #horizon = new ChangeHorizon();
  readonly #followed = new Map<string, Followed>();
  readonly #pages = new Map<string, Promise<ChangePage>>();
  readonly #ending = new AbortController();
  /** Looks must not run in the transaction of the caller that woke the feed. */
  readonly #outside = AsyncLocalStorage.snapshot();
  #listening: Listening | undefined;
  #requestedAt = Number.NEGATIVE_INFINITY;
  #timer: NodeJS.Timeout | undefined;
  #looking: Promise<void> | undefined;
  #again = false;
  #failing = false;
  /** Resolved after each look. */
  #looked = Promise.withResolvers<void>();

  constructor({ database, log }: FeedDeps) {
    this.database = database;
    this.#log = log;
  }

  /** Aborted when the server stops. */
  get ending(): AbortSignal {
    return this.#ending.signal;
  }

  /**
   * Follows an entity until `unfollow`.
   * @returns the id after which new changes begin
   * @throws UNAVAILABLE when the server stops; what the database throws
   */
  async follow(entity: Entity): Promise<bigint> {
    if (this.#ending.signal.aborted) throw fault('UNAVAILABLE', 'The server is stopping.');
    const followed = this.#followed.get(entity.name) ?? { entity, followers: 0, reach: undefined };
    followed.followers += 1;
    this.#followed.set(entity.name, followed);
    this.#listening ??= this.database.listen('portolan_change', () => this.#wake());
    try {
      return await this.#begin(entity);
    } catch (error) {
      this.unfollow(entity);
      throw error;
    }
  }

  unfollow({ name }: Entity): void {
    const followed = this.#followed.get(name)!;
    followed.followers -= 1;
    if (followed.followers > 0) return;
    this.#followed.delete(name);
    this.#horizon.forget(name);
  }

  /** Resolves when there is a final change after an id, or the signal aborts. */
  async wait(entity: Entity, after: bigint, signal: AbortSignal): Promise<void> {
    const { promise: aborted, resolve } = Promise.withResolvers<void>();
    const stop = () => resolve();
    signal.addEventListener('abort', stop, { once: true });
    while (!signal.aborted && this.#finalOf(entity) <= after) {
      await Promise.race([this.#looked.promise, aborted]);
    }
    signal.removeEventListener('abort', stop);
  }

  /** @returns one page of an entity's final changes after an id, oldest first */
  read(entity: Entity, after: bigint): Promise<ChangePage> {
    const upTo = this.#finalOf(entity);
    const name = `${entity.name} ${after} ${upTo}`;
    const known = this.#pages.get(name);
    if (known) return known;
    const page = this.#readPage(entity, after, upTo);
    page.catch(() => this.#pages.delete(name));
    this.#pages.set(name, page);
    if (this.#pages.size > pagesMax) this.#pages.delete(this.#pages.keys().next().value!);
    return page;
  }

  /** Ends all followers and stops listening. */
  async close(): Promise<void> {
    this.#ending.abort();
    clearTimeout(this.#timer);
    await this.#listening?.close();
    await this.#looking;
  }

  async #begin(entity: Entity): Promise<bigint> {
    const deadline = performance.now() + settleMs;
    for (;;) {
      await this.#lookNow();
      const { reach } = this.#followed.get(entity.name)!;
      if (!reach) throw fault('UNAVAILABLE', 'The change log cannot be read at the moment.');
      if (!reach.pending) return reach.final!;
      if (performance.now() > deadline) return reach.last;
      await sleep(settlePauseMs);
    }
  }

  #finalOf({ name }: Entity): bigint {
    return this.#followed.get(name)?.reach?.final ?? -1n;
  }

  async #readPage(entity: Entity, after: bigint, upTo: bigint): Promise<ChangePage> {
    const query = { entities: [entity.name], after, upTo, take: pageRows };
    const changes = upTo > after ? await readChanges(this.database, query) : [];
    const isLast = changes.length < pageRows;
    const next = isLast ? (upTo > after ? upTo : after) : changes.at(-1)!.id;
    return { changes, next, memo: new Map() };
  }

  /** Runs a look that begins after this call. */
  async #lookNow(): Promise<void> {
    if (this.#looking) await this.#looking;
    this.#wake();
    await this.#looking;
  }

  #wake(): void {
    if (this.#ending.signal.aborted || this.#followed.size === 0) return;
    this.#again = this.#looking !== undefined;
    this.#looking ??= this.#outside(() => this.#look()).finally(() => {
      this.#looking = undefined;
      if (this.#again) this.#wake();
    });
  }

  async #look(): Promise<void> {
    clearTimeout(this.#timer);
    let isMoving = false;
    try {
      await this.#requestNotifications();
      isMoving = await this.#update();
      this.#failing = false;
    } catch (error) {
      if (!this.#failing) this.#log.warn({ error }, 'the change log cannot be read: live queries wait');
      this.#failing = true;
    }
    this.#looked.resolve();
    this.#looked = Promise.withResolvers();
    if (this.#followed.size > 0 && !this.#ending.signal.aborted)
      this.#timer = setTimeout(() => this.#wake(), isMoving ? soonMs : idleMs).unref();
  }

  /** @returns whether more changes may follow soon */
  async #update(): Promise<boolean> {
    const entities = [...this.#followed.values()].map(({ entity }) => entity);
    const reaches = await this.#horizon.look(this.database, entities);
    let isMoving = false;
    for (const [name, reach] of reaches) {
      const followed = this.#followed.get(name);
      if (!followed) continue;
      isMoving ||= reach.pending || reach.last !== followed.reach?.last;
      followed.reach = reach;
    }
    return isMoving;
  }

  async #requestNotifications(): Promise<void> {
    const now = Date.now();
    if (now - this.#requestedAt < notifiedMs / 3) return;
    this.#requestedAt = now;
    await this.database.query(
      `SELECT setval('portolan.change_listened', greatest(last_value, (extract(epoch FROM clock_timestamp()) * 1000)::bigint + $1::bigint))
       FROM portolan.change_listened`,
      [notifiedMs],
      { name: 'change_listened' },
    );
  }
}
