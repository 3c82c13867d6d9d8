// BoundAggregateQuery -> one SQL statement: the groups inside, their filter, order and page around them.

import type { Catalog } from '../catalog/catalog.ts';
import type { BoundAggregateQuery, BoundOutput, GroupColumn } from './bound-aggregate.ts';
import type { OutputFormat } from './engine.ts';
import type { Plan } from './plan.ts';
import { type ObjectShape, type RowShape, rowWriter } from './row-shape.ts';
import { Splices } from './splice.ts';
import { aggregateSql } from './sql-aggregate.ts';
import { conditionSql, valueSql } from './sql-expression.ts';
import { rawOutput } from './sql-output.ts';
import { limitOf, orderSql } from './sql-page.ts';
import { rowFilter, Statement } from './sql-statement.ts';
import { identifier } from './sql-text.ts';

/** @returns the plan of a checked query */
export function planAggregate(catalog: Catalog, query: BoundAggregateQuery, format: OutputFormat): Plan {
  const statement = new Statement(catalog);
  const groups = groupsSql(statement, query);
  const { alias } = statement.open(query.groups);
  const output = new GroupOutput(query.select, alias, format);
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

/** Columns are grouped by their number: the same parameter written twice would make two different expressions. */
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
  // Only with an aggregate are all rows one.
  return `SELECT ${columns.join(', ') || 'count(*)'} FROM ${from}${where}${by && ` GROUP BY ${by}`}`;
}

class GroupOutput {
  readonly shape: ObjectShape;
  readonly #alias: string;
  readonly #format: OutputFormat;
  readonly #expressions: string[] = [];

  constructor(select: readonly BoundOutput[], alias: string, format: OutputFormat) {
    this.#alias = alias;
    this.#format = format;
    this.shape = this.#object(select);
  }

  /** The SELECT list. */
  get columns(): string {
    return this.#expressions.map((sql, index) => `${sql} AS c${index}`).join(', ') || '1 AS c0';
  }

  #object(select: readonly BoundOutput[], presentWhere?: GroupColumn): ObjectShape {
    const members = select.map(output => ({ as: output.as, shape: this.#member(output) }));
    const presence = presentWhere && this.#add(`nullif(${this.#sql(presentWhere)}, FALSE)`);
    return { kind: 'object', members, presence };
  }

  #member(output: BoundOutput): RowShape {
    switch (output.kind) {
      case 'constant':
        return { kind: 'fixed', json: JSON.stringify(output.value) };
      case 'object':
        return this.#object(output.select, output.presentWhere);
      case 'value': {
        const { sql, kind } = rawOutput(output.column.type, this.#sql(output.column), this.#format);
        return { kind: 'column', column: this.#add(sql), write: kind };
      }
    }
  }

  #sql = ({ column }: GroupColumn): string => `${this.#alias}.${column}`;

  #add(sql: string): number {
    const known = this.#expressions.indexOf(sql);
    return known === -1 ? this.#expressions.push(sql) - 1 : known;
  }
}
