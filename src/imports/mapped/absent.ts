import type { Principal } from '../../base/principal.ts';
import type { CheckedMapper } from '../../mappers/document/check-mapper.ts';
import type { AbsentRows, BulkSession, Engine } from '../../query/engine.ts';
import type { ImportPlan } from '../columns/match-columns.ts';
import type { ReadyRow } from '../rows/convert-row.ts';
import { statedValue } from './plan.ts';

/** Records that the file does not contain: remembers the keys of the file, and acts at its end. */
export class Absent {
  readonly #rows: AbsentRows;
  readonly #places: readonly number[];

  private constructor(rows: AbsentRows, places: readonly number[]) {
    this.#rows = rows;
    this.#places = places;
  }

  /** @returns undefined where absent records are left alone @throws INVALID_VALUE for a value that the mapper states wrongly */
  static async open(
    { entity, document, match }: CheckedMapper,
    plan: ImportPlan,
    deps: {
      readonly engine: Pick<Engine, 'openAbsent'>;
      readonly principal: Principal;
      readonly on: BulkSession;
    },
  ): Promise<Absent | undefined> {
    const { action, field, value, where } = document.absent;
    if (action === 'leave') return undefined;
    const filter = Object.entries(where).map(
      ([name, text]) => [name, text === null ? null : statedValue(entity, name, text)] as const,
    );
    const set =
      action === 'deactivate' ? { field: field!, value: statedValue(entity, field!, value) } : undefined;
    const target = { entity, match, set, where: new Map(filter) };
    const rows = await deps.engine.openAbsent(target, deps.principal, deps.on);
    const places = match.map(name => plan.fields.indexOf(name));
    return new Absent(rows, places);
  }

  add(rows: readonly ReadyRow[]): Promise<void> {
    return this.#rows.add(rows.map(({ values }) => this.#places.map(place => values[place] ?? null)));
  }

  /** @returns how many records were changed or deleted */
  apply(): Promise<number> {
    return this.#rows.apply();
  }
}
