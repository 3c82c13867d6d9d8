// The query engine: every read and write of every API goes through it.
//   prepare = check -> access -> plan;  run = one SQL statement -> JSON text

import type { Limits } from '../base/config/config.ts';
import type { Session, TransactionOptions } from '../base/database/database.ts';
import type { Principal } from '../base/principal.ts';
import type { Catalog, ColumnField, Entity } from '../catalog/catalog.ts';
import type { AggregateQuery } from './ask/aggregate-query.ts';
import type { UpsertTarget } from './ask/bulk-upsert.ts';
import type { ChangeRequest } from './ask/entity-change.ts';
import type { EntityQuery } from './ask/entity-query.ts';
import type { OutputFormat } from './ask/output-format.ts';
import type { PipelineQuery } from './ask/pipeline-query.ts';
import type { ReadAnswer, RowsAnswer } from './ask/read-answer.ts';
import type { AbsentRows, AbsentTarget } from './change/bulk/absent-rows.ts';
import type { BulkSession, BulkUpsert } from './change/bulk/bulk-upsert.ts';
import type { KeyFinder } from './change/bulk/key-finder.ts';
import type { ChangeOptions } from './change/change-options.ts';
import type { PreparedChange } from './change/prepare.ts';
import type { Cursors } from './cursor/cursor.ts';
import type { PermittedCatalog } from './permitted/permitted-catalog.ts';
import type { Cell } from './plan/cells.ts';
import type { PreparedRead } from './plan/prepared-read.ts';
import type { KeptStatistics } from './statistics/statistics.ts';

export type { AbsentRows, BulkSession, BulkUpsert, KeyFinder };

export type ReadQuery = EntityQuery | AggregateQuery | PipelineQuery;

export interface Engine {
  readonly catalog: Catalog;
  readonly limits: Limits;
  /** Encrypts cursors, including the other tokens that some APIs issue. */
  readonly cursors: Cursors;
  /** Table statistics for cost estimates. Empty until `keepStatistics` loads them. */
  readonly statistics: KeptStatistics;
  /** @returns what a principal may read and write, cached by scopes. Every API exposes exactly this. */
  permitted(principal: Principal): PermittedCatalog;
  /** @throws Fault: UNKNOWN_FIELD, INVALID_VALUE, INVALID_OPERATION, LIMIT_EXCEEDED (with `at`), SCOPE_MISSING */
  prepare(query: ReadQuery, principal: Principal, format: OutputFormat): PreparedRead;
  /** @param session session of a transaction to read in */
  run(read: PreparedRead, signal?: AbortSignal, session?: Session): Promise<ReadAnswer>;
  /** As `run`, for a list that is neither counted nor a connection: its rows apart, each as JSON text. */
  runRows(read: PreparedRead, signal?: AbortSignal, session?: Session): Promise<RowsAnswer<string>>;
  /** As `runRows`: each row as the values of its columns, those of to-one relations included. */
  runCells(read: PreparedRead, signal?: AbortSignal, session?: Session): Promise<RowsAnswer<Cell[]>>;
  /**
   * @throws Fault: as `prepare`; SCOPE_MISSING for what the principal may not write; for invalid values one Fault
   *   (INVALID_VALUE, UNKNOWN_FIELD) whose `details` list every `ChangeFault` that can be found without the database
   * @see completeFaults
   */
  prepareChange(request: ChangeRequest, principal: Principal, format: OutputFormat): PreparedChange;
  /** @returns the error that `prepareChange` threw, with a detail for each referenced record that does not exist */
  completeFaults(error: unknown, options?: ChangeOptions): Promise<unknown>;
  /**
   * Runs changes in order, all or none: in a new transaction, or in that of the session.
   * @returns one answer per change; `count` is the number of rows
   * @throws ChangeFailure, whose `cause` is a Fault: NOT_FOUND, CONFLICT, INVALID_VALUE, with ChangeFaults in `details`
   */
  change(changes: readonly PreparedChange[], options?: ChangeOptions): Promise<ReadAnswer[]>;
  /** Runs each change on its own: one that fails does not roll back the others. @returns one outcome per change */
  changeEach(
    changes: readonly PreparedChange[],
    options?: ChangeOptions,
  ): Promise<PromiseSettledResult<ReadAnswer>[]>;
  /**
   * @param fields names of the fields to write
   * @throws SCOPE_MISSING for a set, or the first of the fields, that the principal may not write
   */
  permitWrite(principal: Principal, entity: Entity, fields?: Iterable<string>): void;
  /** @param via what writes on behalf of the principal: `import` @returns the options of a transaction in which it writes */
  writtenBy(principal: Principal, via?: string): TransactionOptions;
  /**
   * Begins to write rows in bulk in a transaction that was opened with `writtenBy`, and waits for its turn: transactions
   * that write to one entity in bulk go one after the other.
   * @throws SCOPE_MISSING
   */
  openUpsert(target: UpsertTarget, principal: Principal, on: BulkSession): Promise<BulkUpsert>;
  /**
   * Finds records of an entity by one of its keys, in a transaction that writes in bulk.
   * @param fields the key, and the field whose values are returned
   * @throws SCOPE_MISSING for a set or a key that the principal may not read
   */
  keyFinder(
    entity: Entity,
    fields: { readonly key: ColumnField; readonly value: ColumnField },
    principal: Principal,
    on: BulkSession,
  ): KeyFinder;
  /**
   * Begins to collect the keys of a file, so that records without one can be changed or deleted in the same transaction.
   * @throws SCOPE_MISSING for a set or a field that the principal may not write, and for a condition on one that it may not read
   */
  openAbsent(target: AbsentTarget, principal: Principal, on: BulkSession): Promise<AbsentRows>;
}
