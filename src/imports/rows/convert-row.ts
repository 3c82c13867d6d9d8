import type { ChangeRow } from '../../query/ask/entity-change.ts';
import type { ImportColumn, ImportPlan } from '../columns/match-columns.ts';
import { type CellFault, cellFault, isFault } from '../convert/cell-fault.ts';
import type { SourceRow } from '../read/row-source.ts';
import type { FaultList } from './fault-list.ts';
import { KeyTable } from './key-table.ts';

export interface ReadyRow {
  readonly source: SourceRow;
  /** In the order of the plan's columns. */
  readonly values: ChangeRow;
}

type FieldFault = CellFault & { readonly fields: readonly string[] };

/** Rows of the file -> rows of a change. Rows that cannot be converted or repeat a key are added to the list of faults. */
export class RowConverter {
  readonly #plan: ImportPlan;
  readonly #faults: FaultList;
  readonly #keys = new KeyTable();
  readonly #keyPlaces: readonly number[];

  constructor(plan: ImportPlan, faults: FaultList) {
    this.#plan = plan;
    this.#faults = faults;
    this.#keyPlaces = plan.match.map(name => plan.columns.findIndex(column => column.field.name === name));
  }

  /** @returns undefined when the row is at fault */
  convert(source: SourceRow): ReadyRow | undefined {
    const miscount = this.#miscount(source.cells);
    if (miscount) {
      this.#faults.add(source, [miscount]);
      return undefined;
    }
    const values: (string | null)[] = [];
    let faults: FieldFault[] | undefined;
    for (const column of this.#plan.columns) {
      const value = convertCell(column, source.cells[column.index]!);
      if (value === null || !isFault(value)) values.push(value);
      else {
        values.push(null);
        faults = [...(faults ?? []), { ...value, fields: [column.field.name] }];
      }
    }
    const repeated = this.#repeatedKey(source, values);
    if (repeated) faults = [...(faults ?? []), repeated];
    if (!faults) return { source, values };
    this.#faults.add(source, faults);
    return undefined;
  }

  #miscount(cells: readonly string[]): FieldFault | undefined {
    const { width } = this.#plan;
    if (cells.length === width || (cells.length > width && cells.slice(width).every(cell => cell === ''))) {
      return undefined;
    }
    const message = `The row has ${cells.length} cells, the header ${width}.`;
    return {
      ...cellFault('WRONG_CELL_COUNT', `${message} Is a delimiter not in quotation marks?`),
      fields: [],
    };
  }

  #repeatedKey({ row }: SourceRow, values: ChangeRow): FieldFault | undefined {
    const places = this.#keyPlaces;
    if (places.length === 0 || places.some(place => values[place] === null)) return undefined;
    // No value contains NUL, so the joined text is as unique as its parts.
    const key = places.length === 1 ? values[places[0]!]! : places.map(place => values[place]).join('\0');
    const first = this.#keys.add(key, row);
    if (first === undefined) return undefined;
    const { match } = this.#plan;
    return { ...cellFault('DUPLICATE_KEY', `Row ${first} has the same ${match.join(', ')}.`), fields: match };
  }
}

const required = cellFault('REQUIRED', 'A value is required.');

/** @returns null for a cell that is empty: null, or an empty list */
function convertCell({ field, convert, empty }: ImportColumn, cell: string): string | CellFault | null {
  const verbatim = field.type.scalar === 'String' && !field.type.list;
  if ((verbatim ? cell : cell.trim()) !== '') return convert(cell);
  if (empty === 'fault') return required;
  return empty === 'emptyList' ? '{}' : null;
}
