// A page of related rows that is limited to its share of the answer's row budget, and computes the shares of its own rows.

import type { Entity } from '../../catalog/catalog.ts';
import type { ListLimit } from '../check/cost/row-budget.ts';
import type { Key } from '../sql/keyset.ts';
import { orderSql } from '../sql/page.ts';
import type { Frame, Statement } from '../sql/statement.ts';

export interface ListRows {
  readonly entity: Entity;
  /** The rows' alias in `from`. */
  readonly alias: string;
  /** FROM and WHERE. */
  readonly from: string;
  readonly keys: readonly Key[];
  /** OFFSET with a leading space, or absent. */
  readonly offset?: string;
  /** Rows to read beyond the limit, to find out whether there are more. */
  readonly extra: number;
}

export interface BoundedRows {
  /** The frame from which values of the rows are selected. */
  readonly frame: Frame;
  readonly keys: readonly Key[];
  /** The FROM item, without the frame's joins. */
  readonly from: string;
}

/**
 * The innermost LIMIT is a constant, so that PostgreSQL plans with it: it assumes that a computed LIMIT returns a tenth of
 * the rows, and might scan a whole table in the order of its keys to find them.
 */
export function boundedRows(statement: Statement, list: ListRows, limit: ListLimit): BoundedRows {
  const { entity, alias, keys, extra, offset = '' } = list;
  const named = keys.map(({ sql }, index) => `, ${sql} AS "~${index}"`).join('');
  const known = `SELECT ${alias}.*, ${alias}.xmin${named} FROM ${list.from}${orderSql(keys)} LIMIT ${limit.cap + extra}${offset}`;
  const within = (of: string) => keys.map(({ term }, index) => ({ term, sql: `${of}."~${index}"` }));
  const more = extra > 0 ? ` + ${extra}` : '';
  const cut = limit.isTight
    ? `SELECT q.* FROM (${known}) q${orderSql(within('q'))} LIMIT ${limit.sql}${more}`
    : known;
  const count = extra > 0 ? `least(count(*) OVER (), ${limit.sql})` : 'count(*) OVER ()';
  const shared = limit.shareSql ? `SELECT q.*, ${limit.shareSql(count)} AS "~share" FROM (${cut}) q` : cut;
  const frame = statement.open({ entity });
  frame.share = { ...limit.below, sql: limit.shareSql && `${frame.alias}."~share"` };
  return { frame, keys: within(frame.alias), from: `(${shared}) ${frame.alias}` };
}
