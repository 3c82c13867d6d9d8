// The session of one transaction on a lent connection.

import type { PoolClient } from 'pg';
import type { RawResult, Session } from './database.ts';
import { isStale } from './errors.ts';
import type { StatementRunner } from './statement-runner.ts';

export interface TransactionState {
  open: boolean;
  readonly timeoutMs: number;
  /** Whether it waits for locks as long as it takes. */
  readonly patient: boolean;
  /** Whether a statement of it no longer fitted its tables. */
  stale: boolean;
}

interface SessionDeps {
  readonly runner: StatementRunner;
  /** @returns why a statement is better not sent at present */
  readonly refusalOf?: (text: string) => Error | undefined;
}

/** Statements of one connection run one after the other, however they are issued. */
export function transactionSession(
  client: PoolClient,
  state: TransactionState,
  { runner, refusalOf }: SessionDeps,
): Session {
  let last: Promise<unknown> = Promise.resolve();
  return {
    query: (text, values = [], options) => {
      const { timeoutMs, patient } = state;
      const statement = { ...options, text, values, timeoutMs, patient };
      const result = last.then(() => {
        if (!state.open) throw new Error('The transaction is over');
        const refusal = patient ? undefined : refusalOf?.(text);
        if (refusal) throw refusal;
        return new Promise<RawResult>((resolve, reject) => {
          runner.run(client, statement, (error, rows) => {
            if (!error) return resolve(rows);
            state.stale ||= isStale(error);
            reject(error);
          });
        });
      });
      last = result.catch(() => {});
      return result;
    },
  };
}
