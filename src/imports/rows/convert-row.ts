import type { ChangeRow } from '../../query/ask/entity-change.ts';
import type { ImportColumn, ImportPlan } from '../columns/match-columns.ts';
import { type CellFault, cellFault, isFault } from '../convert/cell-fault.ts';
import { jsonValueText } from '../convert/json-value.ts';
import { type Cell, CellError, type SourceRow } from '../read/source/row-source.ts';
import type { FaultList } from './fault-list.ts';
import { KeyTable } from './key-table.ts';

export interface ReadyRow {
  readonly source: SourceRow;
  /** In the order of the plan's columns. */
  readonly values: ChangeRow;
  /** Places of the values that the row does not have: their fields stay as they are. */
  readonly absent: readonly number[];
}

const none: readonly number[] = [];

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
    let absent = none;
    for (const column of this.#plan.columns) {
      const cell = source.cells[column.index];
      const value = convertCell(column, cell, this.#plan.typed);
      if (cell === undefined && !column.required) absent = [...absent, values.length];
      if (value === null || !isFault(value)) values.push(value);
      else {
        values.push(null);
        faults = [...(faults ?? []), { ...value, fields: [column.field.name] }];
      }
    }
    const repeated = this.#repeatedKey(source, values);
    if (repeated) faults = [...(faults ?? []), repeated];
    if (!faults) return { source, values, absent };
    this.#faults.add(source, faults);
    return undefined;
  }

  #miscount(cells: readonly Cell[]): FieldFault | undefined {
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
function convertCell(column: ImportColumn, cell: Cell, typed: boolean): string | CellFault | null {
  if (cell instanceof CellError) return cellFault('INVALID_VALUE', cell.message);
  const text = typed ? typedText(column, cell) : (cell as string);
  if (text === null || typeof text === 'object') return text ?? emptyValue(column);
  const { type } = column.field;
  const isVerbatim = type.scalar === 'String' && !type.list;
  const isEmpty = isVerbatim ? text === '' && (!typed || column.key) : text.trim() === '';
  return isEmpty ? emptyValue(column) : column.convert(text);
}

/** @returns null for a value that is null, or that the row does not have */
const typedText = ({ field }: ImportColumn, cell: Cell): string | CellFault | null =>
  cell === null || cell === undefined ? null : jsonValueText(field, cell);

function emptyValue({ empty }: ImportColumn): string | CellFault | null {
  if (empty === 'fault') return required;
  return empty === 'emptyList' ? '{}' : null;
}
