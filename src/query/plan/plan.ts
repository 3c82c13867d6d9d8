// BoundQuery -> one SQL statement, and a function that writes its rows as JSON. Callers' values are parameters: queries of
// the same shape have the same text.

import type { Parameter } from '../../base/database/database.ts';
import type { Catalog } from '../../catalog/catalog.ts';
import type { OutputFormat } from '../ask/output-format.ts';
import type { BoundQuery } from '../bound/query.ts';
import type { Cursors } from '../cursor/cursor.ts';
import { Splices } from '../sql/splice.ts';
import { type PlacedSlot, Statement } from '../sql/statement.ts';
import { type ConnectionWriter, connectionWriter, needsRows } from './connection.ts';
import { type CursorWriter, cursorWriter } from './cursor.ts';
import { type HeadColumn, headColumns, headSql } from './head.ts';
import { openFilter, openRows } from './page.ts';
import { RowOutput } from './row.ts';
import { type ObjectShape, type RowWriter, rowWriter } from './row-shape.ts';

export interface Plan {
  readonly text: string;
  readonly values: readonly Parameter[];
  readonly slots?: readonly PlacedSlot[];
  readonly cardinality: 'many' | 'one';
  /** Writes a row as JSON. Absent if no rows are requested, or a connection writes them. */
  readonly writeRow?: RowWriter;
  /** What `writeRow` writes, for callers that need the values of a row apart. */
  readonly shape?: ObjectShape;
  /** Whether the first column counts all rows. */
  readonly counted: boolean;
  /** Columns about the whole list, before those of the page's rows. The column after them is null if there is no row. */
  readonly head?: readonly HeadColumn[];
  /** The maximum number of rows to return. The statement reads one more if the answer must report that there are more. */
  readonly take: number;
  readonly splices: Splices;
  /** For a list that is paged by cursors. */
  readonly page?: PagePlan;
}

interface PagePlan extends NonNullable<BoundQuery['page']> {
  readonly takeIsDefault: boolean;
  readonly cursor?: CursorWriter;
  readonly connection?: ConnectionWriter;
}

/** @returns the plan of a checked query */
export function planQuery(catalog: Catalog, cursors: Cursors, query: BoundQuery, format: OutputFormat): Plan {
  const statement = new Statement(catalog);
  const splices = new Splices(cursors);
  const filter = openFilter(statement, query);
  const head = headColumns(query);
  const plan = {
    values: statement.values,
    slots: statement.slots,
    cardinality: query.cardinality,
    counted: head.includes('count'),
    take: query.take,
    splices,
    head,
  };
  const { takeIsDefault } = query;
  const totalColumn = (estimated: boolean) => head.indexOf(estimated ? 'estimate' : 'count');
  if (!needsRows(query)) {
    const text = head.length ? `SELECT ${headSql(head, query, filter).join(', ')}` : 'SELECT 1 LIMIT 0';
    const nothing = { shapeOf: noRows, cursor: noRows, totalColumn };
    const connection = query.connection && connectionWriter(query.connection, nothing);
    return {
      ...plan,
      text: statement.whole(text),
      page: query.page && { ...query.page, takeIsDefault, connection },
    };
  }
  const rows = openRows(statement, query, filter);
  const output = new RowOutput({ statement, splices, format }, rows.frame, head.length);
  const cursor = cursorWriter(cursors, query, rows.keys, output);
  const parts = {
    shapeOf: (select: BoundQuery['select'], path: string) => output.shapeOf({ ...query, select }, path),
    cursor: cursor ?? noRows,
    totalColumn,
  };
  const connection = query.connection && connectionWriter(query.connection, parts);
  const shape = connection ? undefined : output.shapeOf(query);
  const page = rows.sql(output.columns());
  // A join without a condition must be a nested loop, and its single outer row preserves the page's order.
  const text =
    head.length === 0
      ? page
      : `SELECT n.*, p.* FROM (SELECT ${headSql(head, query, filter, rows).join(', ')}) n LEFT JOIN (${page}) p ON TRUE`;
  return {
    ...plan,
    text: statement.whole(text),
    writeRow: shape && rowWriter(shape),
    shape,
    page: query.page && { ...query.page, takeIsDefault, cursor, connection },
  };
}

const noRows = (): never => {
  throw new Error('No rows were requested.');
};
