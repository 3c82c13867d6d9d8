// The Database over a pool of `pg` connections: what PostgreSQL and the embedded database have in common.

import { AsyncLocalStorage } from 'node:async_hooks';
import { escapeLiteral, type Pool, type PoolClient } from 'pg';
import { fault } from '../errors.ts';
import type {
  Database,
  Listen,
  Parameter,
  QueryOptions,
  RawResult,
  Session,
  TransactionOptions,
} from './database.ts';
import { isConnectionLoss, isStale, toDatabaseFault } from './errors.ts';
import { StatementRunner } from './statement-runner.ts';
import type { StatementCancel } from './statement-watch.ts';

export interface PooledParts {
  readonly kind: Database['kind'];
  readonly pool: Pool;
  readonly cancel: StatementCancel<PoolClient>;
  /** After which `cancel.expired` is called; 0 for never. */
  readonly statementTimeoutMs: number;
  readonly listen: Listen;
  /** Called when the pool has ended. */
  readonly closed?: () => Promise<void>;
}

/** @param failure of the last statement; `broken` for a connection that must not be used again */
type Release = (failure?: Error | 'broken') => void;

export class PooledDatabase implements Database {
  readonly kind: Database['kind'];
  readonly pool: Pool;
  readonly listen: Listen;
  private readonly timeoutMs: number;
  private readonly runner: StatementRunner;
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
    this.runner = new StatementRunner(parts.cancel);
    // A connection that breaks emits an error, on itself while it is lent out and else on the pool, besides failing its
    // query. The pool replaces it.
    this.pool.on('connect', client => client.on('error', () => {}));
    this.pool.on('error', () => {});
  }

  query(text: string, values: readonly Parameter[] = [], options?: QueryOptions): Promise<RawResult> {
    return new Promise((resolve, reject) => {
      this.checkout((failure, client, release) => {
        if (failure) return reject(failure);
        const statement = { ...options, text, values, timeoutMs: this.timeoutMs };
        this.runner.run(client, statement, (error, result) => {
          release(error);
          if (!error) resolve(result);
          else if (isStale(error)) resolve(this.query(text, values, options));
          else reject(error);
        });
      });
    });
  }

  async transaction<T>(work: (session: Session) => Promise<T>, options: TransactionOptions = {}): Promise<T> {
    const { client, release } = await this.borrow();
    const state = { open: true, timeoutMs: options.statementTimeoutMs ?? this.timeoutMs };
    try {
      await this.command(client, beginText(options));
      const result = await this.transactions.run(state, () => work(this.session(client, state)));
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
    await this.closed?.();
  }

  private checkout(done: (failure: Error | undefined, client: PoolClient, release: Release) => void): void {
    // With one connection the query would wait for the transaction, which waits for the query.
    if (this.transactions.getStore()?.open) {
      throw new Error("Inside a transaction, use the transaction's session");
    }
    if (this.whenIdle) throw fault('UNAVAILABLE', 'The database is being closed.');
    this.lent += 1;
    this.pool.connect((failure, client) => {
      if (failure) {
        this.takeBack();
        return done(toDatabaseFault(failure), client!, () => {});
      }
      done(undefined, client!, error => {
        client!.release(isBroken(error) || this.runner.isWorn(client!));
        this.takeBack();
      });
    });
  }

  private takeBack(): void {
    this.lent -= 1;
    if (this.lent === 0) this.whenIdle?.();
  }

  private borrow(): Promise<{ client: PoolClient; release: Release }> {
    return new Promise((resolve, reject) => {
      this.checkout((failure, client, release) => (failure ? reject(failure) : resolve({ client, release })));
    });
  }

  private session(
    client: PoolClient,
    state: { readonly open: boolean; readonly timeoutMs: number },
  ): Session {
    // Statements of one connection run one after the other, however they are issued.
    let last: Promise<unknown> = Promise.resolve();
    return {
      query: (text, values = [], options) => {
        const statement = { ...options, text, values, timeoutMs: state.timeoutMs };
        const result = last.then(() => {
          if (!state.open) throw new Error('The transaction is over');
          return new Promise<RawResult>((resolve, reject) => {
            this.runner.run(client, statement, (error, rows) => (error ? reject(error) : resolve(rows)));
          });
        });
        last = result.catch(() => {});
        return result;
      },
    };
  }

  /** @returns the command tag */
  private command(client: PoolClient, text: string): Promise<string> {
    return new Promise((resolve, reject) => {
      const statement = { text, values: [], timeoutMs: 0 };
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

const isBroken = (failure: Error | 'broken' | undefined): boolean =>
  failure instanceof Error
    ? isStale(failure) || isConnectionLoss((failure.cause as Error | undefined) ?? failure)
    : failure === 'broken';

function beginText({ statementTimeoutMs, settings = {} }: TransactionOptions): string {
  let text = 'begin';
  if (statementTimeoutMs !== undefined)
    text += `; set local statement_timeout = ${Math.trunc(statementTimeoutMs)}`;
  for (const [name, value] of Object.entries(settings))
    text += `; set local ${name} = ${escapeLiteral(value)}`;
  return text;
}
