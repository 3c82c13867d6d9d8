// Batches of rows -> the database. What it refuses becomes faults of rows; the others of the batch go in.

import type { Session } from '../../base/database/database.ts';
import type { Entity } from '../../catalog/catalog.ts';
import type { ChangeMode, EntityUpsert } from '../../query/ask/entity-change.ts';
import { rowsWithoutCounterpart } from '../../query/change/refusal/conflicting-rows.ts';
import { explainRefusal, isRowRefusal } from '../../query/change/refusal/explain.ts';
import { isTransient } from '../../query/change/run-all.ts';
import { runUpsert } from '../../query/change/upsert.ts';
import type { ImportPlan } from '../columns/match-columns.ts';
import type { RowFaultCode } from '../convert/cell-fault.ts';
import type { ReadyRow } from './convert-row.ts';
import type { FaultList } from './fault-list.ts';

/** What else changes the same rows waits for a lock for some seconds, and the database finds that out every second. */
const attemptsMax = 30;

export interface RowWriterDeps {
  readonly session: Session;
  readonly entity: Entity;
  readonly plan: ImportPlan;
  readonly mode: ChangeMode;
  readonly faults: FaultList;
  readonly signal: AbortSignal;
}

export class RowWriter {
  inserted = 0;
  updated = 0;
  readonly #deps: RowWriterDeps;
  readonly #shape: Omit<EntityUpsert, 'rows'>;

  constructor(deps: RowWriterDeps) {
    const { entity, plan, mode } = deps;
    const defaulted = plan.columns.filter(column => column.empty === 'default');
    const made = plan.made.map(({ name }) => name);
    this.#deps = deps;
    this.#shape = {
      kind: 'upsert',
      entity: entity.name,
      fields: [...plan.columns.map(column => column.field.name), ...made],
      made,
      match: plan.match,
      mode,
      defaulted: defaulted.map(column => column.field.name),
    };
  }

  /** @throws what is not about the rows: an aborted signal, a lost connection */
  async write(rows: readonly ReadyRow[], attempt = 1): Promise<void> {
    if (rows.length === 0) return;
    const { session, entity, mode, signal } = this.#deps;
    const change = this.#change(rows);
    await session.query('SAVEPOINT batch');
    try {
      const { inserted, updated } = await runUpsert(session, entity, change, { signal });
      await session.query('RELEASE SAVEPOINT batch');
      this.inserted += inserted;
      this.updated += updated;
      if (mode === 'update' && updated < rows.length) await this.#reportMissing(change, rows);
    } catch (error) {
      const mayPass = isTransient(error) && attempt < attemptsMax;
      if (!mayPass && !isRowRefusal(error)) throw error;
      await session.query('ROLLBACK TO SAVEPOINT batch; RELEASE SAVEPOINT batch');
      if (!isRowRefusal(error)) return this.write(rows, attempt + 1);
      await this.#writeWithout(rows, change, error);
    }
  }

  #change(rows: readonly ReadyRow[]): EntityUpsert {
    return { ...this.#shape, rows: rows.map(row => row.values) };
  }

  async #reportMissing(change: EntityUpsert, rows: readonly ReadyRow[]): Promise<void> {
    const { session, entity } = this.#deps;
    const missing = await rowsWithoutCounterpart(session, entity, change);
    const message = `There is no row of ${entity.set} with this ${change.match.join(', ')}.`;
    this.#report(rows, { rows: missing, fields: change.match, code: 'NOT_FOUND', message });
  }

  /** Leaves out the rows that the database refuses, or, where it does not say which, tries each half. */
  async #writeWithout(rows: readonly ReadyRow[], change: EntityUpsert, error: Error): Promise<void> {
    const { session, entity } = this.#deps;
    const refusal = await explainRefusal(session, entity, change, error);
    if (refusal) {
      this.#report(rows, refusal);
      const refused = new Set(refusal.rows);
      return this.write(rows.filter((_, index) => !refused.has(index)));
    }
    const middle = Math.ceil(rows.length / 2);
    await this.write(rows.slice(0, middle));
    await this.write(rows.slice(middle));
  }

  #report(
    rows: readonly ReadyRow[],
    fault: {
      readonly rows: readonly number[];
      readonly fields: readonly string[];
      readonly code: RowFaultCode;
      readonly message: string;
    },
  ): void {
    for (const index of fault.rows) this.#deps.faults.add(rows[index]!.source, [fault]);
  }
}
