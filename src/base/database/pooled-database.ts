// The Database over a pool of `pg` connections: what both databases have in common.

import { AsyncLocalStorage } from 'node:async_hooks';
import pg, { type Pool, type PoolClient } from 'pg';
import { fault } from '../errors.ts';
import { currentLane } from '../lane.ts';
import { beginText } from './begin-text.ts';
import type {
  Database,
  Listen,
  Parameter,
  QueryOptions,
  RawResult,
  Session,
  TransactionOptions,
} from './database.ts';
import { isConnectionLoss, isStale, toConnectFault } from './errors.ts';
import type { ConnectionQueue } from './queue/connection-queue.ts';
import type { Lane } from './queue/queue-lane.ts';
import { type Statement, StatementRunner } from './statement-runner.ts';
import type { StatementCancel, Watched } from './statement-watch.ts';
import { type TransactionState, transactionSession } from './transaction-session.ts';

export interface PooledParts {
  readonly kind: Database['kind'];
  readonly pool: Pool;
  readonly cancel: StatementCancel<PoolClient>;
  /** After which `cancel.expired` is called; 0 for never. */
  readonly statementTimeoutMs: number;
  readonly queue: ConnectionQueue;
  /** @returns why a statement is better not sent at present */
  readonly refusalOf?: (text: string) => Error | undefined;
  readonly listen: Listen;
  /** Called when the pool has ended. */
  readonly closed?: () => Promise<void>;
}

/** When no new connection can be made, an existing one may be released meanwhile. */
const connectAttemptsMax = 80;
const connectPauseMs = 25;
/** A transaction whose statements no longer fit their tables is begun again, with new ones. */
const staleAttemptsMax = 3;

/** @param failure of the last statement; `broken` for a connection that must not be used again */
type Release = (failure?: Error | 'broken') => void;

export class PooledDatabase implements Database {
  readonly kind: Database['kind'];
  readonly pool: Pool;
  readonly listen: Listen;
  private readonly timeoutMs: number;
  private readonly runner: StatementRunner;
  private readonly queue: ConnectionQueue;
  private readonly refusalOf: PooledParts['refusalOf'];
  private readonly closed: (() => Promise<void>) | undefined;
  private readonly transactions = new AsyncLocalStorage<{ open: boolean }>();
  /** Connections that are lent out or waited for. */
  private lent = 0;
  private whenIdle: (() => void) | undefined;

  constructor(parts: PooledParts) {
    this.kind = parts.kind;
    this.pool = parts.pool;
    this.listen = parts.listen;
    this.timeoutMs = parts.statementTimeoutMs;
    this.closed = parts.closed;
    this.queue = parts.queue;
    this.refusalOf = parts.refusalOf;
    this.runner = new StatementRunner(parts.cancel);
    // A connection that breaks emits an error, on itself while it is lent out and else on the pool, besides failing its
    // query. The pool replaces it.
    this.pool.on('connect', client => client.on('error', () => {}));
    this.pool.on('error', () => {});
  }

  query(text: string, values: readonly Parameter[] = [], options?: QueryOptions): Promise<RawResult> {
    return this.send({ ...options, text, values, timeoutMs: this.timeoutMs }, currentLane());
  }

  private send(statement: Statement, lane: string | undefined): Promise<RawResult> {
    return new Promise((resolve, reject) => {
      const refusal = this.refusalOf?.(statement.text);
      if (refusal) return reject(refusal);
      this.checkout(lane, (failure, client, release) => {
        if (failure) return reject(failure);
        this.runner.run(client, statement, (error, result) => {
          release(error);
          if (!error) resolve(result);
          else if (isStale(error)) resolve(this.send(statement, lane));
          else reject(error);
        });
      });
    });
  }

