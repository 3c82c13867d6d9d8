// The waist: every read and write of every door passes here.
//   prepare = check -> access -> plan;  run = one SQL statement -> JSON text

import type { Limits } from '../base/config/config.ts';
import type { Session } from '../base/database/database.ts';
import type { Principal } from '../base/principal.ts';
import type { Catalog } from '../catalog/catalog.ts';
import type { AggregateQuery } from './ask/aggregate-query.ts';
import type { ChangeRequest } from './ask/entity-change.ts';
import type { EntityQuery } from './ask/entity-query.ts';
import type { OutputFormat } from './ask/output-format.ts';
import type { PipelineQuery } from './ask/pipeline-query.ts';
import type { ReadAnswer } from './ask/read-answer.ts';
import type { ChangeOptions } from './change/change-options.ts';
import type { PreparedChange } from './change/prepare.ts';
import type { Cursors } from './cursor/cursor.ts';
import type { PermittedCatalog } from './permitted/permitted-catalog.ts';
import type { PreparedRead } from './plan/prepared-read.ts';
import type { KeptStatistics } from './statistics/statistics.ts';

export type ReadQuery = EntityQuery | AggregateQuery | PipelineQuery;

export interface Engine {
  readonly catalog: Catalog;
  readonly limits: Limits;
  /** What seals places in lists; for doors that give out places of other kinds. */
  readonly cursors: Cursors;
  /** What costs are estimated from. Nothing is known until `keepStatistics` reads it. */
  readonly statistics: KeptStatistics;
  /** @returns what a principal may read and write of the catalog: the one answer that every API shows, cached by scopes */
  permitted(principal: Principal): PermittedCatalog;
  /** @throws Fault: UNKNOWN_FIELD, INVALID_VALUE, INVALID_OPERATION, LIMIT_EXCEEDED (with `at`), SCOPE_MISSING */
  prepare(query: ReadQuery, principal: Principal, format: OutputFormat): PreparedRead;
  /** @param session of a transaction to read in */
  run(read: PreparedRead, signal?: AbortSignal, session?: Session): Promise<ReadAnswer>;
  /**
   * @throws Fault: as `prepare`; SCOPE_MISSING for what may not be written; for values one Fault (INVALID_VALUE,
   *   UNKNOWN_FIELD) whose `details` are the `ChangeFault`s, all that can be told without the database
   * @see completeFaults
   */
  prepareChange(request: ChangeRequest, principal: Principal, format: OutputFormat): PreparedChange;
  /** @returns what `prepareChange` threw, with the records that the change names and that are not there */
  completeFaults(error: unknown, options?: ChangeOptions): Promise<unknown>;
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
