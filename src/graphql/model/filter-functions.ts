// Functions that filters can apply to a value: `createdAt: { year: { equals: 2026 } }`.

import type { Scalar, ValueType } from '../../catalog/catalog.ts';
import type { FunctionName } from '../../query/ask/function-name.ts';

export interface FilterFunction {
  readonly name: FunctionName;
  /** The type of its result, which further conditions apply to. */
  readonly gives: (type: ValueType) => ValueType;
  readonly description: string;
}

const int: ValueType = { scalar: 'Int', list: false, sqlType: 'integer' };
const date: ValueType = { scalar: 'Date', list: false, sqlType: 'date' };

const toInt = (name: FunctionName, description: string): FilterFunction => ({
  name,
  gives: () => int,
  description,
});
const toSame = (name: FunctionName, description: string): FilterFunction => ({
  name,
  gives: type => type,
  description,
});

const partsOfDate = [
  toInt('year', 'The year.'),
  toInt('quarter', 'The quarter, from 1.'),
  toInt('month', 'The month, from 1.'),
  toInt('day', 'The day of the month, from 1.'),
];
const partsOfTime = [
  toInt('hour', 'The hour, from 0.'),
  toInt('minute', 'The minute, from 0.'),
  toInt('second', 'The second without fractions, from 0.'),
];
const roundings = [
  toSame('round', 'Rounded to the nearest integer; halves are rounded away from zero.'),
  toSame('floor', 'Rounded down to an integer.'),
  toSame('ceiling', 'Rounded up to an integer.'),
];

const byScalar: Partial<Record<Scalar, readonly FilterFunction[]>> = {
  String: [
    toInt('length', 'The number of characters.'),
    toSame('trim', 'Without leading and trailing spaces.'),
  ],
  DateTime: [
    { name: 'date', gives: () => date, description: 'The date, in UTC.' },
    ...partsOfDate,
    ...partsOfTime,
  ],
  Date: partsOfDate,
  Time: partsOfTime,
  Decimal: roundings,
  Float: roundings,
};

/** @returns the functions that filters on values of this type support */
export const filterFunctions = ({ scalar }: ValueType): readonly FilterFunction[] => byScalar[scalar] ?? [];
