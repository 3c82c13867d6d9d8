// Nested lists -> an SQL expression that returns them as JSON text. Concatenating text costs PostgreSQL far less than
// json_build_object and json_agg, and the result is as compact as that of JSON.stringify.

import type { ValueType } from '../../catalog/catalog.ts';
import type { BoundQuery } from '../bound/query.ts';
import type { ListLimit } from '../check/cost/row-budget.ts';
import { isPlain, listLimit } from '../check/cost/row-budget.ts';
import { conditionSql, valueSql } from '../sql/expression.ts';
import { type Key, keySql } from '../sql/keyset.ts';
import { isOdata, jsonOutput } from '../sql/output.ts';
import { orderSql } from '../sql/page.ts';
import { type Frame, presenceSql, relatedRows } from '../sql/statement.ts';
import { constant } from '../sql/text.ts';
import { type BoundedRows, boundedRows } from './bounded-rows.ts';
import { cutSql } from './cut.ts';
import {
  type Emitter,
  emitMembers,
  type Near,
  type PlanContext,
  type RelationSelection,
  type RowPlace,
} from './emit-selection.ts';
import { nestedConnection } from './nested-connection.ts';

/**
 * @param outputPath path of the list in the answer: `orders.items`
 * @returns an expression of type text: a JSON array, or the object of a connection
 */
export function nestedList(
  context: PlanContext,
  selection: RelationSelection,
  near: Near,
  outputPath: string,
): string {
  const { statement, splices, format } = context;
  const { query, relation } = selection;
  const frame = statement.open(query.source);
  const related = relatedRows(statement, relation, near.alias, frame.alias);
  const limit = listLimit(query, near.share);
  if (query.connection) {
    const object = (select: BoundQuery['select'], path: string, rows: Frame) =>
      objectSql(context, { ...query, select }, rootPlace(rows, path));
    return nestedConnection(query, { statement, splices, frame, related, object, outputPath, limit });
  }
  const conditions = [...related.where];
  if (query.where) conditions.push(`(${conditionSql(statement, query.where)})`);
  const keyOf = query.page ? keySql : valueSql;
  const keys = query.orderBy.map(term => ({ term, sql: keyOf(statement, term.by) }));
  const skip = query.skip ? statement.parameter(query.skip, 'bigint') : undefined;
  const offset = skip && ` OFFSET ${skip}`;
  const from = `${related.from}${frame.joins} WHERE ${conditions.join(' AND ')}`;
  const cut = cutSql({ query, splices, format, near, from, keys, limit: limit.sql, skip, outputPath });
  const list = { entity: query.source.entity, alias: frame.alias, from, keys, offset, extra: 0 };
  const rows = isPlain(limit)
    ? plainRows(context, query, frame, { related, conditions, keys, limit, offset, outputPath })
    : sharedRows(context, query, boundedRows(statement, list, limit), outputPath);
  return `(SELECT '[' || coalesce(string_agg(l.j, ','), '') || ']'${cut} FROM (${rows}) l)`;
}

interface PlainRows {
  readonly related: { readonly from: string };
  readonly conditions: readonly string[];
  readonly keys: readonly Key[];
  readonly limit: ListLimit;
  readonly offset?: string;
  readonly outputPath: string;
}

function plainRows(
  context: PlanContext,
  query: BoundQuery,
  frame: Frame,
  { related, conditions, keys, limit, offset = '', outputPath }: PlainRows,
): string {
  frame.share = limit.below;
  const object = objectSql(context, query, rootPlace(frame, outputPath));
  return `SELECT ${object} AS j FROM ${related.from}${frame.joins} WHERE ${conditions.join(' AND ')}${orderSql(keys)} LIMIT ${limit.sql}${offset}`;
}

function sharedRows(
  context: PlanContext,
  query: BoundQuery,
  { frame, from, keys }: BoundedRows,
  outputPath: string,
): string {
  const object = objectSql(context, query, rootPlace(frame, outputPath));
  return `SELECT ${object} AS j FROM ${from}${frame.joins}${orderSql(keys)}`;
}

const rootPlace = (root: Frame, outputPath: string): RowPlace => ({ root, path: [], outputPath });

/** @returns an expression of type text, never null: a JSON object with the selection of the row at the end of a path */
function objectSql(context: PlanContext, query: BoundQuery, place: RowPlace): string {
  const pieces: string[] = [];
  let fixed = '{';
  const members = emitMembers(new JsonEmitter(context), query, place);
  for (const [index, { as, output }] of members.entries()) {
    fixed += `${index ? ',' : ''}${JSON.stringify(as)}:`;
    if ('json' in output) {
      fixed += output.json;
      continue;
    }
    pieces.push(constant(fixed), output.sql);
    fixed = '';
  }
  return [...pieces, constant(`${fixed}}`)].join(' || ');
}

/** Fixed JSON text, or an expression of type text that returns it. */
type JsonText = { readonly json: string } | { readonly sql: string };

class JsonEmitter implements Emitter<JsonText> {
  readonly context: PlanContext;

  constructor(context: PlanContext) {
    this.context = context;
  }

  fixed(json: string): JsonText {
    return { json };
  }

  value(type: ValueType, sql: string): JsonText {
    return { sql: jsonOutput(type, sql, this.context.format) };
  }

  json(sql: string): JsonText {
    return { sql };
  }

  count(sql: string): JsonText {
    return { sql: `${sql}::text` };
  }

  version(sql: string): JsonText {
    return { sql: isOdata(this.context.format) ? `'"W/\\"' || ${sql} || '\\""'` : `'"' || ${sql} || '"'` };
  }

  list(selection: RelationSelection, near: Near, outputPath: string): JsonText {
    return { sql: nestedList(this.context, selection, near, outputPath) };
  }

  record(query: BoundQuery, place: RowPlace): JsonText {
    const object = objectSql(this.context, query, place);
    const present = presenceSql(query.source.entity, place.root.join(place.path));
    return { sql: `CASE WHEN ${present} IS NULL THEN 'null' ELSE ${object} END` };
  }
}
