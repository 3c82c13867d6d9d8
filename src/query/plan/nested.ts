// Nested lists -> an SQL expression that returns them as JSON text. Concatenating text costs PostgreSQL far less than
// json_build_object and json_agg, and the result is as compact as that of JSON.stringify.

import type {
  ColumnField,
  Entity,
  FunctionField,
  RelationField,
  SqlField,
  ValueType,
} from '../../catalog/catalog.ts';
import type { OutputFormat } from '../ask/output-format.ts';
import { typeOf } from '../bound/expression.ts';
import type { BoundQuery, BoundSelection } from '../bound/query.ts';
import type { Share } from '../bound/share.ts';
import type { ListLimit } from '../check/cost/row-budget.ts';
import { isPlain, listLimit } from '../check/cost/row-budget.ts';
import { conditionSql, valueSql } from '../sql/expression.ts';
import { type Key, keySql } from '../sql/keyset.ts';
import { isOdata, jsonOutput, needsOutput } from '../sql/output.ts';
import { orderSql } from '../sql/page.ts';
import type { Splices } from '../sql/splice.ts';
import {
  type Frame,
  fieldSql,
  presenceSql,
  relatedRows,
  type Statement,
  versionSql,
} from '../sql/statement.ts';
import { constant } from '../sql/text.ts';
import { type BoundedRows, boundedRows } from './bounded-rows.ts';
import { cutSql } from './cut.ts';
import { nestedConnection } from './nested-connection.ts';
import { relatedAggregate } from './related-aggregate.ts';

export interface NestedContext {
  readonly statement: Statement;
  readonly splices: Splices;
  readonly format: OutputFormat;
}

type ListSelection = BoundSelection & { kind: 'relation' };

/** The row whose related rows are listed. */
export interface Near {
  readonly alias: string;
  readonly entity: Entity;
  readonly share: Share;
}

/**
 * @param outputPath path of the list in the answer: `orders.items`
 * @returns an expression of type text: a JSON array, or the object of a connection
 */
export function nestedList(
  context: NestedContext,
  selection: ListSelection,
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
      objectSql(context, { ...query, select }, rows, [], path);
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
  context: NestedContext,
  query: BoundQuery,
  frame: Frame,
  { related, conditions, keys, limit, offset = '', outputPath }: PlainRows,
): string {
  frame.share = limit.below;
  const object = objectSql(context, query, frame, [], outputPath);
  return `SELECT ${object} AS j FROM ${related.from}${frame.joins} WHERE ${conditions.join(' AND ')}${orderSql(keys)} LIMIT ${limit.sql}${offset}`;
}

function sharedRows(
  context: NestedContext,
  query: BoundQuery,
  { frame, from, keys }: BoundedRows,
  outputPath: string,
): string {
  const object = objectSql(context, query, frame, [], outputPath);
  return `SELECT ${object} AS j FROM ${from}${frame.joins}${orderSql(keys)}`;
}

/** @returns an expression of type text, never null: a JSON object with the selection of the row at the end of a path */
function objectSql(
  context: NestedContext,
  query: BoundQuery,
  root: Frame,
  path: readonly RelationField[],
  outputPath: string,
): string {
  const alias = root.join(path);
  context.statement.place(query.source, root.below(path));
  const pieces: string[] = [];
  let fixed = '{';
  for (const [index, selection] of query.select.entries()) {
    fixed += `${index ? ',' : ''}${JSON.stringify(selection.as)}:`;
    if (selection.kind === 'constant') {
      fixed += JSON.stringify(selection.value);
      continue;
    }
    pieces.push(
      constant(fixed),
      memberSql(context, selection, query.source.entity, root, path, alias, outputPath),
    );
    fixed = '';
  }
  return [...pieces, constant(`${fixed}}`)].join(' || ');
}

function memberSql(
  context: NestedContext,
  selection: Exclude<BoundSelection, { kind: 'constant' }>,
  entity: Entity,
  root: Frame,
  path: readonly RelationField[],
  alias: string,
  outputPath: string,
): string {
  const inner = `${outputPath}.${selection.as}`;
  switch (selection.kind) {
    case 'column': {
      const { type, sql } = columnOf(selection.field, entity, alias);
      return jsonOutput(type, sql, context.format);
    }
    case 'function':
      return functionOutput(context.splices, selection.field, entity, alias);
    case 'value':
      return jsonOutput(
        typeOf(selection.value),
        valueSql(context.statement, selection.value),
        context.format,
      );
    case 'version':
      return isOdata(context.format)
        ? `'"W/\\"' || ${versionSql(alias)} || '\\""'`
        : `'"' || ${versionSql(alias)} || '"'`;
    case 'count':
      return `${valueSql(context.statement, selection.count)}::text`;
    case 'aggregate':
      return relatedAggregate(context.statement, context.format, selection, alias);
    case 'relation':
      return selection.relation.list
        ? nestedList(context, selection, { alias, entity, share: root.share! }, inner)
        : recordSql(context, selection, root, path, inner);
  }
}

function recordSql(
  context: NestedContext,
  { query, relation }: ListSelection,
  root: Frame,
  path: readonly RelationField[],
  outputPath: string,
): string {
  const object = objectSql(context, query, root, [...path, relation], outputPath);
  const present = presenceSql(query.source.entity, root.join([...path, relation]));
  return `CASE WHEN ${present} IS NULL THEN 'null' ELSE ${object} END`;
}

/** @returns the type and SQL of a column or SQL field of the row under an alias */
export const columnOf = (
  field: ColumnField | SqlField,
  entity: Entity,
  alias: string,
): { type: ValueType; sql: string } => ({
  type: field.type,
  sql: fieldSql(field, entity, alias),
});

/** @returns an expression of type text: a placeholder for a computed field's value */
export const functionOutput = (
  splices: Splices,
  field: FunctionField,
  entity: Entity,
  alias: string,
): string =>
  splices.functionSql(
    field,
    entity,
    needsOutput(field, name => columnOf(entity.fields.get(name) as ColumnField, entity, alias)),
  );
