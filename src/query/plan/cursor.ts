// Makes a row's cursor from the columns that hold its sort keys.

import type { RawRow } from '../../base/database/database.ts';
import type { BoundQuery } from '../bound/query.ts';
import type { Cursors } from '../cursor/cursor.ts';
import { keyText } from '../sql/keyset.ts';
import { asksCursors } from './connection.ts';
import type { RowOutput } from './row.ts';

/** @param left how many rows of the list may follow this one, if the list is limited */
export type CursorWriter = (row: RawRow, left?: number) => string;

/** @returns undefined if no cursor is requested */
export function cursorWriter(
  cursors: Cursors,
  query: BoundQuery,
  keys: readonly string[],
  output: RowOutput,
): CursorWriter | undefined {
  const { page } = query;
  if (!page || (!page.next && !asksCursors(query))) return undefined;
  const columns = keys.map(sql => output.column(keyText(sql)));
  return (row, left) => {
    const texts = columns.map(column => row[column] ?? null);
    return cursors.seal(page.order, { keys: texts, left });
  };
}
