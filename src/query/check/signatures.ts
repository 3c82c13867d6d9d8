// The functions of expressions: how many arguments they take, of which types, and the type of their results.

import type { Scalar, ValueType } from '../../catalog/catalog.ts';
import type { Call } from '../ask/expression.ts';
import type { FunctionName } from '../ask/function-name.ts';
import { booleanType, type TypedBound, typeOf } from '../bound/expression.ts';
import { arithmeticType, bigInt, date, dateTime, decimal, float, widest } from './arithmetic.ts';

export type ParameterKind =
  | 'text'
  | 'pattern'
  | 'number'
  | 'moment'
  | 'instant'
  | 'clock'
  | 'duration'
  | 'any'
  | 'list'
  | 'sameList'
  /** A list literal of limited length. */
  | 'literalList';

interface Signature {
  readonly takes: readonly ParameterKind[];
  /** The number of required arguments. Absent: all are required. */
  readonly required?: number;
  readonly gives: ValueType | ((args: readonly TypedBound[], call: Call) => ValueType);
}

const type = (scalar: Scalar, sqlType: string): ValueType => ({ scalar, list: false, sqlType });
const text = type('String', 'text');
const int = type('Int', 'integer');

const textTest: Signature = { takes: ['text', 'text'], gives: booleanType };
const textToText: Signature = { takes: ['text'], gives: text };
const partOfDate: Signature = { takes: ['moment'], gives: int };
const partOfTime: Signature = { takes: ['clock'], gives: int };
const arithmetic: Signature = { takes: ['any', 'any'], gives: (args, call) => arithmeticType(call, args) };
const constant: Signature = { takes: [], gives: dateTime };
const rounding: Signature = {
  takes: ['number'],
  gives: args => (typeOf(args[0]!).scalar === 'Float' ? float : decimal),
};
const listTest: Signature = { takes: ['list', 'sameList'], gives: booleanType };

export const signatures: Readonly<Record<FunctionName, Signature>> = {
  contains: textTest,
  startsWith: textTest,
  endsWith: textTest,
  matchesPattern: { takes: ['text', 'pattern'], gives: booleanType },
  lower: textToText,
  upper: textToText,
  trim: textToText,
  length: { takes: ['text'], gives: int },
  indexOf: { takes: ['text', 'text'], gives: int },
  substring: { takes: ['text', 'number', 'number'], required: 2, gives: text },
  concat: { takes: ['text', 'text'], gives: text },
  year: partOfDate,
  quarter: partOfDate,
  month: partOfDate,
  day: partOfDate,
  hour: partOfTime,
  minute: partOfTime,
  second: partOfTime,
  fractionalSeconds: { takes: ['clock'], gives: decimal },
  totalSeconds: { takes: ['duration'], gives: decimal },
  totalOffsetMinutes: { takes: ['instant'], gives: int },
  date: { takes: ['moment'], gives: date },
  time: { takes: ['clock'], gives: type('Time', 'time') },
  now: constant,
  minDateTime: constant,
  maxDateTime: constant,
  add: arithmetic,
  sub: arithmetic,
  mul: arithmetic,
  div: arithmetic,
  divby: { takes: ['number', 'number'], gives: args => (widest(args).scalar === 'Float' ? float : decimal) },
  mod: { takes: ['number', 'number'], gives: args => (widest(args).scalar === 'BigInt' ? bigInt : decimal) },
  negate: { takes: ['any'], gives: (args, call) => arithmeticType(call, args) },
  round: rounding,
  floor: rounding,
  ceiling: rounding,
  isEmpty: { takes: ['list'], gives: booleanType },
  hasEvery: listTest,
  hasSubsequence: { takes: ['list', 'literalList'], gives: booleanType },
  hasSome: listTest,
};

/** The types that an argument may have. */
export const acceptedBy: Readonly<Record<ParameterKind, readonly Scalar[]>> = {
  text: ['String'],
  pattern: ['String'],
  number: ['Int', 'BigInt', 'Decimal', 'Float'],
  moment: ['DateTime', 'Date'],
  instant: ['DateTime'],
  clock: ['DateTime', 'Time'],
  duration: ['Duration'],
  any: [],
  list: [],
  sameList: [],
  literalList: [],
};
