// A page of related rows that is cut to its share of what an answer may have, and whose rows know their own shares.

import type { Entity } from '../../catalog/catalog.ts';
import type { ListLimit } from '../check/cost/row-budget.ts';
import type { Key } from '../sql/keyset.ts';
import { orderSql } from '../sql/page.ts';
import type { Frame, Statement } from '../sql/statement.ts';

export interface ListRows {
  readonly entity: Entity;
  /** In `from`. */
  readonly alias: string;
  /** FROM and WHERE. */
  readonly from: string;
  readonly keys: readonly Key[];
  /** OFFSET with its blank, or nothing. */
  readonly offset?: string;
  /** Rows to be read beyond the limit, to tell that there are more. */
  readonly extra: number;
}

export interface BoundedRows {
  /** What is selected of the rows is selected from it. */
  readonly frame: Frame;
  readonly keys: readonly Key[];
  /** What stands behind FROM, the joins of the frame left out. */
  readonly from: string;
}

/**
 * The numbers that are known come first, so that PostgreSQL plans with them: it takes a LIMIT that is computed for a tenth
 * of the rows, and might walk through a whole table in the order of its keys to find them.
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
