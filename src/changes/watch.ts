// The stream of one subscriber: the changes of an entity whose rows meet a condition, each with its current row.

import { Fault } from '../base/errors.ts';
import type { Principal } from '../base/principal.ts';
import type { Engine } from '../query/engine.ts';
import type { ChangeFeed, ChangePage } from './feed.ts';
import { checkKept } from './retention.ts';
import { type Row, RowReader, type Rows, type RowsRequest } from './row-reader.ts';
import { type ShownChange, showChange } from './show-change.ts';
import type { ChangeKind, StoredChange } from './stored-change.ts';

export interface WatchRequest extends RowsRequest {
  readonly kinds?: readonly ChangeKind[];
  /** The last id that the subscriber has seen. Default: only new changes. */
  readonly after?: bigint;
  /** Called repeatedly while the stream is open. @throws Fault of status 401 or 403 when the credential is revoked or expired */
  readonly authenticate: () => Promise<Principal>;
}

export interface LiveChange extends ShownChange {
  /** The current row; null if it no longer exists. */
  readonly node: Row | null;
}

/** How often the credential is checked. */
const credentialMs = 500;

interface WatchParts {
  readonly engine: Engine;
  readonly feed: ChangeFeed;
  readonly request: WatchRequest;
  readonly reader: RowReader;
  readonly after: bigint;
  readonly closed: () => void;
}

/** `return` can be called while `next` is waiting. The iterator ends when the server stops, and fails when the credential does. */
export class Watch implements AsyncIterableIterator<LiveChange> {
  readonly #engine: Engine;
  readonly #feed: ChangeFeed;
  readonly #request: WatchRequest;
  readonly #reader: RowReader;
  readonly #left = new AbortController();
  readonly #closed: () => void;
  #after: bigint;
  #ready: LiveChange[] = [];
  #failure: unknown;
  #guard: NodeJS.Timeout;

  /**
   * @param closed called once, when the stream ends
   * @throws SCOPE_MISSING and other errors of `Engine.prepare`
   */
  static async open(
    engine: Engine,
    feed: ChangeFeed,
    request: WatchRequest,
    closed: () => void,
  ): Promise<Watch> {
    const reader = new RowReader(engine, request);
    if (request.after !== undefined) await checkKept(feed.database, request.after);
    const start = await feed.follow(request.entity);
    return new Watch({ engine, feed, request, reader, after: request.after ?? start, closed });
  }

  private constructor({ engine, feed, request, reader, after, closed }: WatchParts) {
    this.#engine = engine;
    this.#feed = feed;
    this.#request = request;
    this.#reader = reader;
    this.#after = after;
    this.#closed = closed;
    this.#guard = setInterval(() => void this.#checkCredential(), credentialMs).unref();
    feed.ending.addEventListener('abort', this.#leave, { once: true });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async next(): Promise<IteratorResult<LiveChange, undefined>> {
    const { signal } = this.#left;
    while (!signal.aborted && this.#ready.length === 0) {
      try {
        await this.#advance();
      } catch (error) {
        this.#fail(error);
      }
    }
    if (this.#failure !== undefined) return this.#throwOnce();
    const value = signal.aborted ? undefined : this.#ready.shift();
    return value ? { done: false, value } : { done: true, value: undefined };
  }

  async return(): Promise<IteratorResult<LiveChange, undefined>> {
    this.#leave();
    return { done: true, value: undefined };
  }

  async #advance(): Promise<void> {
    const { entity } = this.#request;
    const page = await this.#feed.read(entity, this.#after);
    const changes = page.changes.filter(({ kind }) => this.#request.kinds?.includes(kind) ?? true);
    this.#ready = await this.#toEvents(page, changes);
    const isEnd = page.next === this.#after || page.changes.length === 0;
    this.#after = page.next;
    if (isEnd) await this.#feed.wait(entity, this.#after, this.#left.signal);
  }

  async #toEvents(page: ChangePage, changes: readonly StoredChange[]): Promise<LiveChange[]> {
    if (changes.length === 0) return [];
    const rows = await this.#reader.read(page, changes);
    const deletions = changes.filter(isDeletion);
    const deleted =
      this.#reader.isSelective && deletions.length > 0
        ? await this.#reader.readDeleted(page, deletions)
        : undefined;
    return changes.flatMap(change => this.#toEvent(change, rows, deleted));
  }

  /** @param deleted keys of the deleted rows that met the condition, if there is one */
  #toEvent(change: StoredChange, rows: Rows, deleted?: ReadonlySet<string>): LiveChange[] {
    const node = (!isDeletion(change) && rows.get(change.key)) || null;
    const isMatch = isDeletion(change) ? (deleted?.has(change.key) ?? true) : node !== null;
    if (this.#reader.isSelective && !isMatch) return [];
    return [{ ...showChange(change, this.#engine.permitted(this.#request.principal)), node }];
  }

  async #checkCredential(): Promise<void> {
    const { principal, authenticate } = this.#request;
    try {
      const now = await authenticate();
      if (now.scopeKey !== principal.scopeKey) this.#fail(changedScopes());
    } catch (error) {
      if (error instanceof Fault && (error.status === 401 || error.status === 403)) this.#fail(error);
    }
  }

  #fail(error: unknown): void {
    if (this.#left.signal.aborted) return;
    this.#failure = error;
    this.#leave();
  }

  #throwOnce(): never {
    const failure = this.#failure;
    this.#failure = undefined;
    throw failure;
  }

  readonly #leave = (): void => {
    if (this.#left.signal.aborted) return;
    this.#left.abort();
    this.#ready = [];
    clearInterval(this.#guard);
    this.#feed.ending.removeEventListener('abort', this.#leave);
    this.#feed.unfollow(this.#request.entity);
    this.#closed();
  };
}

const isDeletion = ({ kind }: StoredChange): boolean => kind === 'delete';

const changedScopes = () =>
  new Fault('SCOPE_MISSING', 'The permissions of this credential have changed.', {
    hint: 'Subscribe again.',
  });
