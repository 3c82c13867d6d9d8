// What is selected of a row -> its output, in one of two forms: raw columns of the page's rows (row.ts), or JSON text that
// the database builds (nested.ts).

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
import { valueSql } from '../sql/expression.ts';
import { needsOutput } from '../sql/output.ts';
import type { Splices } from '../sql/splice.ts';
import { type Frame, fieldSql, type Statement, versionSql } from '../sql/statement.ts';
import { relatedAggregate } from './related-aggregate.ts';

export interface PlanContext {
  readonly statement: Statement;
  readonly splices: Splices;
  readonly format: OutputFormat;
}

/** A row at the end of a path of to-one relations. */
export interface RowPlace {
  readonly root: Frame;
  readonly path: readonly RelationField[];
  /** Path of the row in the answer; empty for a row of the page. */
  readonly outputPath: string;
}

/** The row whose related rows are listed. */
export interface Near {
  readonly alias: string;
  readonly entity: Entity;
  readonly share: Share;
}

export type RelationSelection = BoundSelection & { kind: 'relation' };

/** One form of output. */
export interface Emitter<Output> {
  readonly context: PlanContext;
  /** The same JSON text for every row. */
  fixed(json: string): Output;
  /** A value that its type converts to JSON. */
  value(type: ValueType, sql: string): Output;
  /** An expression that returns JSON text. */
  json(sql: string): Output;
  /** A whole number. */
  count(sql: string): Output;
  /** The version of a row, from its digits. */
  version(sql: string): Output;
  list(selection: RelationSelection, near: Near, outputPath: string): Output;
  record(query: BoundQuery, place: RowPlace): Output;
}

/** @returns the output of each member that is selected of a row, in order */
export function emitMembers<Output>(
  emitter: Emitter<Output>,
  query: BoundQuery,
  place: RowPlace,
): { readonly as: string; readonly output: Output }[] {
  const alias = place.root.join(place.path);
  emitter.context.statement.place(query.source, place.root.below(place.path));
  const emitted = { ...place, alias, entity: query.source.entity };
  return query.select.map(selection => ({
    as: selection.as,
    output: emitMember(emitter, selection, emitted),
  }));
}

interface EmittedRow extends RowPlace {
  readonly alias: string;
  readonly entity: Entity;
}

function emitMember<Output>(emitter: Emitter<Output>, selection: BoundSelection, row: EmittedRow): Output {
  const { statement, splices, format } = emitter.context;
  const { alias, entity } = row;
  switch (selection.kind) {
    case 'constant':
      return emitter.fixed(JSON.stringify(selection.value));
    case 'column': {
      const { type, sql } = columnOf(selection.field, entity, alias);
      return emitter.value(type, sql);
    }
    case 'function':
      return emitter.json(functionOutput(splices, selection.field, entity, alias));
    case 'value':
      return emitter.value(typeOf(selection.value), valueSql(statement, selection.value));
    case 'version':
      return emitter.version(versionSql(alias));
    case 'count':
      return emitter.count(valueSql(statement, selection.count));
    case 'aggregate':
      return emitter.json(relatedAggregate(statement, format, selection, alias));
    case 'relation':
      return emitRelation(emitter, selection, row);
  }
}

function emitRelation<Output>(
  emitter: Emitter<Output>,
  selection: RelationSelection,
  { root, path, outputPath, alias, entity }: EmittedRow,
): Output {
  const { relation, query } = selection;
  const inner = outputPath ? `${outputPath}.${selection.as}` : selection.as;
  return relation.list
    ? emitter.list(selection, { alias, entity, share: root.share! }, inner)
    : emitter.record(query, { root, path: [...path, relation], outputPath: inner });
}

/** @returns the type and SQL of a column or SQL field of the row under an alias */
const columnOf = (
  field: ColumnField | SqlField,
  entity: Entity,
  alias: string,
): { type: ValueType; sql: string } => ({
  type: field.type,
  sql: fieldSql(field, entity, alias),
});

/** @returns an expression of type text: a placeholder for a computed field's value */
const functionOutput = (splices: Splices, field: FunctionField, entity: Entity, alias: string): string =>
  splices.functionSql(
    field,
    entity,
    needsOutput(field, name => columnOf(entity.fields.get(name) as ColumnField, entity, alias)),
  );
