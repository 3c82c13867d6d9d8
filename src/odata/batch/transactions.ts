// Work that is applied as a whole or not at all.

import { setTimeout as sleep } from 'node:timers/promises';
import type { Database, Session, TransactionOptions } from '../../base/database/database.ts';
import { isTransient } from '../../query/change/run-all.ts';
import { takeTurn } from '../../query/change/sql/lock-order.ts';

export interface Work<T> {
  readonly result: T;
  /** Otherwise everything is rolled back. */
  readonly keep: boolean;
}

const attemptsMax = 6;
const pauseMs = 50;

/** Runs work in a transaction, and retries in a new one after a conflict with a concurrent transaction. */
export async function withRetries<T extends { readonly fault?: Error }>(
  database: Database,
  options: TransactionOptions,
  work: (session: Session) => Promise<Work<T>>,
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    const result = await inTransaction(database, options, async session => {
      if (attempt > 1) await takeTurn(session);
      return work(session);
    });
    if (attempt === attemptsMax || !isTransient(result.fault?.cause)) return result;
    await sleep(Math.random() * pauseMs * attempt);
  }
}

async function inTransaction<T>(
  database: Database,
  options: TransactionOptions,
  work: (session: Session) => Promise<Work<T>>,
): Promise<T> {
  const rollback = new Error('The changeset is rolled back');
  let rolledBack: T | undefined;
  try {
    return await database.transaction(async session => {
      const { result, keep } = await work(session);
      if (keep) return result;
      rolledBack = result;
      throw rollback;
    }, options);
  } catch (error) {
    if (error !== rollback) throw error;
    return rolledBack as T;
  }
}

/** Runs work inside a transaction that continues even when the work fails. */
export async function inSavepoint<T>(session: Session, work: () => Promise<Work<T>>): Promise<T> {
  await session.query('SAVEPOINT item');
  try {
    const { result, keep } = await work();
    await session.query(keep ? 'RELEASE SAVEPOINT item' : rollbackText);
    return result;
  } catch (error) {
    await session.query(rollbackText);
    throw error;
  }
}

const rollbackText = 'ROLLBACK TO SAVEPOINT item; RELEASE SAVEPOINT item';
