// Aggregates -> SQL.

import type { Scalar, ValueType } from '../../catalog/catalog.ts';
import type { AggregateFunction } from '../ask/expression.ts';
import { type TypedBound, typeOf } from '../bound/expression.ts';

interface Aggregated {
  readonly function: AggregateFunction;
  readonly of?: TypedBound;
}

/**
 * @param sql returns the SQL of the aggregated value
 * @param over ` OVER (...)` for an aggregate that is added to rows
 * @returns an aggregate over the rows of the enclosing FROM clause
 */
export const aggregateSql = (
  { function: name, of }: Aggregated,
  sql: (of: TypedBound) => string,
  over = '',
): string => (of ? ofValue(name, typeOf(of), sql(of), over) : `count(*)${over}`);

function ofValue(name: AggregateFunction, type: ValueType, sql: string, over: string): string {
  switch (name) {
    case 'count':
      return `count(${sql})${over}`;
    case 'countDistinct':
      return `count(DISTINCT ${sql})${over}`;
    case 'sum':
      // sum(real) would be of type real.
      return `sum(${type.scalar === 'Float' ? `${sql}::double precision` : sql})${over}`;
    case 'avg':
      return type.scalar === 'Float' ? `avg(${sql})${over}` : exactAverage(sql, over);
    default:
      return (extremes[type.scalar] ?? plain)(name, sql, over);
  }
}

/** avg() keeps 16 significant digits, which may all be before the decimal point. This keeps at least 16 decimal places. */
const exactAverage = (sql: string, over: string): string =>
  `trim_scale(sum(${sql})${over} * 1.0000000000000000 / nullif(count(${sql})${over}, 0))`;

type Extreme = (name: 'min' | 'max', sql: string, over: string) => string;

const plain: Extreme = (name, sql, over) => `${name}(${sql})${over}`;

/** PostgreSQL before 18 has no min() and max() for these types; as text, they sort in the same order. */
const extremes: Partial<Record<Scalar, Extreme>> = {
  Boolean: (name, sql, over) => `${name === 'min' ? 'bool_and' : 'bool_or'}(${sql})${over}`,
  Uuid: (name, sql, over) => `(${name}((${sql})::text COLLATE "C")${over})::uuid`,
  Bytes: (name, sql, over) => `decode(${name}(encode(${sql}, 'hex') COLLATE "C")${over}, 'hex')`,
};
