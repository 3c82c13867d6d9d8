// One file -> one transaction: it is read, converted and written a batch at a time, and all of it counts or none.

import type { Session } from '../base/database/database.ts';
import type { Principal } from '../base/principal.ts';
import type { Entity } from '../catalog/catalog.ts';
import { type ImportPlan, matchColumns } from './columns/match-columns.ts';
import { type CsvFile, openCsv } from './read/csv.ts';
import { type ReadyRow, RowConverter } from './rows/convert-row.ts';
import { FaultList, type RowFault } from './rows/fault-list.ts';
import { RowWriter } from './rows/write-rows.ts';
import type { ImportOptions } from './upload/import-options.ts';

/** @typeParam T what is made of the outcome: the answer, which may have to be stored in the import's own transaction */
export interface ImportJob<T> {
  /** Runs the import in one transaction, which is rolled back when it throws, and makes an answer of its outcome. */
  readonly transaction: (work: (session: Session) => Promise<ImportOutcome>) => Promise<T>;
  /** Makes an answer of the outcome of an import that was rolled back. */
  readonly refused: (outcome: ImportOutcome) => T;
  readonly entity: Entity;
  readonly principal: Principal;
  readonly options: ImportOptions;
  /** The file's bytes, to be read once. */
  readonly bytes: AsyncIterable<Buffer>;
  readonly signal: AbortSignal;
}

export interface ImportOutcome {
  /** Whether faults kept every row out. */
  readonly refused: boolean;
  readonly inserted: number;
  readonly updated: number;
  /** Rows at fault. */
  readonly failed: number;
  readonly errors: readonly RowFault[];
  readonly errorsTruncated: boolean;
}

/**
 * The whole file is checked in any case, so that all errors are reported together.
 * @throws Fault for what is wrong with the file as a whole, SCOPE_MISSING; nothing is imported then
 */
export async function importFile<T>(job: ImportJob<T>): Promise<T> {
  const { transaction, refused, entity, options, principal } = job;
  const csv = await openCsv(job.bytes, options.delimiter, options.formulas);
  try {
    const plan = matchColumns(entity, csv.header, options.mode, principal);
    const run = new ImportRun(job, csv, plan);
    return await transaction(session => run.perform(session)).catch(error => refused(run.outcomeOf(error)));
  } finally {
    await csv.rows.return(undefined);
  }
}

const batchRowsMax = 5_000;
/** Batches that are larger outlive V8's young generation, and the process grows before they are collected. */
const batchCharactersMax = 200_000;

class ImportRun {
  readonly #job: Omit<ImportJob<unknown>, 'transaction' | 'refused'>;
  readonly #csv: CsvFile;
  readonly #plan: ImportPlan;
  readonly #faults: FaultList;
  /** Thrown to roll back what was written before or beside faults. */
  readonly #refusal = new Error('Rows were refused');

  constructor(job: ImportJob<unknown>, csv: CsvFile, plan: ImportPlan) {
    this.#job = job;
    this.#csv = csv;
    this.#plan = plan;
    this.#faults = new FaultList(plan);
  }

  async perform(session: Session): Promise<ImportOutcome> {
    const { entity, options, signal } = this.#job;
    const writer = new RowWriter({
      session,
      entity,
      plan: this.#plan,
      mode: options.mode,
      faults: this.#faults,
      signal,
    });
    await takeTurn(session, entity, signal);
    await this.#writeAll(writer);
    if (options.onError === 'refuse' && this.#faults.failed > 0) throw this.#refusal;
    // A client that has disconnected will send the file again, so this attempt must not be committed.
    signal.throwIfAborted();
    return this.#outcome(false, writer);
  }

  /** @throws the error, unless it is the one that rolls back */
  outcomeOf(error: unknown): ImportOutcome {
    if (error !== this.#refusal) throw error;
    return this.#outcome(true, { inserted: 0, updated: 0 });
  }

  /** While the database writes one batch, the next is read and converted. */
  async #writeAll(writer: RowWriter): Promise<void> {
    let writing = Promise.resolve();
    try {
      for await (const batch of this.#batches()) {
        await writing;
        writing = writer.write(batch);
        // It is awaited later: until then its failure must not count as unhandled.
        writing.catch(() => {});
      }
    } finally {
      await writing;
    }
  }

  async *#batches(): AsyncGenerator<readonly ReadyRow[]> {
    const converter = new RowConverter(this.#plan, this.#faults);
    let batch: ReadyRow[] = [];
    let characters = 0;
    for await (const portion of this.#csv.rows) {
      this.#job.signal.throwIfAborted();
      for (const source of portion) {
        const row = converter.convert(source);
        if (!row) continue;
        batch.push(row);
        for (const cell of source.cells) characters += cell.length;
        if (batch.length < batchRowsMax && characters < batchCharactersMax) continue;
        yield batch;
        batch = [];
        characters = 0;
      }
    }
    yield batch;
  }

  #outcome(refused: boolean, { inserted, updated }: { inserted: number; updated: number }): ImportOutcome {
    const { failed, truncated } = this.#faults;
    return { refused, inserted, updated, failed, errors: this.#faults.sorted(), errorsTruncated: truncated };
  }
}

/** Imports wait as long as it takes, and look rows up by index even if the table was empty at first. */
const settings = 'SET LOCAL lock_timeout = 0; SET LOCAL enable_seqscan = off';

/**
 * Imports into one entity go one after the other, on all instances: two that met the same rows in different order would
 * wait for each other for ever.
 */
async function takeTurn(session: Session, { table }: Entity, signal: AbortSignal): Promise<void> {
  await session.query(settings);
  await session.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`import ${table}`], {
    signal,
  });
}
