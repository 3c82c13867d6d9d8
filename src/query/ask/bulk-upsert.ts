// Rows that are written in bulk, batch after batch: what a caller of the engine gives, and what it gets.

import type { ChangeCounts, ChangeMode, ChangeRow } from './entity-change.ts';

/** What all batches have in common. */
export interface UpsertTarget {
  /** The model's name: `Product`. */
  readonly entity: string;
  /** Names of the fields that identify an existing row; none if rows can only be new. */
  readonly match: readonly string[];
  readonly mode: ChangeMode;
  /** Names of every field that a batch may set. */
  readonly fields: readonly string[];
}

/**
 * Values in PostgreSQL's text format, in the order of `fields`; a list as an array literal, bytes as `\x…`. Where a field
 * cannot be null, null stands for the value that the server generates, or for the column's default.
 */
export interface UpsertRows {
  readonly fields: readonly string[];
  readonly rows: readonly ChangeRow[];
}

export type RefusalCode =
  | 'REQUIRED'
  | 'NOT_UNIQUE'
  | 'ALREADY_EXISTS'
  | 'NO_SUCH_REFERENCE'
  | 'STILL_REFERENCED'
  | 'RULE_BROKEN'
  | 'TOO_LONG'
  | 'OUT_OF_RANGE'
  | 'REFUSED';

/** Rows of a batch that were not written, all for the same reason. */
export interface UpsertRefusal {
  /** Indexes into the rows of the batch. */
  readonly rows: readonly number[];
  readonly code: RefusalCode | 'NOT_FOUND';
  /** The fields at fault, as far as they are known and exposed. */
  readonly fields: readonly string[];
  readonly message: string;
}

export interface UpsertOutcome extends ChangeCounts {
  readonly refusals: readonly UpsertRefusal[];
}
