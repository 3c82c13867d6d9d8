// The waist: every read and write of every door passes here.
//   prepare = check -> access -> plan;  run = one SQL statement -> JSON text

import type { Limits } from '../base/config/config.ts';
import type { Session } from '../base/database/database.ts';
import type { Principal } from '../base/principal.ts';
import type { Catalog } from '../catalog/catalog.ts';
import type { AggregateQuery } from './ask/aggregate-query.ts';
import type { ChangeRequest } from './ask/entity-change.ts';
import type { EntityQuery } from './ask/entity-query.ts';
import type { PipelineQuery } from './ask/pipeline-query.ts';
import type { PreparedChange } from './change/prepare.ts';
import type { Cursors } from './cursor/cursor.ts';
import type { Plan } from './plan/plan.ts';

/** How Decimal and BigInt are written: as JSON numbers with every digit, or as strings. */
export type NumberFormat = 'numbers' | 'strings';
/** With `odata-`, bytes and the numbers that JSON has no form for are written as OData wants them. */
export type OutputFormat = NumberFormat | `odata-${NumberFormat}`;

export interface ReadAnswer {
  /** JSON: an array for cardinality `many`, an object or `null` for `one`. */
  readonly text: string;
  /** All rows that meet the condition, when the query asks to count. */
  readonly count?: number;
  /** Where the next page begins, as a cursor for `after`, when the query asks for it and there is one. */
  readonly next?: string;
  /** Rows in the list. */
  readonly rows: number;
  /** Output paths (`products`, `orders.items`) of the lists that the default `take` cut, relative to the query; '' is its own. */
  readonly truncated: readonly string[];
}

/** A read that is checked, permitted and planned. It may be kept and run again for principals with the same `scopeKey`. */
export interface PreparedRead {
  readonly plan: Plan;
  /** What it is reckoned to cost: rows x width. */
  readonly cost: number;
}

export interface ChangeOptions {
  readonly signal?: AbortSignal;
  /** Of a transaction that is open, and opened with `writtenBy`. What fails is undone to where the changes began. */
  readonly session?: Session;
}

export type ReadQuery = EntityQuery | AggregateQuery | PipelineQuery;

export interface Engine {
  readonly catalog: Catalog;
  readonly limits: Limits;
  /** What seals places in lists; for doors that give out places of other kinds. */
  readonly cursors: Cursors;
  /** @throws Fault: UNKNOWN_FIELD, INVALID_VALUE, INVALID_OPERATION, LIMIT_EXCEEDED (with `at`), SCOPE_MISSING */
  prepare(query: ReadQuery, principal: Principal, format: OutputFormat): PreparedRead;
  /** @param session of a transaction to read in */
  run(read: PreparedRead, signal?: AbortSignal, session?: Session): Promise<ReadAnswer>;
  /**
   * @throws Fault: as `prepare`; SCOPE_MISSING for what may not be written; for values one Fault (INVALID_VALUE,
   *   UNKNOWN_FIELD) whose `details` are the `ChangeFault`s, all that can be told without the database
   */
  prepareChange(request: ChangeRequest, principal: Principal, format: OutputFormat): PreparedChange;
  /**
   * Runs changes one after the other, all of them or none, in one transaction or in the one of a session.
   * @returns one answer each; `count` is the number of rows
   * @throws ChangeFailure, whose `cause` is a Fault: NOT_FOUND, CONFLICT, INVALID_VALUE, with ChangeFaults in `details`
   */
  change(changes: readonly PreparedChange[], options?: ChangeOptions): Promise<ReadAnswer[]>;
  /** Runs each change for itself: what one of them can't do does not undo the others. @returns one outcome each */
  changeEach(
    changes: readonly PreparedChange[],
    options?: ChangeOptions,
  ): Promise<PromiseSettledResult<ReadAnswer>[]>;
}
