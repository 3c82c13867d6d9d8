// BoundAggregateQuery -> one SQL statement: a subquery computes the groups; the outer query filters, sorts and pages them.

import type { Catalog } from '../../catalog/catalog.ts';
import type { OutputFormat } from '../ask/output-format.ts';
import type { BoundAggregateQuery, GroupColumn } from '../bound/aggregate.ts';
import { aggregateSql } from '../sql/aggregate.ts';
import { conditionSql, valueSql } from '../sql/expression.ts';
import { limitOf, orderSql } from '../sql/page.ts';
import { Splices } from '../sql/splice.ts';
import { rowFilter, Statement } from '../sql/statement.ts';
import { identifier } from '../sql/text.ts';
import { ObjectOutputs } from './object-outputs.ts';
import type { Plan } from './plan.ts';
import { rowWriter } from './row-shape.ts';

/** @returns the plan of a checked query */
export function planAggregate(catalog: Catalog, query: BoundAggregateQuery, format: OutputFormat): Plan {
  const statement = new Statement(catalog);
  const groups = groupsSql(statement, query);
  const { alias } = statement.open(query.groups);
  const sql = ({ column }: GroupColumn) => `${alias}.${column}`;
  const output = new ObjectOutputs(query.select, { sql, format });
  const having = query.having ? ` WHERE ${conditionSql(statement, query.having)}` : '';
  const order = orderSql(query.orderBy.map(term => ({ term, sql: valueSql(statement, term.by) })));
  const limit = limitOf(statement, query, query.takeIsDefault ? query.take + 1 : query.take);
  return {
    text: statement.whole(`SELECT ${output.columns} FROM (${groups}) ${alias}${having}${order}${limit}`),
    values: statement.values,
    slots: statement.slots,
    cardinality: query.cardinality,
    writeRow: rowWriter(output.shape),
    counted: false,
    take: query.take,
    splices: new Splices(),
  };
}

/** GROUP BY uses column numbers: the same parameter written twice would be two different expressions. */
export function groupsSql(
  statement: Statement,
  query: Pick<BoundAggregateQuery, 'source' | 'where' | 'keys' | 'aggregates'>,
): string {
  const { entity } = query.source;
  const frame = statement.open(query.source);
  const conditions = rowFilter(entity, frame.alias);
  if (query.where) conditions.push(conditionSql(statement, query.where));
  const columns = [
    ...query.keys.map(({ by, column }) => `${valueSql(statement, by)} AS ${column}`),
    ...query.aggregates.map(
      aggregate => `${aggregateSql(aggregate, of => valueSql(statement, of))} AS ${aggregate.column}`,
    ),
  ];
  const where = conditions.length ? ` WHERE ${conditions.map(sql => `(${sql})`).join(' AND ')}` : '';
  const by = query.keys.map((_, index) => index + 1).join(', ');
  const from = `${identifier(entity.table)} ${frame.alias}${frame.joins}`;
  // Without GROUP BY, only an aggregate reduces all rows to one.
  return `SELECT ${columns.join(', ') || 'count(*)'} FROM ${from}${where}${by && ` GROUP BY ${by}`}`;
}
