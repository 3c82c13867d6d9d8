import pg from 'pg';
import { Fault, fault } from '../errors.ts';
import { changedSchemaFault } from './changed-schema.ts';

/** SQLSTATE classes and codes that say that the server, not the statement, is in the way. */
const unavailable = /^(08(?!P01)...|53...|57P0[1-5])$/;
const queryCanceled = '57014';

/** @returns the fault that a caller should see, or the error itself where the statement's maker must judge it */
export function toDatabaseFault(error: Error): Error {
  if (error instanceof Fault) return error;
  const code = error instanceof pg.DatabaseError ? error.code : undefined;
  if (code === queryCanceled) return timeout(error);
  if (isConnectionLoss(error)) {
    return fault('UNAVAILABLE', 'The database cannot be reached at present.', {
      hint: 'Try again in a few seconds.',
      headers: { 'retry-after': '5' },
      cause: error,
    });
  }
  return changedSchemaFault(error) ?? error;
}

export const timeout = (cause?: Error): Fault =>
  fault('TIMEOUT', 'The database took too long to answer.', {
    hint: 'Ask for less at once: a narrower condition, fewer rows, fewer nested lists.',
    cause,
  });

/** Whether a statement was ended by its timeout or by a cancellation. */
export const isCanceled = (error: Error): boolean =>
  error instanceof pg.DatabaseError && error.code === queryCanceled;

/**
 * Whether a prepared statement no longer fits its tables, because a migration ran since. It was not executed, and will be
 * prepared anew on another connection.
 */
export const isStale = (error: Error): boolean =>
  error instanceof pg.DatabaseError && error.code === '0A000' && error.routine === 'RevalidateCachedQuery';

/** Whether the connection, rather than the statement, failed: such a connection must not be used again. */
export function isConnectionLoss(error: Error): boolean {
  if (error instanceof pg.DatabaseError) return unavailable.test(error.code ?? '');
  if (error instanceof Fault) return false;
  return 'syscall' in error || /^(Connection terminated|Client (has|was)|timeout e)/.test(error.message);
}
