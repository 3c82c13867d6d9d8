import { cellFault } from '../convert/cell-fault.ts';
import { CellError, type SourceRow } from '../read/source/row-source.ts';
import { miscount, type ReadyRow, RowConverter } from '../rows/convert-row.ts';
import { cellText, type FaultList } from '../rows/fault-list.ts';
import type { MappedPlan } from './plan.ts';

/** Rows of the file -> rows of a change, through a mapper. */
export class MappedConverter {
  /** Rows that a condition of the mapper left out. */
  skipped = 0;
  readonly #plan: MappedPlan;
  readonly #faults: FaultList;
  readonly #rows: RowConverter;

  constructor(plan: MappedPlan, faults: FaultList) {
    this.#plan = plan;
    this.#faults = faults;
    this.#rows = new RowConverter(plan, faults);
  }

  /** @returns undefined for a row that is at fault, or left out */
  convert(source: SourceRow): ReadyRow | undefined {
    const { mapper, columns, cells, mixed } = this.#plan;
    const wrong = cells === undefined ? undefined : miscount(source.cells, cells);
    if (wrong) {
      this.#faults.add(source, [wrong]);
      return undefined;
    }
    const mapped = mapper.map(mixed ? source.cells.map(cellText) : (source.cells as string[]));
    if (!mapped) {
      this.skipped++;
      return undefined;
    }
    const row = { ...source, cells: mapped.values.map(value => value ?? ''), read: source.cells };
    const broken = mixed ? this.#brokenCells(source) : [];
    const faults = mapped.faults?.map(({ column, code, message }) => ({
      code,
      message,
      fields: [columns[column]!.field.name],
    }));
    const all = [...broken, ...(faults ?? [])];
    return this.#rows.convert(row, all.length > 0 ? all : undefined);
  }

  /** Cells of a workbook whose formula has no value. */
  #brokenCells({ cells }: SourceRow) {
    return this.#plan.columns.flatMap(({ places = [], field }) => {
      const broken = places.map(place => cells[place]).find(cell => cell instanceof CellError);
      return broken ? { ...cellFault('INVALID_VALUE', broken.message), fields: [field.name] } : [];
    });
  }
}
