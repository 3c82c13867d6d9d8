import pg from 'pg';
import { Fault, fault } from '../errors.ts';
import { changedSchemaFault } from './changed-schema.ts';

/** SQLSTATE classes and codes that say that the server, not the statement, is in the way. */
const unavailable = /^(08(?!P01)...|53...|57P0[1-5])$/;
const queryCanceled = '57014';

/**
 * What stands in the way of a statement, by SQLSTATE or its class, in words for any caller.
 * https://www.postgresql.org/docs/current/errcodes-appendix.html
 */
const reasons: Readonly<Record<string, string>> = {
  '25006': 'The database is read-only at present: it can be read, and not written.',
  '53': 'The database is short of memory, disk space or connections at present.',
  '53300': 'The database takes no more connections at present.',
  '55000': 'The database does not accept this at present.',
  '55P03': 'Another transaction has locked what this request needs.',
  '57P01': 'The database is shutting down.',
  '57P02': 'The database is starting again after a crash.',
  '57P03': 'The database is starting or stopping.',
  '57P04': 'The database was removed.',
  '57P05': 'The database closed its connection.',
};

/** @returns the fault that a caller should see, or the error itself where the statement's maker must judge it */
export function toDatabaseFault(error: Error): Error {
  if (error instanceof Fault) return error;
  const code = error instanceof pg.DatabaseError ? (error.code ?? '') : '';
  if (code === queryCanceled) return timeout(error);
  const reason = reasons[code] ?? reasons[code.slice(0, 2)];
  if (reason !== undefined) return unreachable(reason, error);
  if (isConnectionLoss(error)) return unreachable('The database cannot be reached at present.', error);
  return changedSchemaFault(error) ?? error;
}

/** @param error of a connection that could not be made @returns the fault that a caller should see */
export function toConnectFault(error: Error): Error {
  const known = toDatabaseFault(error);
  if (known instanceof Fault && !isState(error, '55000')) return known;
  return unreachable('The database accepts no new connections at present.', error);
}

export const unreachable = (message: string, cause?: Error): Fault =>
  fault('UNAVAILABLE', message, {
    hint: 'Try again in a few seconds.',
    headers: { 'retry-after': '5' },
    cause,
  });

export const timeout = (cause?: Error): Fault =>
  fault('TIMEOUT', 'The database took too long to answer.', {
    hint: 'Request less data at once: a narrower condition, fewer rows, fewer nested lists.',
    cause,
  });

/** @returns the database's own code of an error, also where it became a fault */
export function sqlStateOf(error: unknown): string | undefined {
  const own = error instanceof Fault ? error.cause : error;
  return own instanceof pg.DatabaseError ? own.code : undefined;
}

const isState = (error: unknown, code: string): boolean => sqlStateOf(error) === code;

/** Whether a statement was ended by its timeout or by a cancellation. */
export const isCanceled = (error: Error): boolean =>
  error instanceof pg.DatabaseError && error.code === queryCanceled;

/**
 * Whether a prepared statement no longer fits its tables, because a migration ran since. It was not executed, and is
 * prepared anew when it is tried again.
 */
export const isStale = (error: unknown): boolean =>
  error instanceof pg.DatabaseError && error.code === '0A000' && error.routine === 'RevalidateCachedQuery';

/** Whether the connection, rather than the statement, failed: such a connection must not be used again. */
export function isConnectionLoss(error: Error): boolean {
  if (error instanceof pg.DatabaseError) return unavailable.test(error.code ?? '');
  if (error instanceof Fault) return false;
  return 'syscall' in error || /^(Connection terminated|Client (has|was)|timeout e)/.test(error.message);
}
