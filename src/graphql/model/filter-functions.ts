// What filters on a value can look at besides the value itself: `createdAt: { year: { equals: 2026 } }`.

import type { Scalar, ValueType } from '../../catalog/catalog.ts';
import type { FunctionName } from '../../query/ask/expression.ts';

export interface FilterFunction {
  readonly name: FunctionName;
  /** The type of what it gives, on which further conditions stand. */
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
  toInt('year', 'Its year.'),
  toInt('quarter', 'Its quarter, from 1.'),
  toInt('month', 'Its month, from 1.'),
  toInt('day', 'Its day of the month, from 1.'),
];
const partsOfTime = [
  toInt('hour', 'Its hour, from 0.'),
  toInt('minute', 'Its minute, from 0.'),
  toInt('second', 'Its whole seconds, from 0.'),
];
const roundings = [
  toSame('round', 'The whole number next to it; from the middle, away from zero.'),
  toSame('floor', 'The greatest whole number that is not greater.'),
  toSame('ceiling', 'The least whole number that is not less.'),
];

const byScalar: Partial<Record<Scalar, readonly FilterFunction[]>> = {
  String: [
    toInt('length', 'How many characters it has.'),
    toSame('trim', 'It without the blanks at both ends.'),
  ],
  DateTime: [
    { name: 'date', gives: () => date, description: 'Its day, in UTC.' },
    ...partsOfDate,
    ...partsOfTime,
  ],
  Date: partsOfDate,
  Time: partsOfTime,
  Decimal: roundings,
  Float: roundings,
};

/** @returns the functions that a filter on values of this type knows */
export const filterFunctions = ({ scalar }: ValueType): readonly FilterFunction[] => byScalar[scalar] ?? [];
