// Result types of arithmetic on numbers, dates and durations.

import { fault } from '../../base/errors.ts';
import type { Scalar, ValueType } from '../../catalog/catalog.ts';
import type { Call } from '../ask/expression.ts';
import { type TypedBound, typeOf } from '../bound/expression.ts';
import { typeName } from './type.ts';

const type = (scalar: Scalar, sqlType: string): ValueType => ({ scalar, list: false, sqlType });
export const bigInt = type('BigInt', 'bigint');
export const decimal = type('Decimal', 'numeric');
export const float = type('Float', 'double precision');
export const duration = type('Duration', 'interval');
export const date = type('Date', 'date');
export const dateTime = type('DateTime', 'timestamptz');

/** Integers are computed in 64 bits, so that the product of two Int fields does not overflow. */
export function widest(args: readonly TypedBound[]): ValueType {
  const scalars = args.map(arg => typeOf(arg).scalar);
  if (scalars.includes('Float')) return float;
  return scalars.includes('Decimal') ? decimal : bigInt;
}

type Kind = 'number' | 'moment' | 'duration';

const kinds: Partial<Record<Scalar, Kind>> = {
  Int: 'number',
  BigInt: 'number',
  Decimal: 'number',
  Float: 'number',
  DateTime: 'moment',
  Date: 'moment',
  Duration: 'duration',
};

type Rule = (args: readonly TypedBound[]) => ValueType;

const momentOf: Rule = args => (args.some(arg => typeOf(arg).scalar === 'Date') ? date : dateTime);
const sums = { 'number number': widest, 'duration duration': () => duration, 'moment duration': momentOf };

const rules: Readonly<Partial<Record<Call['name'], Readonly<Record<string, Rule>>>>> = {
  add: { ...sums, 'duration moment': momentOf },
  sub: { ...sums, 'moment moment': () => duration },
  mul: { 'number number': widest, 'duration number': () => duration, 'number duration': () => duration },
  div: { 'number number': widest, 'duration number': () => duration },
  negate: { number: widest, duration: () => duration },
};

/** @returns the result type of an operator @throws INVALID_OPERATION if it cannot be applied to these operands */
export function arithmeticType(call: Call, args: readonly TypedBound[]): ValueType {
  const rule = rules[call.name]![args.map(arg => kindOf(typeOf(arg))).join(' ')];
  if (rule) return rule(args);
  const operands = args.map(arg => typeName(typeOf(arg))).join(' and ');
  throw fault('INVALID_OPERATION', `${call.name} cannot be applied to ${operands}.`, { at: call.at });
}

const kindOf = ({ list, scalar }: ValueType): Kind | undefined => (list ? undefined : kinds[scalar]);
