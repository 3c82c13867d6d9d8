// The columns about the whole list, before those of the page's rows.

import type { BoundQuery } from '../bound/query.ts';
import type { Beyond } from '../sql/keyset.ts';
import { constant, identifier } from '../sql/text.ts';
import { asksPageInfo, totalsOf } from './connection.ts';
import { type Filter, type PageRows, whereSql } from './page.ts';

/** How many rows there are, exactly or estimated, and whether there are any before or after the range of the cursors. */
export type HeadColumn = 'count' | 'estimate' | 'earlier' | 'later';

export function headColumns(query: BoundQuery): HeadColumn[] {
  const totals = totalsOf(query);
  const columns: HeadColumn[] = [];
  if (query.count || totals.exact) columns.push('count');
  if (totals.estimated) columns.push('estimate');
  if (query.page?.after && asksPageInfo(query, 'hasPreviousPage')) columns.push('earlier');
  if (query.page?.before && asksPageInfo(query, 'hasNextPage')) columns.push('later');
  return columns;
}

/** @param rows absent if no rows are requested @returns the columns as a SELECT list */
export const headSql = (
  columns: readonly HeadColumn[],
  query: BoundQuery,
  filter: Filter,
  rows?: PageRows,
): string[] => columns.map((column, index) => `${columnSql(column, query, filter, rows)} AS n${index}`);

function columnSql(column: HeadColumn, query: BoundQuery, filter: Filter, rows?: PageRows): string {
  switch (column) {
    case 'count':
      return `(${countSql(filter)})`;
    case 'estimate':
      return estimateSql(query, filter);
    case 'earlier':
      return existsSql(filter, rows!, rows!.seek.upToAfter!);
    case 'later':
      return existsSql(filter, rows!, rows!.seek.fromBefore!);
  }
}

const countSql = ({ from, conditions }: Filter): string =>
  `SELECT count(*) FROM ${from}${whereSql(conditions)}`;

/** EXISTS would ignore the order, and might read half of the table to find a row. */
const existsSql = ({ conditions }: Filter, { from }: PageRows, { condition, order }: Beyond): string =>
  `coalesce((SELECT TRUE FROM ${from}${whereSql([...conditions, condition])} ORDER BY ${order} LIMIT 1), FALSE)`;

/** Smaller tables are always counted, which is fast. */
const countedBytes = 1_048_576;

/**
 * The planner's own estimate: rows per block at the last ANALYZE, times the current number of blocks. It ignores conditions,
 * so a list with conditions is counted.
 */
function estimateSql({ source }: BoundQuery, filter: Filter): string {
  if (filter.conditions.length > 0) return `(${countSql(filter)})`;
  const table = constant(identifier(source.entity.table));
  const blocks = `pg_relation_size(c.oid) / current_setting('block_size')::integer`;
  const estimated = `round(c.reltuples::numeric / c.relpages * (${blocks}))::bigint`;
  const known = `c.reltuples > 0 AND c.relpages > 0 AND pg_relation_size(c.oid) > ${countedBytes}`;
  return `(SELECT CASE WHEN ${known} THEN ${estimated} ELSE (${countSql(filter)}) END FROM pg_class c WHERE c.oid = ${table}::regclass)`;
}
