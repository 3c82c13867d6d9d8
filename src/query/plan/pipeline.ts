// BoundPipeline -> one SQL statement: one common table expression per stage, then the rows of each end.

import type { Catalog } from '../../catalog/catalog.ts';
import type { OutputFormat } from '../ask/output-format.ts';
import type { BoundEnd, BoundPipeline, BoundStage, RowsSource } from '../bound/pipeline.ts';
import { aggregateSql } from '../sql/aggregate.ts';
import { conditionSql, valueSql } from '../sql/expression.ts';
import { limitOf, orderSql } from '../sql/page.ts';
import { Splices } from '../sql/splice.ts';
import { type Frame, fieldSql, rowFilter, Statement } from '../sql/statement.ts';
import { identifier } from '../sql/text.ts';
import { groupsSql } from './aggregate.ts';
import { ObjectOutputs } from './object-outputs.ts';
import { whereSql } from './page.ts';
import type { Plan } from './plan.ts';
import { type RowWriter, rowWriter } from './row-shape.ts';

/** @returns the plan of a checked query */
export function planPipeline(catalog: Catalog, pipeline: BoundPipeline, format: OutputFormat): Plan {
  const statement = new Statement(catalog);
  const stages = pipeline.stages.map(
    stage => `${identifier(stage.gives)} AS (${stageSql(statement, stage)})`,
  );
  const { ends, count, take } = pipeline;
  const head = count ? 2 : 0;
  const { sql, writeRow } =
    ends.length === 1
      ? oneEnd(statement, pipeline, ends[0]!, { format, head })
      : severalEnds(statement, pipeline, format, head);
  return {
    text: statement.whole(
      `${stages.length ? `WITH ${stages.join(', ')} ` : ''}${count ? withCount(statement, pipeline, sql) : sql}`,
    ),
    values: statement.values,
    cardinality: 'many',
    writeRow,
    counted: count,
    head: count ? ['count'] : [],
    take,
    splices: new Splices(),
  };
}

function stageSql(statement: Statement, stage: BoundStage): string {
  if (stage.kind === 'group') return groupsSql(statement, stage);
  const frame = statement.open(stage.source);
  const conditions = rowFilter(stage.source.entity, frame.alias);
  if (stage.kind === 'where') conditions.push(conditionSql(statement, stage.where));
  const added = additionsOf(statement, stage).map(addition => `, ${addition}`);
  const tail = stage.kind === 'page' ? pageSql(statement, stage) : '';
  const from = `${identifier(stage.source.entity.table)} ${frame.alias}${frame.joins}`;
  return `SELECT ${frame.alias}.*${added.join('')} FROM ${from}${whereSql(conditions)}${tail}`;
}

function additionsOf(statement: Statement, stage: BoundStage): string[] {
  if (stage.kind === 'compute') {
    return stage.values.map(({ by, column }) => `${valueSql(statement, by)} AS ${identifier(column)}`);
  }
  if (stage.kind !== 'share' && stage.kind !== 'number') return [];
  const keys = stage.by.map(key => valueSql(statement, key)).join(', ');
  const partition = keys && `PARTITION BY ${keys}`;
  if (stage.kind === 'number') {
    const window = `${partition}${orderOf(statement, stage.orderBy)}`;
    return [`row_number() OVER (${window.trim()}) AS ${identifier(stage.column)}`];
  }
  const over = ` OVER (${partition})`;
  return stage.aggregates.map(aggregate => {
    const sql = aggregateSql(aggregate, of => valueSql(statement, of), over);
    return `${sql} AS ${identifier(aggregate.column)}`;
  });
}

function pageSql(statement: Statement, stage: BoundStage & { kind: 'page' }): string {
  const order = orderOf(statement, stage.orderBy);
  const limit = stage.take === undefined ? '' : ` LIMIT ${statement.parameter(stage.take, 'bigint')}`;
  const offset = stage.skip ? ` OFFSET ${statement.parameter(stage.skip, 'bigint')}` : '';
  return `${order}${limit}${offset}`;
}

const orderOf = (statement: Statement, terms: BoundEnd['orderBy']): string =>
  orderSql(terms.map(term => ({ term, sql: valueSql(statement, term.by) })));

interface Rows {
  readonly sql: string;
  readonly writeRow: RowWriter;
}

const limitSql = (statement: Statement, pipeline: BoundPipeline): string =>
  limitOf(statement, pipeline, pipeline.take + 1);

function oneEnd(
  statement: Statement,
  pipeline: BoundPipeline,
  end: BoundEnd,
  { format, head }: { readonly format: OutputFormat; readonly head: number },
): Rows {
  const frame = statement.open(end.source);
  const output = outputsOf(end, frame, format, head);
  const present = head ? 'TRUE AS m, ' : '';
  const order = orderOf(statement, end.orderBy);
  const from = `${fromSql(end.source, frame.alias)}${frame.joins}`;
  const where = whereSql(rowFilter(end.source.entity, frame.alias));
  const sql = `SELECT ${present}${output.columns} FROM ${from}${where}${order}${limitSql(statement, pipeline)}`;
  return { sql, writeRow: rowWriter(output.shape) };
}

const outputsOf = (end: BoundEnd, { alias }: Frame, format: OutputFormat, before: number) => {
  const { entity } = end.source;
  return new ObjectOutputs(end.select, { sql: field => fieldSql(field, entity, alias), format, before });
};

/** All columns become text, since UNION ALL combines those of different ends. */
function severalEnds(
  statement: Statement,
  pipeline: BoundPipeline,
  format: OutputFormat,
  head: number,
): Rows {
  const writers: RowWriter[] = [];
  const outputs = pipeline.ends.map(end => {
    const frame = statement.open(end.source);
    // The end's number is the column before these.
    const output = outputsOf(end, frame, format, head + 1);
    writers.push(rowWriter(output.shape));
    return { end, frame, columns: output.texts };
  });
  const width = Math.max(...outputs.map(({ columns }) => columns.length));
  const parts = outputs.map(({ end, frame, columns }, number) => {
    const order = orderOf(statement, end.orderBy);
    const padded = Array.from(
      { length: width },
      (_, index) => `${columns[index] ?? 'NULL::text'} AS c${index}`,
    );
    const from = `${fromSql(end.source, frame.alias)}${frame.joins}`;
    const where = whereSql(rowFilter(end.source.entity, frame.alias));
    const place = `${number} AS e, row_number() OVER (${order.trim()}) AS r`;
    return `SELECT ${[place, ...padded].join(', ')} FROM ${from}${where}`;
  });
  const columns = ['u.e', ...Array.from({ length: width }, (_, index) => `u.c${index}`)];
  const present = head ? 'TRUE AS m, ' : '';
  const sql = `SELECT ${present}${columns.join(', ')} FROM (${parts.join(' UNION ALL ')}) u ORDER BY u.e, u.r${limitSql(statement, pipeline)}`;
  return { sql, writeRow: row => writers[Number(row[head])]!(row) };
}

const fromSql = ({ entity }: RowsSource, alias: string): string => `${identifier(entity.table)} ${alias}`;

/** A join without a condition must be a nested loop, and its single outer row preserves the page's order. */
function withCount(statement: Statement, { ends }: BoundPipeline, rows: string): string {
  const counts = ends.map(({ source }) => {
    const alias = statement.alias();
    const where = whereSql(rowFilter(source.entity, alias));
    return `(SELECT count(*) FROM ${fromSql(source, alias)}${where})`;
  });
  return `SELECT n.*, p.* FROM (SELECT ${counts.join(' + ')} AS n0) n LEFT JOIN (${rows}) p ON TRUE`;
}
