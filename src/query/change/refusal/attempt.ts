// An error of the database, kept with the rows that it is about until the session is usable again and it can be explained.

import type { Session } from '../../../base/database/database.ts';
import type { Entity } from '../../../catalog/catalog.ts';
import type { EntityUpsert } from '../../ask/entity-change.ts';
import { describeRefusal, isRowRefusal, type Refusal } from './explain.ts';
import { type ChangeFault, changeFault, faultsMax } from './fault.ts';

/** Rows that one statement writes. */
export interface Attempt {
  readonly entity: Entity;
  readonly batch: EntityUpsert;
  readonly rows: readonly AttemptedRow[];
  readonly deletes?: boolean;
}

interface AttemptedRow {
  readonly path: string;
  /** The paths of values that the caller did not set by their field's name. */
  readonly places?: ReadonlyMap<string, string>;
}

/** Thrown instead of the database's error. The caller must roll back the transaction or savepoint. */
class Refused extends Error {
  override readonly cause: Error;
  readonly attempt: Attempt;

  constructor(cause: Error, attempt: Attempt) {
    super(cause.message);
    this.cause = cause;
    this.attempt = attempt;
  }
}

/** @throws Refused for errors of the database about the rows; other errors unchanged */
export async function attempting<T>(attempt: Attempt, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw isRowRefusal(error) && !('status' in error) ? new Refused(error, attempt) : error;
  }
}

/** @returns for a Refused, the fault that names rows and fields; other errors unchanged */
export async function explainRefused(session: Session, error: unknown): Promise<unknown> {
  if (!(error instanceof Refused)) return error;
  const { entity, batch } = error.attempt;
  return changeFault(toFaults(error.attempt, await describeRefusal(session, entity, batch, error.cause)));
}

function toFaults({ rows, deletes }: Attempt, refusal: Refusal): ChangeFault[] {
  const { code, fields } = refusal;
  const message =
    deletes && code === 'STILL_REFERENCED' ? 'Other records still refer to it.' : refusal.message;
  if (refusal.rows.length === 0) {
    const [first] = rows as [AttemptedRow];
    return [{ path: first.path.replace(/\[\d+\]$/, ''), code, message: named(message, fields) }];
  }
  return refusal.rows
    .slice(0, faultsMax)
    .map(index => ({ path: placeOf(rows[index]!, fields), code, message }));
}

const named = (message: string, fields: readonly string[]): string =>
  fields.length > 0 ? `${message} (${fields.join(', ')})` : message;

function placeOf({ path, places }: AttemptedRow, [field]: readonly string[]): string {
  if (field === undefined) return path;
  return places?.get(field) ?? (path ? `${path}.${field}` : field);
}
