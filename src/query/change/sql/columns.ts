// Sends rows as one PostgreSQL array per column, and unnests them in SQL.

import type { ColumnField, Entity } from '../../../catalog/catalog.ts';
import { arrayElement } from '../../ask/array-literal.ts';
import type { ChangeRow } from '../../ask/entity-change.ts';
import { sentType, storedSql } from '../../sql/stored-value.ts';

/** @returns the entity's column of that name @throws Error if there is none: the fields of a change are checked earlier */
export function columnOf(entity: Entity, name: string): ColumnField {
  const field = entity.fields.get(name);
  if (field?.kind !== 'column') throw new Error(`${entity.name}.${name} is not a column`);
  return field;
}

/**
 * @param columns one for each parameter, in their order from $1 on
 * @returns `unnest($1::text[], …)`: one row for each row of the change
 */
export const unnestColumns = (columns: readonly ColumnField[]): string =>
  `unnest(${columns.map((column, i) => `$${i + 1}::${transportType(column)}[]`).join(', ')})`;

/** Lists are sent as array literals in text, because unnest flattens nested arrays. */
const transportType = (column: ColumnField): string => (column.type.list ? 'text' : sentType(column));

/** @param source SQL for what `unnestColumns` gives for this column @returns SQL for a value of the column's type */
export const transported = (source: string, column: ColumnField): string => storedSql(column, source);

/** @returns one array literal for each column of the rows */
export const columnArrays = (rows: readonly ChangeRow[], width: number): string[] =>
  Array.from({ length: width }, (_, index) => columnArray(rows, index));

function columnArray(rows: readonly ChangeRow[], index: number): string {
  let text = '{';
  for (let i = 0; i < rows.length; i++) {
    if (i > 0) text += ',';
    const value = rows[i]![index];
    text += value === null || value === undefined ? 'NULL' : arrayElement(value);
  }
  return `${text}}`;
}
