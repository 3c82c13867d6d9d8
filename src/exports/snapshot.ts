// Reads everything as it is at one moment: in one transaction, which holds a connection as long as the client reads. So there
// are few of them at a time, and none lasts long.

import type { Database, Session } from '../base/database/database.ts';
import { type Fault, fault } from '../base/errors.ts';

export interface Snapshots {
  /**
   * @param read reads in the transaction
   * @throws INVALID_OPERATION on the embedded database; UNAVAILABLE when there are too many; TIMEOUT when it takes too long
   */
  read<T>(read: (session: Session) => AsyncGenerator<T>): AsyncGenerator<T>;
}

interface SnapshotLimits {
  /** How many there are at a time. */
  readonly countMax: number;
  readonly durationMaxMs: number;
}

const snapshotLimits: SnapshotLimits = { countMax: 2, durationMaxMs: 600_000 };

export function createSnapshots(database: Database, limits = snapshotLimits): Snapshots {
  let count = 0;
  return {
    async *read(read) {
      if (database.kind === 'embedded') throw needsPostgresql();
      if (count >= limits.countMax) throw tooMany(limits.countMax);
      count++;
      try {
        yield* readInTransaction(database, limits.durationMaxMs, read);
      } finally {
        count--;
      }
    },
  };
}

async function* readInTransaction<T>(
  database: Database,
  durationMaxMs: number,
  read: (session: Session) => AsyncGenerator<T>,
): AsyncGenerator<T> {
  const opened = Promise.withResolvers<Session>();
  const finished = Promise.withResolvers<void>();
  const transaction = database.transaction(
    session => {
      opened.resolve(session);
      return finished.promise;
    },
    { snapshot: true },
  );
  transaction.catch(opened.reject);
  let expiry: Fault | undefined;
  // It ends even if the client does not read, and nothing is waited for.
  const timer = setTimeout(() => {
    expiry = tookTooLong(durationMaxMs);
    finished.reject(expiry);
  }, durationMaxMs).unref();
  try {
    yield* read(await opened.promise);
  } catch (error) {
    throw expiry ?? error;
  } finally {
    clearTimeout(timer);
    finished.resolve();
    await transaction.catch(() => {});
  }
}

const needsPostgresql = (): Fault =>
  fault('INVALID_OPERATION', 'A consistent export needs PostgreSQL.', {
    hint: 'The embedded database has one connection, which such an export would keep from everyone else. Leave "consistent" out.',
    target: 'consistent',
  });

const tooMany = (countMax: number): Fault =>
  fault('UNAVAILABLE', `${countMax} consistent exports are running, the maximum.`, {
    hint: 'Try again when one of them has ended, or leave "consistent" out.',
    headers: { 'retry-after': '60' },
    target: 'consistent',
  });

const tookTooLong = (durationMaxMs: number): Fault =>
  fault('TIMEOUT', `A consistent export may take at most ${durationMaxMs / 1_000} seconds.`, {
    hint: 'Read faster, export fewer rows, or leave "consistent" out.',
    target: 'consistent',
  });
