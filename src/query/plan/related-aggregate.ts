// Aggregates of a to-many relation -> an SQL expression that returns them as JSON text, with one subquery for all of them.

import type { OutputFormat } from '../ask/output-format.ts';
import type { BoundOutput, BoundRelatedAggregate, GroupColumn } from '../bound/aggregate.ts';
import { aggregateSql } from '../sql/aggregate.ts';
import { conditionSql, valueSql } from '../sql/expression.ts';
import { jsonOutput } from '../sql/output.ts';
import { relatedRows, type Statement } from '../sql/statement.ts';
import { constant } from '../sql/text.ts';

/** @param near alias of the row whose related rows are aggregated @returns an expression of type text: a JSON object */
export function relatedAggregate(
  statement: Statement,
  format: OutputFormat,
  { relation, each, where, aggregates, select }: BoundRelatedAggregate,
  near: string,
): string {
  const frame = statement.open(each);
  const related = relatedRows(statement, relation, near, frame.alias);
  const conditions = [...related.where];
  if (where) conditions.push(`(${conditionSql(statement, where)})`);
  const values = new Map<GroupColumn, string>(
    aggregates.map(aggregate => [aggregate, aggregateSql(aggregate, of => valueSql(statement, of))]),
  );
  const json = objectSql(select, column => jsonOutput(column.type, values.get(column)!, format));
  // Without GROUP BY, only an aggregate reduces all rows to one.
  const one = aggregates.length > 0 ? '' : ' HAVING count(*) >= 0';
  return `(SELECT ${json} FROM ${related.from}${frame.joins} WHERE ${conditions.join(' AND ')}${one})`;
}

function objectSql(select: readonly BoundOutput[], value: (column: GroupColumn) => string): string {
  const members = select.map((output, index) => {
    const name = constant(`${index ? ',' : ''}${JSON.stringify(output.as)}:`);
    return `${name} || ${memberSql(output, value)}`;
  });
  return ["'{'", ...members, "'}'"].join(' || ');
}

function memberSql(output: BoundOutput, value: (column: GroupColumn) => string): string {
  switch (output.kind) {
    case 'constant':
      return constant(JSON.stringify(output.value));
    case 'object':
      return objectSql(output.select, value);
    case 'value':
      return value(output.column);
  }
}
