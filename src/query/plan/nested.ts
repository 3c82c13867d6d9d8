// Nested lists -> an SQL expression that gives them as JSON text. Concatenated text costs PostgreSQL far less than
// json_build_object and json_agg, and comes out as compact as JSON.stringify would write it.

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
import { conditionSql, valueSql } from '../sql/expression.ts';
import { isOdata, jsonOutput, needsOutput } from '../sql/output.ts';
import { limitOf, orderSql } from '../sql/page.ts';
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
import { nestedConnection } from './nested-connection.ts';
import { relatedAggregate } from './related-aggregate.ts';

export interface NestedContext {
  readonly statement: Statement;
  readonly splices: Splices;
  readonly format: OutputFormat;
}

type ListSelection = BoundSelection & { kind: 'relation' };

/**
 * @param near alias of the row whose related rows are listed
 * @param outputPath the list's place in the answer: `orders.items`
 * @returns an expression of type text: a JSON array, or the object of a connection
 */
export function nestedList(
  context: NestedContext,
  selection: ListSelection,
  near: string,
  outputPath: string,
): string {
  const { statement, splices } = context;
  const { query, relation } = selection;
  const frame = statement.open(query.source);
  const related = relatedRows(statement, relation, near, frame.alias);
  if (query.connection) {
    const object = (select: BoundQuery['select'], path: string) =>
      objectSql(context, { ...query, select }, frame, [], path);
    return nestedConnection(query, { statement, splices, frame, related, object, outputPath });
  }
  const conditions = [...related.where];
  if (query.where) conditions.push(`(${conditionSql(statement, query.where)})`);
  const order = orderSql(query.orderBy.map(term => ({ term, sql: valueSql(statement, term.by) })));
  const object = objectSql(context, query, frame, [], outputPath);
  const rows = `SELECT ${object} AS j FROM ${related.from}${frame.joins} WHERE ${conditions.join(' AND ')}${order}${limitOf(statement, query, query.take)}`;
  const cut = query.takeIsDefault
    ? ` || CASE WHEN count(*) >= ${query.take} THEN ${splices.cutSql(outputPath)} ELSE '' END`
    : '';
  return `(SELECT '[' || coalesce(string_agg(l.j, ','), '')${cut} || ']' FROM (${rows}) l)`;
}

/** @returns an expression of type text, never null: a JSON object of what is selected of the row at the end of a path */
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
        ? nestedList(context, selection, alias, inner)
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

/** @returns an expression of type text that marks where a computed field's value goes */
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
