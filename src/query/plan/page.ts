// The rows of a page: condition, order and range.

import type { ColumnField } from '../../catalog/catalog.ts';
import type { Source } from '../bound/expression.ts';
import type { BoundQuery } from '../bound/query.ts';
import { isTightBelow, rootShare } from '../check/cost/row-budget.ts';
import { conditionSql, valueSql } from '../sql/expression.ts';
import { keySql, type Range, type Seek, seekSql } from '../sql/keyset.ts';
import { limitOf, orderSql } from '../sql/page.ts';
import { type Frame, fieldSql, rowFilter, type Statement } from '../sql/statement.ts';
import { identifier } from '../sql/text.ts';

export interface Filter {
  readonly frame: Frame;
  /** The table, or the rows that replace it, under the frame's alias. */
  readonly rows: string;
  /** FROM with the joins that the condition needs. */
  readonly from: string;
  readonly conditions: readonly string[];
}

export function openFilter(statement: Statement, query: BoundQuery): Filter {
  const { entity } = query.source;
  const frame = statement.open(query.source);
  const conditions = rowFilter(entity, frame.alias);
  if (query.where) conditions.push(conditionSql(statement, query.where));
  const rows = `${storeSql(statement, query)} ${frame.alias}`;
  return { frame, rows, from: `${rows}${frame.joins}`, conditions };
}

function storeSql(statement: Statement, { source, sourceRows }: BoundQuery): string {
  const table = identifier(source.entity.table);
  if (sourceRows === undefined) return table;
  return `jsonb_populate_recordset(NULL::${table}, ${statement.parameter(sourceRows, 'jsonb')})`;
}

/** @returns WHERE with a leading space, or nothing if there are no conditions */
export const whereSql = (conditions: readonly string[]): string =>
  conditions.length ? ` WHERE ${conditions.map(sql => `(${sql})`).join(' AND ')}` : '';

export interface PageRows {
  /** The frame from which values of the rows are selected. */
  readonly frame: Frame;
  /** The sort keys as columns of that frame, in the order of the list. */
  readonly keys: readonly string[];
  /** FROM with the joins that the condition and the order need. */
  readonly from: string;
  readonly seek: Seek;
  /** @param columns the SELECT list @returns the whole statement */
  readonly sql: (columns: string) => string;
}

/** To-one relations are joined after the page is cut, so only for its rows. */
export function openRows(statement: Statement, query: BoundQuery, filter: Filter): PageRows {
  const keyOf = query.page ? keySql : valueSql;
  const keys = query.orderBy.map(term => {
    const sql = keyOf(statement, term.by);
    return { term, sql: term.by.kind === 'rank' ? boundedRank(sql, query, filter) : sql };
  });
  const seek = seekSql(statement, keys, query.page);
  const from = `${filter.rows}${filter.frame.joins}`;
  const limit = query.takeIsDefault || query.page ? query.take + 1 : query.take;
  const order = `${orderSql(seek.keys)}${limitOf(statement, query, limit)}`;
  const { alias } = filter.frame;
  const ranges = query.skip ? undefined : seek.ranges;
  const one = `${whereSql([...filter.conditions, ...seek.conditions])}${order}`;
  const several = ranges?.map(range => rangeSql(filter, from, range, limit)).join(' UNION ALL ');
  const rowsOf = (joins: string) =>
    several ? `(${several}) ${alias}${joins}${order}` : `${filter.rows}${joins}${one}`;
  const joinsOne = query.select.some(selection => selection.kind === 'relation' && !selection.relation.list);
  const share = rootShare(query, query.take);
  const sharing = query.cardinality === 'many' && isTightBelow(query.select, share);
  if (!joinsOne && !sharing) {
    filter.frame.share = share;
    // By the time of the call, the selection may have added joins.
    const sql = (columns: string) => `SELECT ${columns} FROM ${rowsOf(filter.frame.joins)}`;
    return { frame: filter.frame, keys: keys.map(key => key.sql), from, seek, sql };
  }
  const page: Source = { entity: query.source.entity };
  const frame = statement.open(page);
  const named = seek.keys.map(({ sql }, index) => `, ${sql} AS "~${index}"`).join('');
  const inner = `SELECT ${several ? `${alias}.*` : wholeRow(alias)}${named} FROM ${rowsOf(filter.frame.joins)}`;
  const counted = `SELECT q.*, (${query.need.budget}::float8 / count(*) OVER ())::float8 AS "~share" FROM (${inner}) q`;
  frame.share = sharing ? { ...share, sql: `${frame.alias}."~share"` } : share;
  const again = seek.keys.map(({ term }, index) => ({ term, sql: `${frame.alias}."~${index}"` }));
  return {
    frame,
    keys: again.map(key => key.sql),
    from,
    seek,
    sql: columns =>
      `SELECT ${columns} FROM (${sharing ? counted : inner}) ${frame.alias}${frame.joins}${orderSql(again)}`,
  };
}

/** The maximum number of rows whose rank is computed: each takes about 20 µs, because it parses the text again. */
export const rankedMax = 5_000;

/** The same rows must be ranked on every page. The others have rank 0. */
function boundedRank(rank: string, { source }: BoundQuery, { frame, from, conditions }: Filter): string {
  const key = source.entity.key.map(name =>
    fieldSql(source.entity.fields.get(name) as ColumnField, source.entity, frame.alias),
  );
  const columns = key.join(', ');
  const ranked = `SELECT ${columns} FROM ${from}${whereSql(conditions)} ORDER BY ${columns} LIMIT ${rankedMax}`;
  return `(CASE WHEN (${columns}) IN (${ranked}) THEN ${rank} ELSE 0 END)::real`;
}

/** `*` does not include the version's column. */
const wholeRow = (alias: string): string => `${alias}.*, ${alias}.xmin`;

const rangeSql = ({ frame, conditions }: Filter, from: string, range: Range, limit: number): string =>
  `(SELECT ${wholeRow(frame.alias)} FROM ${from}${whereSql([...conditions, ...range.conditions])}${orderSql(range.keys)} LIMIT ${limit})`;
