// The JSON of the Query API as rows and columns.

import { numberText } from '../../base/exact-json.ts';
import { isObject } from '../../base/is-object.ts';

export interface Grid {
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** Writes a value as the text of a cell. */
export type WriteCell = (value: unknown) => string;

/** @param value a list of records; also one record, or a value such as a count. Its numbers keep every digit */
export function toGrid(value: unknown, write: WriteCell): Grid {
  const list = Array.isArray(value) ? value : value === null ? [] : [value];
  const records = list.map(one => (isRecord(one) ? flatten(one, write) : new Map([['value', write(one)]])));
  const names = [...new Set(records.flatMap(record => [...record.keys()]))];
  // Where some records have no category, the others have `category.name`.
  const head = names.filter(name => !names.some(other => other.startsWith(`${name}.`)));
  return { head, rows: records.map(record => head.map(name => record.get(name) ?? '')) };
}

/** @returns the values of a record, those of related records under dotted names: `category.name` */
function flatten(
  record: Readonly<Record<string, unknown>>,
  write: WriteCell,
  prefix = '',
): Map<string, string> {
  const cells = new Map<string, string>();
  for (const [name, value] of Object.entries(record)) {
    if (!isRecord(value)) cells.set(prefix + name, write(value));
    else for (const [inner, cell] of flatten(value, write, `${prefix}${name}.`)) cells.set(inner, cell);
  }
  return cells;
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  isObject(value) && numberText(value) === undefined;

/** @returns text as it is, nothing for null, and JSON for the rest */
export const plainCell: WriteCell = value =>
  value === null ? '' : typeof value === 'string' ? value : JSON.stringify(value);

/** Spreadsheets would compute text that starts like this. https://owasp.org/www-community/attacks/CSV_Injection */
const formula = /^[=+\-@\t\r]/;

/** As `plainCell`, but text that a spreadsheet reads as a formula begins with an apostrophe. */
export const csvCell: WriteCell = value =>
  typeof value === 'string' && formula.test(value) ? `'${value}` : plainCell(value);
