// A row's cursor from the columns that hold its sort keys.

import type { RawRow } from '../../base/database/database.ts';
import type { BoundQuery } from '../bound/query.ts';
import type { Cursors } from '../cursor/cursor.ts';
import { keyText } from '../sql/keyset.ts';
import { asksCursors } from './connection.ts';
import type { RowOutput } from './row.ts';

/** @param left rows of the list behind this one, where it ends before the rows do */
export type CursorWriter = (row: RawRow, left?: number) => string;

/** @returns undefined where no cursor is asked for */
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
