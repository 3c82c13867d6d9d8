// What a nested list reports when it was cut by the default page size, by its share, or with a link to the rest: that there
// are more rows, and where. The statement checks for more rows only if the list has its maximum length.

import type { ColumnField, Entity } from '../../catalog/catalog.ts';
import type { OutputFormat } from '../ask/output-format.ts';
import type { BoundQuery } from '../bound/query.ts';
import { type Key, keyText } from '../sql/keyset.ts';
import { jsonOutput } from '../sql/output.ts';
import { orderSql } from '../sql/page.ts';
import type { Splices } from '../sql/splice.ts';
import { fieldSql } from '../sql/statement.ts';
import { constant } from '../sql/text.ts';

export interface CutList {
  readonly query: BoundQuery;
  readonly splices: Splices;
  readonly format: OutputFormat;
  /** The row that the list belongs to. */
  readonly near: { readonly alias: string; readonly entity: Entity };
  /** FROM and WHERE of all its rows. */
  readonly from: string;
  readonly keys: readonly Key[];
  /** The maximum number of rows, as SQL. */
  readonly limit: string;
  /** The number of rows that are skipped, as SQL. */
  readonly skip?: string;
  readonly outputPath: string;
}

/** @returns an aggregate expression of type text over the returned rows, to append to the list's JSON */
export function cutSql(list: CutList): string {
  const { query, limit } = list;
  const { take, takeIsDefault, continuation, page } = query;
  if (take === 0 || (!takeIsDefault && !continuation)) return '';
  const left = page?.left;
  if (left !== undefined && limit === String(take) && take >= left) return '';
  const isFull = `count(*) >= ${limit}${left === undefined ? '' : ` AND ${limit} < ${left}`}`;
  const mark = continuation ? restSql(list) : moreSql(list);
  return ` || CASE WHEN ${isFull} THEN ${mark} ELSE '' END`;
}

function moreSql({ splices, from, limit, skip, outputPath }: CutList): string {
  const behind = skip === undefined ? limit : `${limit} + ${skip}`;
  return `CASE WHEN EXISTS (SELECT FROM ${from} OFFSET ${behind}) THEN ${splices.cutSql(outputPath)} ELSE '' END`;
}

/** Reads the last returned row, and one more if there is any. */
function restSql(list: CutList): string {
  const { query, splices, near, format, from, keys, limit, skip, outputPath } = list;
  const { as } = query.continuation!;
  const key = near.entity.key.map(name => {
    const field = near.entity.fields.get(name) as ColumnField;
    return jsonOutput(field.type, fieldSql(field, near.entity, near.alias), format);
  });
  const texts = `json_build_array(${[...key, '(array_agg(c.k))[1]', `(${limit})::text`].join(', ')})::text`;
  const link = splices.restSql(query, key.length, texts);
  const mark = `${splices.cutSql(outputPath)} || ${constant(`,${JSON.stringify(as)}:`)} || ${link}`;
  const sortKeys = `json_build_array(${keys.map(({ sql }) => keyText(sql)).join(', ')})::text`;
  const before = skip === undefined ? `${limit} - 1` : `${limit} - 1 + ${skip}`;
  const rows = `SELECT ${sortKeys} AS k FROM ${from}${orderSql(keys)} LIMIT 2 OFFSET ${before}`;
  return `(SELECT CASE WHEN count(*) > 1 THEN ${mark} ELSE '' END FROM (${rows}) c)`;
}
