// Columns that are served as another type (`inet` as text): conversion between the stored and the served value.

import type { ColumnField } from '../../catalog/catalog.ts';

/** @param sql SQL of the stored column @returns SQL of the served value */
export function servedSql({ stored, type }: ColumnField, sql: string): string {
  if (stored === undefined) return sql;
  // The text of money depends on the locale, and casting inet to text adds a netmask, but the elements of a list do not have one.
  if (type.list) return stored === 'money' ? `${sql}::numeric[]` : `${sql}::text::${type.sqlType}[]`;
  return stored === 'inet' ? `abbrev(${sql})` : `${sql}::${type.sqlType}`;
}

/** @returns the type in which single values are sent to the database */
export const sentType = ({ stored, type }: ColumnField): string =>
  stored === 'money' || stored === undefined ? type.sqlType : stored;

/** @param sql SQL of the value sent: of `sentType`, or for a list the text of an array @returns SQL of the value to store */
export function storedSql({ stored, type }: ColumnField, sql: string): string {
  if (!type.list) return stored === 'money' ? `${sql}::money` : sql;
  return stored === 'money' ? `${sql}::numeric[]::money[]` : `${sql}::${stored ?? type.sqlType}[]`;
}
