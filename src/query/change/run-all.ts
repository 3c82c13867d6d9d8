// Prepared changes -> their answers: all in one transaction, or each in its own.

import { setTimeout as sleep } from 'node:timers/promises';
import type { Database } from '../../base/database/database.ts';
import { isStale } from '../../base/database/errors.ts';
import { Fault, fault } from '../../base/errors.ts';
import type { ReadAnswer } from '../ask/read-answer.ts';
import type { BoundChange } from '../bound/change.ts';
import { actorSetting } from './actor.ts';
import type { ChangeOptions } from './change-options.ts';
import type { PreparedChange } from './prepare.ts';
import { explainRefused } from './refusal/attempt.ts';
import { type ChangeFault, changeFault, RefusedChange } from './refusal/fault.ts';
import { isSingle, type RunParts, runChange } from './run.ts';
import { takeTurn } from './sql/lock-order.ts';
import { withMissing } from './write/missing.ts';
import type { RowsParts } from './write/row-state.ts';

export interface ChangesParts extends Omit<RunParts, 'session' | 'signal'> {
  readonly database: Database;
}

/** Says which of several changes failed, and `cause` why. All of them are rolled back. */
export class ChangeFailure extends Error {
  readonly index: number;

  constructor(index: number, cause: unknown) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
    this.index = index;
  }
}

/** @throws ChangeFailure; nothing is written then */
export async function runChanges(
  parts: ChangesParts,
  changes: readonly PreparedChange[],
  options: ChangeOptions,
): Promise<ReadAnswer[]> {
  const { session, signal } = options;
  if (session) return inSavepoint({ ...parts, session, signal }, changes);
  return again(async inTurn => {
    try {
      return await atOnce(parts, changes, { signal, inTurn });
    } catch (error) {
      if (!(error instanceof ChangeFailure)) throw error;
      throw new ChangeFailure(
        error.index,
        await explain({ ...parts, session: parts.database, signal }, changes, error),
      );
    }
  });
}

interface AtOnce {
  readonly signal: AbortSignal | undefined;
  /** Whether an earlier attempt ended in a deadlock: attempts then run one after the other. */
  readonly inTurn: boolean;
}

/** A single statement is a transaction by itself. */
function atOnce(
  parts: ChangesParts,
  changes: readonly PreparedChange[],
  { signal, inTurn }: AtOnce,
): Promise<ReadAnswer[]> {
  const { database } = parts;
  const [first] = changes;
  if (!first) return Promise.resolve([]);
  if (changes.length === 1 && isSingle(first) && !inTurn)
    return all({ ...parts, session: database, signal }, changes);
  const settings = { [actorSetting]: first.actor };
  return database.transaction(
    async session => {
      if (inTurn) await takeTurn(session);
      return all({ ...parts, session, signal }, changes);
    },
    { settings },
  );
}

async function all(parts: RunParts, changes: readonly PreparedChange[]): Promise<ReadAnswer[]> {
  const answers: ReadAnswer[] = [];
  for (const [index, change] of changes.entries()) {
    try {
      answers.push(await runChange(parts, change));
    } catch (error) {
      throw new ChangeFailure(index, error);
    }
  }
  return answers;
}

/** Rolls back to the savepoint on failure, so that the session can still be used, to explain the error too. */
async function inSavepoint(
  parts: RunParts,
  changes: readonly PreparedChange[],
  repeats = true,
): Promise<ReadAnswer[]> {
  const { session } = parts;
  await session.query('SAVEPOINT change');
  try {
    const result = await all(parts, changes);
    await session.query('RELEASE SAVEPOINT change');
    return result;
  } catch (error) {
    await session.query('ROLLBACK TO SAVEPOINT change; RELEASE SAVEPOINT change');
    if (!(error instanceof ChangeFailure)) throw error;
    if (repeats && isStale(error.cause)) return inSavepoint(parts, changes, false);
    const cause = isTransient(error.cause) ? busy(error.cause) : await explain(parts, changes, error);
    throw new ChangeFailure(error.index, cause);
  }
}

/** @returns why a change failed, including every record that it references and that does not exist */
async function explain(
  parts: RunParts,
  changes: readonly PreparedChange[],
  { index, cause }: ChangeFailure,
): Promise<unknown> {
  const error = await explainRefused(parts.session, cause);
  const run = changes.slice(0, index + 1).map(({ change }) => change);
  return isAboutRows(error) ? complete(parts, error, run) : error;
}

const isAboutRows = (error: unknown): error is Fault =>
  error instanceof Fault && faultsOf(error).some(({ code }) => code !== 'STALE' && code !== 'NOT_FOUND');

const faultsOf = ({ details = [] }: Fault) => details as readonly ChangeFault[];

/** @returns the error of `prepareChange`, with the records that the change references and that do not exist */
export async function completeFaults(parts: RowsParts, error: unknown): Promise<unknown> {
  if (!(error instanceof Fault) || !(error.cause instanceof RefusedChange)) return error;
  return complete(parts, error, [error.cause.change]);
}

async function complete(parts: RowsParts, error: Fault, changes: readonly BoundChange[]): Promise<Fault> {
  const faults = await withMissing(parts, changes, faultsOf(error));
  if (faults.length === faultsOf(error).length) return error;
  const [first, ...others] = faults as [ChangeFault];
  return changeFault([{ ...first, at: error.at }, ...others], error.cause);
}

/** @returns the outcome of each change */
export async function runIndependently(
  parts: ChangesParts,
  changes: readonly PreparedChange[],
  options: ChangeOptions,
): Promise<PromiseSettledResult<ReadAnswer>[]> {
  const outcomes: PromiseSettledResult<ReadAnswer>[] = [];
  for (const change of changes) {
    try {
      const [value] = (await runChanges(parts, [change], options)) as [ReadAnswer];
      outcomes.push({ status: 'fulfilled', value });
    } catch (error) {
      outcomes.push({ status: 'rejected', reason: error instanceof ChangeFailure ? error.cause : error });
    }
  }
  return outcomes;
}

const attemptsMax = 6;
const pauseMs = 50;
/** Deadlock and serialization failure. */
const transient: ReadonlySet<unknown> = new Set(['40P01', '40001']);

/** Nothing leaves the database before the commit, so a change can be retried. */
async function again<T>(work: (inTurn: boolean) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work(attempt > 1);
    } catch (error) {
      if (!(error instanceof ChangeFailure) || !isTransient(error.cause)) throw error;
      if (attempt === attemptsMax) throw new ChangeFailure(error.index, busy(error.cause));
      // At random, or the same changes deadlock again.
      await sleep(Math.random() * pauseMs * attempt);
    }
  }
}

/** Whether a retry may succeed: after a deadlock or a serialization failure. */
export const isTransient = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && transient.has(error.code);

const busy = (cause: unknown): Fault =>
  fault('CONFLICT', 'Other requests are changing the same records.', {
    hint: 'Send the request again.',
    headers: { 'retry-after': '1' },
    cause,
  });
