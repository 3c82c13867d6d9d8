// Argument and result types of aggregates.

import { fault } from '../../base/errors.ts';
import type { Scalar, ValueType } from '../../catalog/catalog.ts';
import type { AggregateFunction } from '../ask/expression.ts';

/** The type of counts. */
export const countType: ValueType = { scalar: 'Int', list: false, sqlType: 'bigint' };

const type = (scalar: Scalar, sqlType: string): ValueType => ({ scalar, list: false, sqlType });
const bigInt = type('BigInt', 'bigint');
const decimal = type('Decimal', 'numeric');
const float = type('Float', 'double precision');

/** Wide enough for any number of rows: 64-bit integers may add up to more than 64 bits. */
const sums: Partial<Record<Scalar, ValueType>> = {
  Int: bigInt,
  BigInt: decimal,
  Decimal: decimal,
  Float: float,
};
const averages: Partial<Record<Scalar, ValueType>> = {
  Int: decimal,
  BigInt: decimal,
  Decimal: decimal,
  Float: float,
};

/** @returns the type of an aggregate over values of this type, or undefined if it cannot be applied */
export function aggregateTypeOf(name: AggregateFunction, { list, ...of }: ValueType): ValueType | undefined {
  if (name === 'count') return countType;
  if (list || of.scalar === 'Json') return undefined;
  if (name === 'countDistinct') return countType;
  if (name === 'sum') return sums[of.scalar];
  return name === 'avg' ? averages[of.scalar] : { list, ...of };
}

/** Whether an aggregate over no rows is missing. */
export const isMissingOfNone = (name: AggregateFunction): boolean =>
  name !== 'count' && name !== 'countDistinct';

/** @param of the type of the aggregated values; absent: rows @throws INVALID_OPERATION */
export function aggregateType(name: AggregateFunction, of: ValueType | undefined, at?: number): ValueType {
  if (!of && name !== 'count')
    throw fault('INVALID_OPERATION', `${name} requires a value to aggregate.`, { at });
  const type = of ? aggregateTypeOf(name, of) : countType;
  if (type) return type;
  const expected = name === 'sum' || name === 'avg' ? 'a number' : 'a value that can be sorted';
  throw fault('INVALID_OPERATION', `${name} takes ${expected}, not ${of!.list ? 'a list' : of!.scalar}.`, {
    at,
  });
}
