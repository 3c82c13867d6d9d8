// How the log holds values: each as the text that PostgreSQL writes, so that no digit is lost; a list as a JSON array of texts.

import type { ColumnField } from '../catalog/catalog.ts';
import { constant, identifier } from '../query/sql/text.ts';

/** @param row alias of the row @returns SQL of type text */
export function loggedText({ column, type }: ColumnField, row: string): string {
  const value = `${row}.${identifier(column)}`;
  if (type.list) return `array_to_json(${value}::text[])::text`;
  // A cast to text would take the blanks away that fill the column.
  if (type.sqlType === 'bpchar') return `CASE WHEN ${value} IS NOT NULL THEN concat(${value}) END`;
  return type.sqlType === 'text' ? value : `${value}::text`;
}

/** @returns SQL of type jsonb: every column of a row by its field's name */
export function wholeRow(columns: readonly ColumnField[], row: string): string {
  const names = columns.map(({ name }) => constant(name)).join(', ');
  const values = columns.map(column => loggedText(column, row)).join(', ');
  return `jsonb_object(ARRAY[${names}], ARRAY[${values}])`;
}

/** @returns SQL of type jsonb: of the columns that differ, the values that one of the two rows has; null where none differs */
export function changedColumns(columns: readonly ColumnField[], row: string): string {
  if (columns.length === 0) return 'NULL::jsonb';
  const members = columns.map(column => `CASE WHEN ${differs(column)} THEN ${jsonMember(column, row)} END`);
  return `('{' || nullif(concat_ws(',', ${members.join(', ')}), '') || '}')::jsonb`;
}

/** Values that are equal to PostgreSQL and yet differ (`-0` and `0`, citext, JSON) are told apart by their texts. */
function differs(column: ColumnField): string {
  const { type } = column;
  const [old, now] = ['o', 'n'].map(row => `${row}.${identifier(column.column)}`);
  const loose = type.scalar === 'Float' || type.scalar === 'Json' || type.sqlType === 'citext';
  return loose ? `${old}::text IS DISTINCT FROM ${now}::text` : `${old} IS DISTINCT FROM ${now}`;
}

function jsonMember(column: ColumnField, row: string): string {
  const name = `${JSON.stringify(column.name)}:`;
  const text = loggedText(column, row);
  const value = isPlain(column)
    ? `${constant(`${name}"`)} || ${text} || '"'`
    : `${constant(name)} || to_json(${text})::text`;
  return `coalesce(${value}, ${constant(`${name}null`)})`;
}

/** Whether the texts of a column's values need no escaping in JSON. */
const isPlain = ({ type: { scalar, list } }: ColumnField): boolean =>
  !list && scalar !== 'String' && scalar !== 'Enum' && scalar !== 'Json' && scalar !== 'Bytes';

/** @param rows aliases, of which the first that has the record gives it @returns SQL of type text: the record's key */
export function loggedKey(columns: readonly ColumnField[], ...rows: readonly string[]): string {
  const texts = columns.map(column => {
    const [first = '', ...others] = rows.map(row => loggedText(column, row));
    return others.length > 0 ? `coalesce(${[first, ...others].join(', ')})` : first;
  });
  if (texts.length === 1) return texts[0]!;
  const items = texts.map((text, index) =>
    isPlain(columns[index]!) ? `'"' || ${text} || '"'` : `to_json(${text})::text`,
  );
  return `'[' || ${items.join(` || ',' || `)} || ']'`;
}
