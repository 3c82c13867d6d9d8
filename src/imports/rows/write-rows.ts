// Batches of rows -> the query engine. Rows that the database refuses become errors of rows of the file.

import type { BulkUpsert } from '../../query/engine.ts';
import type { ImportPlan } from '../columns/match-columns.ts';
import type { ReadyRow } from './convert-row.ts';
import type { FaultList } from './fault-list.ts';

export class RowWriter {
  inserted = 0;
  updated = 0;
  readonly #upsert: BulkUpsert;
  readonly #fields: readonly string[];
  readonly #faults: FaultList;

  constructor(upsert: BulkUpsert, plan: ImportPlan, faults: FaultList) {
    this.#upsert = upsert;
    this.#fields = plan.fields;
    this.#faults = faults;
  }

  /** @throws what is not about the rows: an aborted signal, a lost connection */
  async write(rows: readonly ReadyRow[]): Promise<void> {
    if (rows.every(({ absent }) => absent.length === 0)) return this.#writeAlike(rows, this.#fields);
    for (const alike of Map.groupBy(rows, ({ absent }) => absent.join()).values()) {
      const absent = new Set(alike[0]!.absent);
      const present = <T>(values: readonly T[]) => values.filter((_, place) => !absent.has(place));
      const trimmed = alike.map(row => ({ ...row, values: present(row.values) }));
      await this.#writeAlike(trimmed, present(this.#fields));
    }
  }

  async #writeAlike(rows: readonly ReadyRow[], fields: readonly string[]): Promise<void> {
    const values = rows.map(row => row.values);
    const { inserted, updated, refusals } = await this.#upsert.write({ fields, rows: values });
    this.inserted += inserted;
    this.updated += updated;
    for (const refusal of refusals)
      for (const index of refusal.rows) this.#faults.add(rows[index]!.source, [refusal]);
  }
}
