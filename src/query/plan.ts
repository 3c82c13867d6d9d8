// BoundQuery -> one SQL statement, and how its rows are written as JSON. Callers' values are parameters: equal shapes give equal texts.

import type { Parameter } from '../base/database.ts';
import type { Catalog } from '../catalog/catalog.ts';
import type { BoundQuery, Source } from './bound.ts';
import type { NumberFormat } from './engine.ts';
import { RowOutput } from './plan-row.ts';
import { type RowWriter, rowWriter } from './row-shape.ts';
import { Splices } from './splice.ts';
import { conditionSql, valueSql } from './sql-expression.ts';
import { limitOf, orderSql } from './sql-page.ts';
import { type Frame, rowFilter, Statement } from './sql-statement.ts';
import { identifier } from './sql-text.ts';

export interface Plan {
  readonly text: string;
  readonly values: readonly Parameter[];
  readonly cardinality: 'many' | 'one';
  /** Writes a row as JSON; absent where only the count is asked for. */
  readonly writeRow?: RowWriter;
  /** Whether the first column counts all rows, and the second tells a row from the absence of any. */
  readonly counted: boolean;
  /** Rows to be given; the statement asks for one more where the caller must be told that there are more. */
  readonly take: number;
  readonly splices: Splices;
}

/** @returns the plan of a checked query */
export function planQuery(catalog: Catalog, query: BoundQuery, format: NumberFormat): Plan {
  const statement = new Statement(catalog);
  const splices = new Splices();
  const filter = openFilter(statement, query);
  const plan = { values: statement.values, cardinality: query.cardinality, take: query.take, splices };
  const count = `SELECT count(*) AS n FROM ${filter.from}${filter.where}`;
  if (query.count && query.take === 0) return { ...plan, text: count, counted: true };
  const { sql, writeRow } = pageSql(statement, splices, query, filter, format);
  if (!query.count) return { ...plan, text: sql, writeRow, counted: false };
  const text = `SELECT n.n, p.* FROM (${count}) n LEFT JOIN (${sql}) p ON TRUE`;
  return { ...plan, text, writeRow, counted: true };
}

interface Filter {
  readonly frame: Frame;
  /** FROM with the joins that the condition needs. */
  readonly from: string;
  readonly where: string;
}

function openFilter(statement: Statement, query: BoundQuery): Filter {
  const { entity } = query.source;
  const frame = statement.open(query.source);
  const conditions = rowFilter(entity, frame.alias);
  if (query.where) conditions.push(conditionSql(statement, query.where));
  const where = conditions.length ? ` WHERE ${conditions.map(sql => `(${sql})`).join(' AND ')}` : '';
  return { frame, from: `${identifier(entity.table)} ${frame.alias}${frame.joins}`, where };
}

/** The page's rows. Records that to-one relations lead to are joined after the page is cut, so only for its rows. */
function pageSql(
  statement: Statement,
  splices: Splices,
  query: BoundQuery,
  filter: Filter,
  format: NumberFormat,
): { sql: string; writeRow: RowWriter } {
  const { entity } = query.source;
  const terms = query.orderBy.map(term => ({ term, sql: valueSql(statement, term.by) }));
  const from = `${identifier(entity.table)} ${filter.frame.alias}${filter.frame.joins}`;
  const limit = query.takeIsDefault ? query.take + 1 : query.take;
  const tail = `${filter.where}${orderSql(terms)}${limitOf(statement, query, limit)}`;
  const joinsOne = query.select.some(selection => selection.kind === 'relation' && !selection.relation.list);
  if (!joinsOne) {
    const output = new RowOutput(statement, splices, query, filter.frame, format);
    return {
      sql: `SELECT ${output.columns(query.count)} FROM ${from}${tail}`,
      writeRow: rowWriter(output.shape),
    };
  }
  const keys = terms.map(({ sql }, index) => `, ${sql} AS "~${index}"`).join('');
  const page: Source = { entity };
  const frame = statement.open(page);
  const output = new RowOutput(
    statement,
    splices,
    { ...query, source: page as BoundQuery['source'] },
    frame,
    format,
  );
  const inner = `SELECT ${filter.frame.alias}.*${keys} FROM ${from}${tail}`;
  const again = terms.map(({ term }, index) => ({ term, sql: `${frame.alias}."~${index}"` }));
  return {
    sql: `SELECT ${output.columns(query.count)} FROM (${inner}) ${frame.alias}${frame.joins}${orderSql(again)}`,
    writeRow: rowWriter(output.shape),
  };
}