  async transaction<T>(work: (session: Session) => Promise<T>, options: TransactionOptions = {}): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      const { statementTimeoutMs: timeoutMs = this.timeoutMs } = options;
      const state = { open: true, timeoutMs, patient: options.statementTimeoutMs === 0, stale: false };
      try {
        return await this.attempt(work, options, state);
      } catch (error) {
        if (!state.stale || attempt === staleAttemptsMax) throw error;
      }
    }
  }

  private async attempt<T>(
    work: (session: Session) => Promise<T>,
    options: TransactionOptions,
    state: TransactionState,
  ): Promise<T> {
    const { client, release } = await this.borrow(state.patient ? undefined : currentLane());
    try {
      await this.command(client, beginText(options));
      const result = await this.transactions.run(state, () =>
        work(transactionSession(client, state, { runner: this.runner, refusalOf: this.refusalOf })),
      );
      state.open = false;
      await this.commit(client);
      release();
      return result;
    } catch (error) {
      state.open = false;
      await this.rollback(client, release);
      throw error;
    }
  }

  async close(): Promise<void> {
    // The pool itself forgets those who wait for a connection when it ends.
    await new Promise<void>(resolve => {
      this.whenIdle = resolve;
      if (this.lent === 0) resolve();
    });
    await this.pool.end();
    this.runner.stop();
    this.queue.stop();
    await this.closed?.();
  }

  /** Cancels a running statement; its caller gets the reason as the error. */
  abort(running: Watched<PoolClient>, reason: Error): void {
    this.runner.watch.abort(running, reason);
  }

  private checkout(lane: string | undefined, done: CheckedOut): void {
    // With one connection the query would wait for the transaction, which waits for the query.
    if (this.transactions.getStore()?.open) {
      throw new Error("Inside a transaction, use the transaction's session");
    }
    if (this.whenIdle) throw fault('UNAVAILABLE', 'The database is being closed.');
    this.lent += 1;
    this.queue.enter(lane, (refusal, place) => {
      if (!refusal) return this.connect(place, done);
      this.takeBack();
      done(refusal, undefined as never, () => {});
    });
  }

  private connect(place: Lane, done: CheckedOut, attempt = 1): void {
    this.pool.connect((failure, client) => {
      if (client) {
        const since = performance.now();
        return done(undefined, client, error => {
          client.release(isBroken(error) || this.runner.isWorn(client));
          this.giveBack(place, performance.now() - since);
        });
      }
      const others = failure instanceof pg.DatabaseError && this.pool.totalCount > 0;
      if (others && attempt < connectAttemptsMax)
        return void setTimeout(() => this.connect(place, done, attempt + 1), connectPauseMs);
      this.giveBack(place, 0);
      done(toConnectFault(failure!), undefined as never, () => {});
    });
  }

  private giveBack(place: Lane, ms: number): void {
    this.queue.leave(place, ms);
    this.takeBack();
  }

  private takeBack(): void {
    this.lent -= 1;
    if (this.lent === 0) this.whenIdle?.();
  }

  private borrow(lane: string | undefined): Promise<{ client: PoolClient; release: Release }> {
    return new Promise((resolve, reject) => {
      this.checkout(lane, (failure, client, release) =>
        failure ? reject(failure) : resolve({ client, release }),
      );
    });
  }

  /** @returns the command tag */
  private command(client: PoolClient, text: string): Promise<string> {
    return new Promise((resolve, reject) => {
      const statement = { text, values: [], timeoutMs: 0, patient: true };
      this.runner.run(client, statement, (error, _, tag) => (error ? reject(error) : resolve(tag)));
    });
  }

  private async commit(client: PoolClient): Promise<void> {
    // PostgreSQL answers the COMMIT of a failed transaction with ROLLBACK and no error.
    if ((await this.command(client, 'commit')) !== 'COMMIT') {
      throw new Error('The transaction was rolled back: one of its statements failed, and that was ignored');
    }
  }

  private async rollback(client: PoolClient, release: Release): Promise<void> {
    await this.command(client, 'rollback').then(
      () => release(),
      () => release('broken'),
    );
  }
}

type CheckedOut = (failure: Error | undefined, client: PoolClient, release: Release) => void;

const isBroken = (failure: Error | 'broken' | undefined): boolean =>
  failure instanceof Error
    ? isConnectionLoss((failure.cause as Error | undefined) ?? failure)
    : failure === 'broken';
