// Rows of a file -> rows of the database, a batch at a time, in one transaction: all of them count or none.

import type { Principal } from '../base/principal.ts';
import type { Entity } from '../catalog/catalog.ts';
import type { ChangeMode } from '../query/ask/entity-change.ts';
import type { BulkSession, Engine } from '../query/engine.ts';
import type { ImportPlan } from './columns/match-columns.ts';
import type { Cell, RowSource } from './read/source/row-source.ts';
import { type ReadyRow, RowConverter } from './rows/convert-row.ts';
import { FaultList, type ReportRow, type RowFault } from './rows/fault-list.ts';
import { RowWriter } from './rows/write-rows.ts';

export interface RowsImport {
  readonly engine: Pick<Engine, 'openUpsert'>;
  readonly principal: Principal;
  readonly entity: Entity;
  readonly source: RowSource;
  /** What becomes of the source's columns. */
  readonly plan: ImportPlan;
  readonly options: {
    readonly mode: ChangeMode;
    /** What a row at fault does: refuse them all, or be left out. */
    readonly onError: 'refuse' | 'skip';
  };
  /** Called with each row at fault. */
  readonly report?: ReportRow;
}

export interface ImportOutcome {
  /** Whether errors keep every row out: the transaction is then to be rolled back. */
  readonly refused: boolean;
  readonly inserted: number;
  readonly updated: number;
  /** Rows at fault. */
  readonly failed: number;
  readonly errors: readonly RowFault[];
  readonly errorsTruncated: boolean;
}

/**
 * All rows are checked in any case, so that all errors are reported together.
 * @param on a transaction that was opened for the principal
 * @throws Fault for what is wrong with the file as a whole, SCOPE_MISSING, the signal's reason; the transaction is then to be
 *   rolled back
 */
export async function importRows(job: RowsImport, on: BulkSession): Promise<ImportOutcome> {
  const { engine, principal, entity, plan, options } = job;
  const { match, fields } = plan;
  const faults = new FaultList(plan, job.report);
  const target = { entity: entity.name, match, mode: options.mode, fields };
  const writer = new RowWriter(await engine.openUpsert(target, principal, on), plan, faults);
  await writeAll(writer, batches(job, new RowConverter(plan, faults), on.signal));
  // A client that has disconnected will send the file again, so this attempt must not be committed.
  on.signal?.throwIfAborted();
  const { failed, truncated } = faults;
  const refused = options.onError === 'refuse' && failed > 0;
  const { inserted, updated } = refused ? { inserted: 0, updated: 0 } : writer;
  return { refused, inserted, updated, failed, errors: faults.sorted(), errorsTruncated: truncated };
}

/** While the database writes one batch, the next is read and converted. */
async function writeAll(writer: RowWriter, ready: AsyncIterable<readonly ReadyRow[]>): Promise<void> {
  let writing = Promise.resolve();
  try {
    for await (const batch of ready) {
      await writing;
      writing = writer.write(batch);
      // It is awaited later: until then its failure must not count as unhandled.
      writing.catch(() => {});
    }
  } finally {
    await writing;
  }
}

export const batchRowsMax = 5_000;
/** Batches that are larger outlive V8's young generation, and the process grows before they are collected. */
export const batchCharactersMax = 200_000;

/** @returns about how many characters the cells of a row of text have */
export function sizeOf(cells: readonly Cell[]): number {
  let size = 0;
  for (const cell of cells) size += (cell as string).length;
  return size;
}

async function* batches(
  { source }: RowsImport,
  converter: RowConverter,
  signal: AbortSignal | undefined,
): AsyncGenerator<readonly ReadyRow[]> {
  let batch: ReadyRow[] = [];
  let characters = 0;
  for await (const portion of source.rows) {
    signal?.throwIfAborted();
    for (const row of portion) {
      const ready = converter.convert(row);
      if (!ready) continue;
      batch.push(ready);
      characters += row.size ?? sizeOf(row.cells);
      if (batch.length < batchRowsMax && characters < batchCharactersMax) continue;
      yield batch;
      batch = [];
      characters = 0;
    }
  }
  yield batch;
}
