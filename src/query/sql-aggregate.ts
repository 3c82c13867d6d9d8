// Aggregates -> SQL.

import type { Scalar, ValueType } from '../catalog/catalog.ts';
import { type TypedBound, typeOf } from './bound.ts';
import type { AggregateFunction } from './expression.ts';

interface Aggregated {
  readonly function: AggregateFunction;
  readonly of?: TypedBound;
}

/** @param sql gives the SQL of what is aggregated @returns an aggregate over the rows of the FROM clause that it stands in */
export const aggregateSql = ({ function: name, of }: Aggregated, sql: (of: TypedBound) => string): string =>
  of ? ofValue(name, typeOf(of), sql(of)) : 'count(*)';

function ofValue(name: AggregateFunction, type: ValueType, sql: string): string {
  switch (name) {
    case 'count':
      return `count(${sql})`;
    case 'countDistinct':
      return `count(DISTINCT ${sql})`;
    case 'sum':
      // The sum of type real would be of type real.
      return type.scalar === 'Float' ? `sum(${sql}::double precision)` : `sum(${sql})`;
    case 'avg':
      return type.scalar === 'Float' ? `avg(${sql})` : exactAverage(sql);
    default:
      return (extremes[type.scalar] ?? plain)(name, sql);
  }
}

/** avg() stops at 16 digits, which may all stand before the point. This has 16 behind it at the least, where there are so many. */
const exactAverage = (sql: string): string =>
  `trim_scale(sum(${sql}) * 1.0000000000000000 / nullif(count(${sql}), 0))`;

type Extreme = (name: 'min' | 'max', sql: string) => string;

const plain: Extreme = (name, sql) => `${name}(${sql})`;

/** PostgreSQL before 18 knows no least or greatest of these; their texts have the same order. */
const extremes: Partial<Record<Scalar, Extreme>> = {
  Boolean: (name, sql) => `${name === 'min' ? 'bool_and' : 'bool_or'}(${sql})`,
  Uuid: (name, sql) => `${name}((${sql})::text COLLATE "C")::uuid`,
  Bytes: (name, sql) => `decode(${name}(encode(${sql}, 'hex') COLLATE "C"), 'hex')`,
};
