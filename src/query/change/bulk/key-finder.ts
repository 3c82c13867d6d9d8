// Finds records by one of their keys, many at a time, in a transaction that writes in bulk.

import type { ColumnField, Entity } from '../../../catalog/catalog.ts';
import { identifier } from '../../sql/text.ts';
import { within } from '../sql/batch.ts';
import { columnArrays, transported, unnestColumns } from '../sql/columns.ts';
import type { BulkSession } from './bulk-upsert.ts';

/** @param keys in PostgreSQL's text format @returns the value of each record that exists, by its key */
export type KeyFinder = (keys: readonly string[]) => Promise<ReadonlyMap<string, string>>;

/** @param value the field whose values are returned */
export function keyFinder(
  { session, signal }: BulkSession,
  entity: Entity,
  key: ColumnField,
  value: ColumnField,
): KeyFinder {
  const text = `SELECT r."place", t.${identifier(value.column)}::text
FROM ${unnestColumns([key])} WITH ORDINALITY AS r("key", "place")
JOIN ${identifier(entity.table)} AS t ON t.${identifier(key.column)} = ${transported('r."key"', key)}${within(entity, ' AND ')}`;
  return async keys => {
    if (keys.length === 0) return new Map();
    const values = columnArrays(
      keys.map(one => [one]),
      1,
    );
    const { rows } = await session.query(text, values, { signal });
    return new Map(rows.map(([place, of]) => [keys[Number(place) - 1]!, of!]));
  };
}
