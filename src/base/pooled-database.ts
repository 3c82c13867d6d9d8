// The Database over a pool of `pg` connections: what PostgreSQL and the embedded database have in common.

import { AsyncLocalStorage } from 'node:async_hooks';
import type { Pool, PoolClient } from 'pg';
import type { Database, Parameter, QueryOptions, RawResult, Session } from './database.ts';
import { isCanceled, isConnectionLoss, toDatabaseFault } from './database-errors.ts';
import { type QueryDone, RawQuery } from './raw-query.ts';
import { StatementWatch, type Watched } from './statement-watch.ts';

/** Prepared statements of one connection. Beyond it the connection is replaced, which forgets them all. */
const preparedMax = 500;

export interface PooledParts {
  readonly kind: Database['kind'];
  readonly pool: Pool;
  /** Ends the statement that this client runs, if it still runs; settles when no later statement can be hit any more. */
  readonly cancel: (client: PoolClient) => Promise<void>;
  /** Called when the pool has ended. */
  readonly closed?: () => Promise<void>;
}

export class PooledDatabase implements Database {
  readonly kind: Database['kind'];
  readonly pool: Pool;
  private readonly watch: StatementWatch<PoolClient>;
  private readonly closed: (() => Promise<void>) | undefined;
  private readonly prepared = new WeakMap<PoolClient, Set<string>>();
  private readonly transactions = new AsyncLocalStorage<{ open: boolean }>();

  constructor(parts: PooledParts) {
    this.kind = parts.kind;
    this.pool = parts.pool;
    this.closed = parts.closed;
    this.watch = new StatementWatch(parts.cancel);
    // A connection that breaks while it is lent out emits an error of its own besides failing its query.
    this.pool.on('connect', client => client.on('error', () => {}));
  }

  query(text: string, values: readonly Parameter[] = [], options: QueryOptions = {}): Promise<RawResult> {
    return new Promise((resolve, reject) => {
      this.checkout((error, client, release) => {
        if (error) return reject(error);
        this.run(client, text, values, options, (error, result) => {
          release(error);
          if (error) reject(error);
          else resolve(result);
        });
      });
    });
  }

  async transaction<T>(work: (session: Session) => Promise<T>): Promise<T> {
    const { client, release } = await this.borrow();
    const state = { open: true };
    try {
      await this.command(client, 'begin');
      const result = await this.transactions.run(state, () => work(this.session(client, state)));
      state.open = false;
      await this.commit(client);
      release(undefined);
      return result;
    } catch (error) {
      state.open = false;
      await this.rollback(client, release);
      throw error;
    }
  }

  async close(): Promise<void> {
    await this.pool.end();
    this.watch.stop();
    await this.closed?.();
  }

  private checkout(done: (error: Error | undefined, client: PoolClient, release: Release) => void): void {
    // With one connection the query would wait for the transaction, which waits for the query.
    if (this.transactions.getStore()?.open) {
      throw new Error("Inside a transaction, use the transaction's session");
    }
    this.pool.connect((error, client) => {
      if (error) return done(toDatabaseFault(error), client!, () => {});
      done(undefined, client!, failure => this.release(client!, failure));
    });
  }

  private borrow(): Promise<{ client: PoolClient; release: Release }> {
    return new Promise((resolve, reject) => {
      this.checkout((error, client, release) => (error ? reject(error) : resolve({ client, release })));
    });
  }

  private release(client: PoolClient, failure: Error | undefined): void {
    const broken = failure !== undefined && isConnectionLoss((failure.cause as Error | undefined) ?? failure);
    client.release(broken || (this.prepared.get(client)?.size ?? 0) > preparedMax);
  }

  private run(
    client: PoolClient,
    text: string,
    values: readonly Parameter[],
    { name, signal }: QueryOptions,
    done: QueryDone,
  ): void {
    if (signal?.aborted) {
      done(abortError(signal), { rows: [], rowCount: 0 }, '');
      return;
    }
    if (name !== undefined) this.remember(client, name);
    const watched = signal && this.watch.begin(client, signal);
    client.query(
      new RawQuery(text, values, name, (error, result, tag) => {
        if (watched) this.watch.end(watched);
        if (watched?.cancelling) void this.afterCancel(watched, error, result, tag, done);
        else done(error && toDatabaseFault(error), result, tag);
      }),
    );
  }

  /** The connection is not given back before the cancellation has come to rest: it could hit the next statement. */
  private async afterCancel(
    { signal, cancelling }: Watched<PoolClient>,
    error: Error | undefined,
    result: RawResult,
    tag: string,
    done: QueryDone,
  ): Promise<void> {
    await cancelling;
    if (error && isCanceled(error)) done(abortError(signal), result, tag);
    else done(error && toDatabaseFault(error), result, tag);
  }

  private remember(client: PoolClient, name: string): void {
    const names = this.prepared.get(client);
    if (names) names.add(name);
    else this.prepared.set(client, new Set([name]));
  }

  private session(client: PoolClient, state: { open: boolean }): Session {
    // Statements of one connection run one after the other, however they are issued.
    let last: Promise<unknown> = Promise.resolve();
    return {
      query: (text, values = [], options = {}) => {
        const result = last.then(() => {
          if (!state.open) throw new Error('The transaction is over');
          return new Promise<RawResult>((resolve, reject) => {
            this.run(client, text, values, options, (error, rows) => (error ? reject(error) : resolve(rows)));
          });
        });
        last = result.catch(() => {});
        return result;
      },
    };
  }

  private command(client: PoolClient, text: string): Promise<string> {
    return new Promise((resolve, reject) => {
      this.run(client, text, [], {}, (error, _, tag) => (error ? reject(error) : resolve(tag)));
    });
  }

  private async commit(client: PoolClient): Promise<void> {
    // PostgreSQL answers the COMMIT of a failed transaction with ROLLBACK and no error.
    if ((await this.command(client, 'commit')) !== 'COMMIT') {
      throw new Error(
        'The transaction was rolled back: one of its statements failed and the failure was ignored',
      );
    }
  }

  private async rollback(client: PoolClient, release: Release): Promise<void> {
    try {
      await this.command(client, 'rollback');
      release(undefined);
    } catch {
      client.release(true);
    }
  }
}

type Release = (failure: Error | undefined) => void;

function abortError(signal: AbortSignal): Error {
  const reason: unknown = signal.reason;
  return reason instanceof Error ? reason : new DOMException('The request was aborted', 'AbortError');
}
