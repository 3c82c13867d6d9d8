// How the log stores values: each as the text that PostgreSQL writes, so that no digit is lost; a list as a JSON array of
// texts. Nothing here may fail on any type that a column has now or later: a trigger that fails stops every program that
// writes to the table. So values are cast to text first, types are checked at run time, and values are compared as texts,
// since not every type has an equality operator.

import type { ColumnField } from '../catalog/catalog.ts';
import { constant, identifier } from '../query/sql/text.ts';

/** @param value SQL of a column @returns SQL of type text, whatever the column's type is */
function loggedText({ type, stored }: ColumnField, value: string): string {
  if (type.list) return loggedList({ type, stored }, value);
  // The text of money depends on the writer's locale.
  if (stored === 'money')
    return `CASE WHEN pg_typeof(${value}) = 'money'::regtype THEN ${value}::text::money::numeric::text ELSE ${value}::text END`;
  // A cast to text strips the padding of char(n), and adds the netmask of an inet address.
  if (type.sqlType === 'bpchar' || stored === 'inet')
    return `CASE WHEN ${value} IS NOT NULL THEN concat(${value}) END`;
  return `${value}::text`;
}

/** If the column is no longer a list, its text is logged. */
function loggedList({ type, stored }: Pick<ColumnField, 'type' | 'stored'>, value: string): string {
  const texts = stored === 'money' ? '::money[]::numeric[]::text[]' : '::text[]';
  return `CASE WHEN ${isListOf(stored ?? type.sqlType, value)} THEN array_to_json(${value}::text${texts})::text WHEN ${value}::text IS NOT NULL THEN to_json(ARRAY[${value}::text])::text END`;
}

/** These type names always exist, and comparing them costs less than writing the name of a type. */
function isListOf(sqlType: string, value: string): string {
  if (plainTypes.has(sqlType)) return `pg_typeof(${value}) = '${sqlType}[]'::regtype`;
  const anyList = `pg_typeof(${value})::text LIKE '%[]'`;
  return sqlType === 'text' ? `(pg_typeof(${value}) = 'text[]'::regtype OR ${anyList})` : anyList;
}

const plainTypes: ReadonlySet<string> = new Set(['integer', 'bigint', 'boolean', 'numeric', 'uuid', 'money']);

/** A row of a table whose values are texts: the key under `key`, and each column under the name that `textName` gives. */
export interface TextRows {
  readonly columns: readonly ColumnField[];
  readonly key: readonly ColumnField[];
  /** The table, or a transition table with some of its rows. */
  readonly source: string;
  /** SQL of a condition on the columns by their own names, in `shown`. */
  readonly shown: string;
  /** Names of columns that the condition reads. */
  readonly needs: ReadonlySet<string>;
}

/**
 * @returns SELECT of a table's rows as texts. A column that was dropped since the trigger was created is null: its name then
 *   resolves to the row of nulls that precedes the table.
 */
export function textRows({ columns, key, source, shown, needs }: TextRows): string {
  const absent = columns.map(column => `NULL::${absentType(column, needs)} AS ${identifier(column.column)}`);
  const texts = columns.map(
    (column, index) => `${loggedText(column, identifier(column.column))} AS ${textName(index)}`,
  );
  const inner = `SELECT ${[`${loggedKey(key)} AS key`, `${shown} AS shown`, ...texts].join(', ')} FROM ${source}`;
  return `SELECT r.* FROM (SELECT ${absent.join(', ')}) a CROSS JOIN LATERAL (${inner}) r`;
}

/** These names never appear next to the database's columns. */
const textName = (index: number): string => `v${index}`;

/** If the row filter reads a dropped column, its null must have a type that the filter accepts. */
function absentType({ name, type }: ColumnField, needs: ReadonlySet<string>): string {
  if (!needs.has(name) || type.scalar === 'Enum') return 'text';
  return type.list ? `${type.sqlType}[]` : type.sqlType;
}

/** @param row alias of a row of texts @returns SQL of type jsonb: every column of a row by its field's name */
export function wholeRow(columns: readonly ColumnField[], row: string): string {
  const names = columns.map(({ name }) => constant(name)).join(', ');
  const values = columns.map((_, index) => `${row}.${textName(index)}`).join(', ');
  return `jsonb_object(ARRAY[${names}]::text[], ARRAY[${values}]::text[])`;
}

/** @returns SQL of type jsonb: of the columns that differ, the values that one of the two rows has; null if none differs */
export function changedColumns(columns: readonly ColumnField[], row: string): string {
  const members = columns.map(({ name }, index) => {
    const text = textName(index);
    const member = `coalesce(${constant(`${JSON.stringify(name)}:`)} || to_json(${row}.${text})::text, ${constant(`${JSON.stringify(name)}:null`)})`;
    return `CASE WHEN o.${text} IS DISTINCT FROM n.${text} THEN ${member} END`;
  });
  return `('{' || nullif(concat_ws(',', ${members.join(', ')}), '') || '}')::jsonb`;
}

/** @param row alias with its point, or nothing @returns SQL of type text: the record's key, null if it has none */
export function loggedKey(columns: readonly ColumnField[], row = ''): string {
  const texts = columns.map(column => loggedText(column, `${row}${identifier(column.column)}`));
  if (texts.length === 1) return texts[0]!;
  return `'[' || ${texts.map(text => `to_json(${text})::text`).join(` || ',' || `)} || ']'`;
}
