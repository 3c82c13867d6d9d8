// An import that leaves rows at fault out: a batch of rows is a transaction, which also records how far the import is.

import type { Database, Session, TransactionOptions } from '../base/database/database.ts';
import type { CountedSource } from './history/counted-source.ts';
import { endRun, type RunStart, saveStep } from './history/import-run.ts';
import type { RowAtFault } from './history/stored-errors.ts';
import type { ImportCounts } from './history/stored-import.ts';
import { batchCharactersMax, batchRowsMax, type RowsImport, sizeOf } from './import-rows.ts';
import type { SourceRow } from './read/source/row-source.ts';
import { type ReadyRow, RowConverter } from './rows/convert-row.ts';
import { cellText, FaultList } from './rows/fault-list.ts';
import { RowWriter } from './rows/write-rows.ts';

/** What a run of an import works with. */
export interface ImportRun {
  readonly database: Database;
  readonly start: RunStart;
  readonly signal: AbortSignal;
  readonly counted: CountedSource;
  readonly untimed: TransactionOptions;
  readonly job: RowsImport;
}

/** Rows at fault that are stored for an import. */
const errorRowsMax = 100_000;

interface Batch {
  readonly ready: readonly ReadyRow[];
  /** The last row of the file that was converted for it. */
  readonly lastRow: number;
  /** Rows of the file, with those at fault. */
  readonly rows: number;
}

/** Goes on after the last row whose outcome is committed. */
export async function importInSteps(run: ImportRun): Promise<void> {
  const { database, start, untimed, job } = run;
  const errors: RowAtFault[] = [];
  const faults = new FaultList(job.plan, ({ row, cells }, inRow) => {
    if (row > start.savedRow) errors.push({ cells: cells.map(cellText), faults: inRow });
  });
  let counts: ImportCounts = start;
  for await (const batch of batches(run, new RowConverter(job.plan, faults))) {
    const converted = errors.length;
    counts = await database.transaction(async session => {
      // A transaction that no longer fits the tables is run again.
      errors.length = converted;
      const { inserted, updated } = await writeBatch(run, session, batch, faults);
      const next = {
        inserted: counts.inserted + inserted,
        updated: counts.updated + updated,
        failed: counts.failed + errors.length,
      };
      const { lastRow: savedRow, rows } = batch;
      const stored = errors.slice(0, Math.max(0, errorRowsMax - counts.failed));
      const { bytesRead } = run.counted;
      await saveStep(session, start, { ...next, savedRow, rows, bytesRead, errors: stored });
      return next;
    }, untimed);
    errors.length = 0;
  }
  await database.transaction(session => endRun(session, start, 'done'));
}

async function writeBatch(
  { job, signal }: ImportRun,
  session: Session,
  { ready }: Batch,
  faults: FaultList,
): Promise<Omit<ImportCounts, 'failed'>> {
  const { engine, principal, entity, plan, options } = job;
  const target = { entity: entity.name, match: plan.match, mode: options.mode, fields: plan.fields };
  const writer = new RowWriter(await engine.openUpsert(target, principal, { session, signal }), plan, faults);
  await writer.write(ready);
  signal.throwIfAborted();
  return writer;
}

/** Rows that were imported by an earlier run are converted again, as a later row may repeat their key. */
async function* batches({ start, job, signal }: ImportRun, converter: RowConverter): AsyncGenerator<Batch> {
  let ready: ReadyRow[] = [];
  let characters = 0;
  let last: SourceRow | undefined;
  let rows = 0;
  for await (const portion of job.source.rows) {
    signal.throwIfAborted();
    for (const source of portion) {
      rows++;
      const row = converter.convert(source);
      if (source.row <= start.savedRow) continue;
      last = source;
      if (row) ready.push(row);
      characters += source.size ?? sizeOf(source.cells);
      if (ready.length < batchRowsMax && characters < batchCharactersMax) continue;
      yield { ready, lastRow: source.row, rows };
      ready = [];
      characters = 0;
    }
  }
  if (last) yield { ready, lastRow: last.row, rows };
}
