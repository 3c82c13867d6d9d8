// Explains why the database rejected a batch: which rows and which fields. Messages name no constraint.

import type { Session } from '../../../base/database/database.ts';
import { Fault } from '../../../base/errors.ts';
import type { Entity } from '../../../catalog/catalog.ts';
import type { RefusalCode } from '../../ask/bulk-upsert.ts';
import type { EntityUpsert } from '../../ask/entity-change.ts';
import { rowsWithoutReference, rowsWithTakenValues } from './conflicting-rows.ts';
import { type Constraint, readConstraint } from './constraint.ts';

export interface Refusal {
  /** Indexes into the change's rows. */
  readonly rows: readonly number[];
  readonly code: RefusalCode;
  /** The fields at fault, as far as they are known and exposed. */
  readonly fields: readonly string[];
  readonly message: string;
}

/** The fields of an error from `pg`. https://www.postgresql.org/docs/current/protocol-error-fields.html */
interface DatabaseRefusal extends Error {
  readonly code: string;
  readonly table?: string;
  readonly column?: string;
  readonly constraint?: string;
}

/** Data, integrity, program limits (a value too long for an index), a repeated key, a computed column, what triggers raise. */
const rowStates = /^(21000|22...|23...|428C9|44000|54...|P0001)$/;

/** Whether an error of `runUpsert` is about its rows, rather than about the server or the statement. */
export const isRowRefusal = (error: unknown): error is Error =>
  error instanceof Fault
    ? error.code === 'CONFLICT'
    : error instanceof Error &&
      'code' in error &&
      typeof error.code === 'string' &&
      rowStates.test(error.code);

/**
 * Call it after a rollback to where the change began.
 * @param error one of which `isRowRefusal` is true
 * @returns the rows at fault; undefined when they cannot be identified: the change must be split. A single row is always identified
 */
export async function explainRefusal(
  session: Session,
  entity: Entity,
  change: EntityUpsert,
  error: Error,
): Promise<Refusal | undefined> {
  const known = await describeRefusal(session, entity, change, error);
  return known.rows.length > 0 ? known : undefined;
}

/** Like `explainRefusal`; `rows` is empty when the rows at fault cannot be identified. */
export async function describeRefusal(
  session: Session,
  entity: Entity,
  change: EntityUpsert,
  error: Error,
): Promise<Refusal> {
  const refusal = error as DatabaseRefusal;
  const constraint = await constraintOf(session, entity, refusal);
  const fields = fieldsOf(entity, constraint?.columns ?? (refusal.column ? [refusal.column] : []));
  const search = () =>
    constraint ? searchRows(session, entity, change, { refusal, constraint, fields }) : [];
  const rows = change.rows.length === 1 ? [0] : await search();
  return { rows, fields, ...describe(entity, change, { refusal, constraint, fields }) };
}

async function constraintOf(
  session: Session,
  entity: Entity,
  { code, table, constraint }: DatabaseRefusal,
): Promise<Constraint | undefined> {
  if (!constraint || table !== entity.table) return undefined;
  return readConstraint(session, entity, constraint, code === '23505' ? 'index' : 'constraint');
}

/** Columns -> the fields that expose them. */
function fieldsOf(entity: Entity, columns: readonly string[]): string[] {
  const fields = [...entity.fields.values()].filter(field => field.kind === 'column');
  return columns.flatMap(column => fields.find(field => field.column === column)?.name ?? []);
}

interface Broken {
  readonly refusal: DatabaseRefusal;
  readonly constraint: Constraint;
  readonly fields: readonly string[];
}

/** The rows can be found by a query only if the change sets every column that the constraint covers. */
async function searchRows(
  session: Session,
  entity: Entity,
  change: EntityUpsert,
  { refusal, constraint, fields }: Broken,
): Promise<number[]> {
  const isComplete =
    fields.length === constraint.columns.length && fields.every(name => change.fields.includes(name));
  if (!isComplete || !constraint.plain) return [];
  if (refusal.code === '23503') return rowsWithoutReference(session, entity, change, { constraint, fields });
  if (refusal.code === '23505') return rowsWithTakenValues(session, entity, change, fields);
  return [];
}

function describe(
  entity: Entity,
  change: EntityUpsert,
  {
    refusal,
    constraint,
    fields,
  }: {
    readonly refusal: DatabaseRefusal;
    readonly constraint: Constraint | undefined;
    readonly fields: readonly string[];
  },
): { code: RefusalCode; message: string } {
  const named = fields.join(', ');
  switch (refusal.code) {
    case '23502':
      return {
        code: 'REQUIRED',
        message: named ? 'A value is required.' : 'A value that is not exposed is required.',
      };
    // The embedded PostgreSQL 18 has a code of its own where the foreign key says RESTRICT.
    case '23001':
    case '23503':
      return constraint
        ? {
            code: 'NO_SUCH_REFERENCE',
            message: `There is no ${targetOf(entity, constraint)} with this ${named}.`,
          }
        : { code: 'STILL_REFERENCED', message: 'Other rows still reference the current value.' };
    case '23505':
      return change.mode === 'insert' && fields.join() === change.match.join()
        ? { code: 'ALREADY_EXISTS', message: `A row of ${entity.set} with this ${named} exists already.` }
        : {
            code: 'NOT_UNIQUE',
            message: `Another row of ${entity.set} has this ${named || 'value'} already.`,
          };
    case '23514':
      return {
        code: 'RULE_BROKEN',
        message: `A database constraint on ${named || 'this row'} is violated.`,
      };
    case '22001':
      return { code: 'TOO_LONG', message: 'A value is too long for its column.' };
    case '22003':
      return { code: 'OUT_OF_RANGE', message: 'A number is out of range.' };
    case '54000':
      return { code: 'TOO_LONG', message: 'A value is too long to be indexed.' };
    default:
      return { code: 'REFUSED', message: refusalText(refusal) };
  }
}

/** Messages of class 22 are about values; those of a CONFLICT and of triggers (P0001) are written for users. */
const refusalText = (refusal: DatabaseRefusal): string =>
  /^(22|428C9|P0001|CONFLICT)/.test(refusal.code) ? refusal.message : 'The database rejected this row.';

function targetOf(entity: Entity, { columns }: Constraint): string {
  for (const field of entity.fields.values()) {
    if (field.kind !== 'relation' || field.link.kind !== 'columns') continue;
    if (field.link.local.join() === columns.join()) return field.target;
  }
  return 'row';
}
