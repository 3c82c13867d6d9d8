// Functions: what they take and what they give.

import { fault } from '../base/errors.ts';
import type { Scalar, ValueType } from '../catalog/catalog.ts';
import { booleanType, isNullable, type TypedBound, typeOf } from './bound.ts';
import type { Call, Expr, FunctionName } from './expression.ts';

type Taken = 'text' | 'number' | 'moment' | 'clock' | 'list' | 'sameList';

interface Signature {
  readonly takes: readonly Taken[];
  /** Arguments beyond these may be left out. */
  readonly least?: number;
  readonly gives: ValueType | ((args: readonly TypedBound[]) => ValueType);
}

const type = (scalar: Scalar, sqlType: string): ValueType => ({ scalar, list: false, sqlType });
const text = type('String', 'text');
const int = type('Int', 'integer');
const bigInt = type('BigInt', 'bigint');
const decimal = type('Decimal', 'numeric');
const float = type('Float', 'double precision');

const textTest: Signature = { takes: ['text', 'text'], gives: booleanType };
const textToText: Signature = { takes: ['text'], gives: text };
const partOfDate: Signature = { takes: ['moment'], gives: int };
const partOfTime: Signature = { takes: ['clock'], gives: int };
const arithmetic: Signature = { takes: ['number', 'number'], gives: widest };
const rounding: Signature = {
  takes: ['number'],
  gives: args => (typeOf(args[0]!).scalar === 'Float' ? float : decimal),
};
const listTest: Signature = { takes: ['list', 'sameList'], gives: booleanType };

const signatures: Readonly<Record<FunctionName, Signature>> = {
  contains: textTest,
  startsWith: textTest,
  endsWith: textTest,
  lower: textToText,
  upper: textToText,
  trim: textToText,
  length: { takes: ['text'], gives: int },
  indexOf: { takes: ['text', 'text'], gives: int },
  substring: { takes: ['text', 'number', 'number'], least: 2, gives: text },
  concat: { takes: ['text', 'text'], gives: text },
  year: partOfDate,
  quarter: partOfDate,
  month: partOfDate,
  day: partOfDate,
  hour: partOfTime,
  minute: partOfTime,
  second: partOfTime,
  date: { takes: ['moment'], gives: type('Date', 'date') },
  time: { takes: ['clock'], gives: type('Time', 'time') },
  now: { takes: [], gives: type('DateTime', 'timestamptz') },
  add: arithmetic,
  sub: arithmetic,
  mul: arithmetic,
  div: arithmetic,
  divby: { takes: ['number', 'number'], gives: args => (widest(args).scalar === 'Float' ? float : decimal) },
  mod: { takes: ['number', 'number'], gives: args => (widest(args).scalar === 'BigInt' ? bigInt : decimal) },
  negate: { takes: ['number'], gives: widest },
  round: rounding,
  floor: rounding,
  ceiling: rounding,
  isEmpty: { takes: ['list'], gives: booleanType },
  hasEvery: listTest,
  hasSome: listTest,
};

/** Whole numbers are computed in 64 bits, so that a product of two stock levels does not overflow. */
function widest(args: readonly TypedBound[]): ValueType {
  const scalars = args.map(arg => typeOf(arg).scalar);
  if (scalars.includes('Float')) return float;
  return scalars.includes('Decimal') ? decimal : bigInt;
}

const accepted: Readonly<Record<Taken, readonly Scalar[]>> = {
  text: ['String'],
  number: ['Int', 'BigInt', 'Decimal', 'Float'],
  moment: ['DateTime', 'Date'],
  clock: ['DateTime', 'Time'],
  list: [],
  sameList: [],
};

/** @param bind binds an argument, a literal to the given type @throws INVALID_OPERATION */
export function bindCall(call: Call, bind: (expr: Expr, expected?: ValueType) => TypedBound): TypedBound {
  const { takes, least = takes.length, gives } = signatures[call.name];
  if (call.args.length < least || call.args.length > takes.length) {
    throw fault(
      'INVALID_OPERATION',
      `${call.name} takes ${takes.length} arguments, not ${call.args.length}.`,
      { at: call.at },
    );
  }
  const args: TypedBound[] = [];
  for (const [index, arg] of call.args.entries()) {
    const bound = bind(arg, takes[index] === 'sameList' ? typeOf(args[0]!) : undefined);
    refuseType(call, takes[index]!, bound);
    args.push(bound);
  }
  const unstorable = args.find(arg => arg.kind === 'unstorable');
  if (unstorable) return callUnstorable(call, unstorable);
  return {
    kind: 'call',
    name: call.name,
    args,
    type: typeof gives === 'function' ? gives(args) : gives,
    nullable: args.some(isNullable),
  };
}

function refuseType(call: Call, taken: Taken, bound: TypedBound): void {
  const { list, scalar } = typeOf(bound);
  if (taken === 'list' || taken === 'sameList' ? list : !list && accepted[taken].includes(scalar)) return;
  const expected = {
    text: 'text',
    number: 'a number',
    moment: 'a date',
    clock: 'a time',
    list: 'a list',
    sameList: 'a list',
  };
  throw fault(
    'INVALID_OPERATION',
    `${call.name} takes ${expected[taken]}, not ${list ? 'a list' : scalar}.`,
    { at: call.at },
  );
}

const keepsUnstorable = new Set<FunctionName>(['lower', 'upper', 'trim']);
const falseOfUnstorable = new Set<FunctionName>(['contains', 'startsWith', 'endsWith']);

/** No text contains what no text can hold. */
function callUnstorable(call: Call, unstorable: TypedBound): TypedBound {
  if (keepsUnstorable.has(call.name)) return unstorable;
  if (falseOfUnstorable.has(call.name)) return { kind: 'or', items: [] };
  throw fault('INVALID_VALUE', `${call.name} cannot take text with NUL or half a surrogate pair.`, {
    at: call.at,
  });
}
