// One statement on one connection: sent, watched, and its errors put into the callers' terms.

import type { PoolClient } from 'pg';
import type { Parameter, QueryOptions, RawResult } from './database.ts';
import { isCanceled, isStale, toDatabaseFault } from './errors.ts';
import { type QueryDone, RawQuery } from './raw-query.ts';
import { type StatementCancel, StatementWatch, type Watched } from './statement-watch.ts';

/** Prepared statements of one connection. With more of them it is to be replaced, which forgets them all. */
const preparedMax = 500;

const nothing: RawResult = { rows: [], rowCount: 0 };

export interface Statement extends QueryOptions {
  readonly text: string;
  readonly values: readonly Parameter[];
  /** 0 for never. */
  readonly timeoutMs: number;
  /** Whether it waits for locks as long as it takes. */
  readonly patient?: boolean;
}

export class StatementRunner {
  readonly watch: StatementWatch<PoolClient>;
  private readonly prepared = new WeakMap<PoolClient, Set<string>>();
  /** How often statements were found stale: each time, all are prepared anew under other names. */
  private generation = 0;

  constructor(cancel: StatementCancel<PoolClient>) {
    this.watch = new StatementWatch(cancel);
  }

  /** Calls `done` once, when the connection is free for the next statement. */
  run(client: PoolClient, statement: Statement, done: QueryDone): void {
    const { name, signal } = statement;
    if (signal?.aborted) {
      done(abortError(signal), nothing, '');
      return;
    }
    const { generation } = this;
    const prepared = generation === 0 || name === undefined ? name : `${name}~${generation}`;
    if (prepared !== undefined) this.remember(client, prepared);
    const watched = this.watch.begin(client, statement);
    const ended: QueryDone = (error, result, tag) => {
      this.watch.end(watched);
      if (error && generation === this.generation && isStale(error)) this.generation++;
      if (watched.cancelling) void this.afterCancel(watched, done, { error, result, tag });
      else done(error && toDatabaseFault(error), result, tag);
    };
    client.query(new RawQuery(statement, prepared, ended));
  }

  /** Whether so many statements were prepared on a connection that it should be replaced by a new one. */
  isWorn(client: PoolClient): boolean {
    return (this.prepared.get(client)?.size ?? 0) > preparedMax;
  }

  stop(): void {
    this.watch.stop();
  }

  /** A cancellation that has not come to rest yet could hit the connection's next statement. */
  private async afterCancel(
    { signal, cancelling, reason }: Watched<PoolClient>,
    done: QueryDone,
    {
      error,
      result,
      tag,
    }: { readonly error: Error | undefined; readonly result: RawResult; readonly tag: string },
  ): Promise<void> {
    await cancelling;
    if (error && isCanceled(error) && reason) done(reason, result, tag);
    else if (error && isCanceled(error) && signal?.aborted) done(abortError(signal), result, tag);
    else done(error && toDatabaseFault(error), result, tag);
  }

  private remember(client: PoolClient, name: string): void {
    const names = this.prepared.get(client);
    if (names) names.add(name);
    else this.prepared.set(client, new Set([name]));
  }
}

function abortError(signal: AbortSignal): Error {
  const reason: unknown = signal.reason;
  return reason instanceof Error ? reason : new DOMException('The request was aborted', 'AbortError');
}
