// What counts as a whole or not at all.

import { setTimeout as sleep } from 'node:timers/promises';
import type { Database, Session, TransactionOptions } from '../../base/database/database.ts';
import { isTransient } from '../../query/change/run-all.ts';
import { takeTurn } from '../../query/change/sql/lock-order.ts';

export interface Work<T> {
  readonly result: T;
  /** Otherwise all of it is undone. */
  readonly keep: boolean;
}

const attemptsMax = 6;
const pauseMs = 50;

/** One transaction; a new one when it failed because others changed the same at the same time. */
export async function attempted<T extends { readonly fault?: Error }>(
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
  const undo = new Error('The changeset is undone');
  let undone: T | undefined;
  try {
    return await database.transaction(async session => {
      const { result, keep } = await work(session);
      if (keep) return result;
      undone = result;
      throw undo;
    }, options);
  } catch (error) {
    if (error !== undo) throw error;
    return undone as T;
  }
}

/** Within a transaction that goes on in any case. */
export async function inSavepoint<T>(session: Session, work: () => Promise<Work<T>>): Promise<T> {
  await session.query('SAVEPOINT item');
  try {
    const { result, keep } = await work();
    await session.query(keep ? 'RELEASE SAVEPOINT item' : undoText);
    return result;
  } catch (error) {
    await session.query(undoText);
    throw error;
  }
}

const undoText = 'ROLLBACK TO SAVEPOINT item; RELEASE SAVEPOINT item';
