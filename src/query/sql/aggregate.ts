// Aggregates -> SQL.

import type { Scalar, ValueType } from '../../catalog/catalog.ts';
import type { AggregateFunction } from '../ask/expression.ts';
import { type TypedBound, typeOf } from '../bound/expression.ts';

interface Aggregated {
  readonly function: AggregateFunction;
  readonly of?: TypedBound;
}

/**
 * @param sql gives the SQL of what is aggregated
 * @param over ` OVER (...)` for an aggregate that is added to rows
 * @returns an aggregate over the rows of the FROM clause that it stands in
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
      // The sum of type real would be of type real.
      return `sum(${type.scalar === 'Float' ? `${sql}::double precision` : sql})${over}`;
    case 'avg':
      return type.scalar === 'Float' ? `avg(${sql})${over}` : exactAverage(sql, over);
    default:
      return (extremes[type.scalar] ?? plain)(name, sql, over);
  }
}

/** avg() stops at 16 digits, which may all stand before the point. This has 16 behind it at the least, where there are so many. */
const exactAverage = (sql: string, over: string): string =>
  `trim_scale(sum(${sql})${over} * 1.0000000000000000 / nullif(count(${sql})${over}, 0))`;

type Extreme = (name: 'min' | 'max', sql: string, over: string) => string;

const plain: Extreme = (name, sql, over) => `${name}(${sql})${over}`;

/** PostgreSQL before 18 knows no least or greatest of these; their texts have the same order. */
const extremes: Partial<Record<Scalar, Extreme>> = {
  Boolean: (name, sql, over) => `${name === 'min' ? 'bool_and' : 'bool_or'}(${sql})${over}`,
  Uuid: (name, sql, over) => `(${name}((${sql})::text COLLATE "C")${over})::uuid`,
  Bytes: (name, sql, over) => `decode(${name}(encode(${sql}, 'hex') COLLATE "C")${over}, 'hex')`,
};
