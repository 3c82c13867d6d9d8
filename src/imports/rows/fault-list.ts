import type { ImportPlan } from '../columns/match-columns.ts';
import type { CellFault, RowFaultCode } from '../convert/cell-fault.ts';
import { type Cell, CellError, type SourceRow } from '../read/source/row-source.ts';

/** One error in one row, as the response reports it. */
export interface RowFault {
  readonly row: number;
  readonly line: number;
  /** As the header names it; null if the error concerns the whole row. */
  readonly column: string | null;
  /** The cell, cut. */
  readonly value: string | null;
  readonly code: RowFaultCode;
  readonly message: string;
}

type FieldFault = CellFault & { readonly fields: readonly string[] };

export type ReportRow = (row: SourceRow, faults: readonly RowFault[]) => void;

const listedMax = 1_000;
const valueLengthMax = 80;

/** The faults of a file: the first thousand are listed, all rows at fault are counted. */
export class FaultList {
  /** Rows at fault. */
  failed = 0;
  truncated = false;
  readonly #plan: ImportPlan;
  readonly #listed: RowFault[] = [];
  readonly #report: ReportRow | undefined;

  /** @param report called with each row at fault */
  constructor(plan: ImportPlan, report?: ReportRow) {
    this.#plan = plan;
    this.#report = report;
  }

  /** @param faults of one row, each with the names of its fields. Call once per row. */
  add(source: SourceRow, faults: readonly FieldFault[]): void {
    this.failed++;
    if (this.#listed.length >= listedMax && !this.#report) {
      this.truncated = true;
      return;
    }
    const inRow = faults.map(fault => this.#toRowFault(source, fault));
    this.#report?.(source, inRow);
    const listed = inRow.slice(0, listedMax - this.#listed.length);
    if (listed.length < inRow.length) this.truncated = true;
    this.#listed.push(...listed);
  }

  #toRowFault({ row, line, cells }: SourceRow, { code, message, fields }: FieldFault): RowFault {
    const columns = this.#plan.columns.filter(column => fields.includes(column.field.name));
    const column = columns.map(one => one.header).join(', ') || fields.join(', ') || null;
    const value =
      columns.length > 0 ? shorten(columns.map(one => cellText(cells[one.index])).join(', ')) : null;
    return { row, line, column, value, code, message };
  }

  /** @returns the listed faults in the order of the file: those that the database finds come later than the others */
  sorted(): readonly RowFault[] {
    return this.#listed.toSorted((a, b) => a.row - b.row);
  }
}

/** @returns a cell as text, empty where there is no value */
export function cellText(cell: Cell): string {
  if (typeof cell === 'string') return cell;
  if (cell instanceof CellError) return cell.text;
  return cell === undefined || cell === null ? '' : JSON.stringify(cell);
}

function shorten(value: string): string {
  if (value.length <= valueLengthMax) return value;
  return `${value.slice(0, valueLengthMax).toWellFormed()}…`;
}
