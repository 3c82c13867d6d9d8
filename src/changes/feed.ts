// The instance's one eye on the change log: told by the database that there is something new, it looks how far the log is
// final, and lets those go on who follow an entity. It runs while anybody does.

import { AsyncLocalStorage } from 'node:async_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Database, Listening } from '../base/database/database.ts';
import { fault } from '../base/errors.ts';
import type { Logger } from '../base/log.ts';
import type { Entity } from '../catalog/catalog.ts';
import { ChangeHorizon, type Reach } from './horizon.ts';
import { readChanges } from './read-changes.ts';
import type { StoredChange } from './stored-change.ts';

/** Writers that follow closely upon one that told are not told of themselves: see portolan.change_tell. */
const soonMs = 60;
/** How long what was not told of may take to be found. */
const idleMs = 1_000;
/** For so long writers are asked to tell, each time. */
const listenedMs = 15_000;
/** Pages that several followers read at the same time. */
const pagesMax = 64;
const pageRows = 200;
/** A new follower waits so long for those who are writing, to begin after them. */
const settleMs = 2_000;
const settlePauseMs = 25;

/** Some of the changes that follow an id, the same object for all who ask for it at the same time. */
export interface ChangePage {
  readonly changes: readonly StoredChange[];
  /** The id after which to read on. */
  readonly next: bigint;
  /** What was found out about these changes, for others who need the same. */
  readonly memo: Map<string, Promise<unknown>>;
}

interface Parts {
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
  /** Looks are nobody's in particular: they must not run in the transaction of whoever woke the feed. */
  readonly #outside = AsyncLocalStorage.snapshot();
  #listening: Listening | undefined;
  #askedAt = Number.NEGATIVE_INFINITY;
  #timer: NodeJS.Timeout | undefined;
  #looking: Promise<void> | undefined;
  #again = false;
  #failing = false;
  /** Resolved after each look. */
  #looked = Promise.withResolvers<void>();

  constructor({ database, log }: Parts) {
    this.database = database;
    this.#log = log;
  }

  /** Aborted when the server stops. */
  get ending(): AbortSignal {
    return this.#ending.signal;
  }

  /**
   * Keeps an eye on an entity until the follower is let go.
   * @returns the id after which what is new begins
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

  /** @returns when there is something final after an id, or the signal aborts */
  async wait(entity: Entity, after: bigint, signal: AbortSignal): Promise<void> {
    const { promise: aborted, resolve } = Promise.withResolvers<void>();
    const stop = () => resolve();
    signal.addEventListener('abort', stop, { once: true });
    while (!signal.aborted && this.#finalOf(entity) <= after) {
      await Promise.race([this.#looked.promise, aborted]);
    }
    signal.removeEventListener('abort', stop);
  }

  /** @returns the changes of an entity after an id that are final, oldest first, as many as a page takes */
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

  /** Ends what followers wait for, and the listening. */
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
      if (!reach) throw fault('UNAVAILABLE', 'The change log cannot be read at present.');
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

  /** A look that begins after now. */
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
      await this.#askToBeTold();
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

  /** @returns whether there may soon be more */
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

  async #askToBeTold(): Promise<void> {
    const now = Date.now();
    if (now - this.#askedAt < listenedMs / 3) return;
    this.#askedAt = now;
    await this.database.query(
      `SELECT setval('portolan.change_listened', greatest(last_value, (extract(epoch FROM clock_timestamp()) * 1000)::bigint + $1::bigint))
       FROM portolan.change_listened`,
      [listenedMs],
      { name: 'change_listened' },
    );
  }
}
