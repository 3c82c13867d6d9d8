// Columns of types that are served as another one (`inet` as text): what stands between the column and its value.

import type { ColumnField } from '../../catalog/catalog.ts';

/** @param sql of the column as it is stored @returns SQL of the value as it is served */
export function servedSql({ stored, type }: ColumnField, sql: string): string {
  if (stored === undefined) return sql;
  // Money has no text that is the same everywhere, and a cast of inet to text adds a mask: lists take their own text.
  if (type.list) return stored === 'money' ? `${sql}::numeric[]` : `${sql}::text::${type.sqlType}[]`;
  return stored === 'inet' ? `abbrev(${sql})` : `${sql}::${type.sqlType}`;
}

/** @returns the type in which single values travel to the database */
export const sentType = ({ stored, type }: ColumnField): string =>
  stored === 'money' || stored === undefined ? type.sqlType : stored;

/** @param sql of what travelled: of `sentType`, or for a list the text of an array @returns SQL that the column takes */
export function storedSql({ stored, type }: ColumnField, sql: string): string {
  if (!type.list) return stored === 'money' ? `${sql}::money` : sql;
  return stored === 'money' ? `${sql}::numeric[]::money[]` : `${sql}::${stored ?? type.sqlType}[]`;
}
