// The JSON of the Query API as rows and columns.

import { numberText } from '../../base/exact-json.ts';
import { isObject } from '../../base/is-object.ts';

export interface Grid {
  readonly head: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
}

type Cell = string | null;

/** @param value a list of records; also one record, or a value such as a count. Its numbers keep every digit */
export function toGrid(value: unknown): Grid {
  const list = Array.isArray(value) ? value : value === null ? [] : [value];
  const records = list.map(one =>
    isRecord(one) ? flatten(one) : new Map<string, Cell>([['value', toCell(one)]]),
  );
  const names = [...new Set(records.flatMap(record => [...record.keys()]))];
  // Where some records have no category, the others have `category.name`.
  const head = names.filter(name => !names.some(other => other.startsWith(`${name}.`)));
  return { head, rows: records.map(record => head.map(name => record.get(name) ?? null)) };
}

/** @returns the values of a record, those of related records under dotted names: `category.name` */
function flatten(record: Readonly<Record<string, unknown>>, prefix = ''): Map<string, Cell> {
  const cells = new Map<string, Cell>();
  for (const [name, value] of Object.entries(record)) {
    if (!isRecord(value)) cells.set(prefix + name, toCell(value));
    else for (const [inner, cell] of flatten(value, `${prefix}${name}.`)) cells.set(inner, cell);
  }
  return cells;
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  isObject(value) && numberText(value) === undefined;

/** @returns text as it is, and JSON for the rest */
const toCell = (value: unknown): Cell =>
  value === null || typeof value === 'string' ? value : JSON.stringify(value);
