// What each aggregate takes and gives.

import { fault } from '../../base/errors.ts';
import type { Scalar, ValueType } from '../../catalog/catalog.ts';
import type { AggregateFunction } from '../ask/expression.ts';

/** Counts are of this type. */
export const countType: ValueType = { scalar: 'Int', list: false, sqlType: 'bigint' };

const type = (scalar: Scalar, sqlType: string): ValueType => ({ scalar, list: false, sqlType });
const bigInt = type('BigInt', 'bigint');
const decimal = type('Decimal', 'numeric');
const float = type('Float', 'double precision');

/** Wide enough for any number of rows: whole numbers of 64 bits may sum up to more than 64 bits. */
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

/** @returns the type of an aggregate of values of this type, or undefined when there is none */
export function aggregateTypeOf(name: AggregateFunction, { list, ...of }: ValueType): ValueType | undefined {
  if (name === 'count') return countType;
  if (list || of.scalar === 'Json') return undefined;
  if (name === 'countDistinct') return countType;
  if (name === 'sum') return sums[of.scalar];
  return name === 'avg' ? averages[of.scalar] : { list, ...of };
}

/** Whether there is no value of an aggregate where there are no rows. */
export const isMissingOfNone = (name: AggregateFunction): boolean =>
  name !== 'count' && name !== 'countDistinct';

/** @param of the type of what is aggregated; absent: rows @throws INVALID_OPERATION */
export function aggregateType(name: AggregateFunction, of: ValueType | undefined, at?: number): ValueType {
  if (!of && name !== 'count') throw fault('INVALID_OPERATION', `${name} needs to be told of what.`, { at });
  const given = of ? aggregateTypeOf(name, of) : countType;
  if (given) return given;
  const taken = name === 'sum' || name === 'avg' ? 'a number' : 'a value with an order';
  throw fault('INVALID_OPERATION', `${name} takes ${taken}, not ${of!.list ? 'a list' : of!.scalar}.`, {
    at,
  });
}
