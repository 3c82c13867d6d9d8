// Checks function calls: the types of arguments and results.

import { fault } from '../../base/errors.ts';
import type { ValueType } from '../../catalog/catalog.ts';
import type { Call, Expr } from '../ask/expression.ts';
import type { FunctionName } from '../ask/function-name.ts';
import { booleanType, isNullable, type TypedBound, typeOf } from '../bound/expression.ts';
import { dateTime, decimal, duration } from './arithmetic.ts';
import { toPattern } from './pattern.ts';
import { acceptedBy, type ParameterKind, signatures } from './signatures.ts';

/** @param bind binds an argument; a literal takes the expected type @throws INVALID_OPERATION */
export function bindCall(call: Call, bind: (expr: Expr, expected?: ValueType) => TypedBound): TypedBound {
  const { takes, required = takes.length, gives } = signatures[call.name];
  if (call.args.length < required || call.args.length > takes.length) {
    throw fault(
      'INVALID_OPERATION',
      `${call.name} takes ${required === takes.length ? '' : `${required} to `}${takes.length} arguments, not ${call.args.length}.`,
      { at: call.at },
    );
  }
  if (call.args.some(isNullLiteral)) return callMissing(call, bind);
  const args: TypedBound[] = [];
  for (const [index, arg] of call.args.entries()) {
    const taken = takes[index]!;
    const bound = bind(
      prepared(taken, arg),
      takesList(taken) && index > 0 ? typeOf(args[0]!) : expectedOf(taken, arg),
    );
    refuseType(call, taken, bound);
    if (taken === 'literalList') refuseLongList(call, bound);
    args.push(bound);
  }
  if (args.some(arg => arg.kind === 'unstorable')) return callUnstorable(call, args);
  return {
    kind: 'call',
    name: call.name,
    args,
    type: typeof gives === 'function' ? gives(args, call) : gives,
    nullable: args.some(isNullable),
  };
}

const isNullLiteral = (expr: Expr): boolean => expr.kind === 'literal' && expr.value === null;

/** A call with a null argument is missing itself. */
function callMissing(call: Call, bind: (expr: Expr, expected?: ValueType) => TypedBound): TypedBound {
  const { takes, gives } = signatures[call.name];
  const args = call.args.map((arg, index) => {
    if (isNullLiteral(arg)) return undefined;
    const bound = bind(prepared(takes[index]!, arg), expectedOf(takes[index]!, arg));
    refuseType(call, takes[index]!, bound);
    return bound;
  });
  const type =
    typeof gives === 'function' ? typeOf(args.find(bound => bound !== undefined) ?? missing(decimal)) : gives;
  return missing(type);
}

/** @returns null as a value of this type */
export const missing = (type: ValueType): TypedBound => ({
  kind: 'value',
  value: null,
  cast: type.sqlType,
  type,
  nullable: true,
});

const prepared = (taken: ParameterKind, arg: Expr): Expr => (taken === 'pattern' ? toPattern(arg) : arg);

/** Text without a type may be read as a number or a date (OData 4.01 Part 2, 5.1.1.14). */
function expectedOf(taken: ParameterKind, arg: Expr): ValueType | undefined {
  if (arg.kind !== 'literal' || arg.type !== undefined || typeof arg.value !== 'string') return undefined;
  return literalTypes[taken];
}

const literalTypes: Partial<Record<ParameterKind, ValueType>> = {
  number: decimal,
  moment: dateTime,
  instant: dateTime,
  duration,
};

const takesList = (taken: ParameterKind): boolean =>
  taken === 'list' || taken === 'sameList' || taken === 'literalList';

/** Limited because the SQL nests one level per value. */
const literalListMax = 100;

/** @throws INVALID_OPERATION, LIMIT_EXCEEDED */
function refuseLongList({ name, at }: Call, bound: TypedBound): void {
  if (bound.kind !== 'value' || !Array.isArray(bound.value)) {
    throw fault('INVALID_OPERATION', `${name} takes a list literal.`, { at });
  }
  if (bound.value.length > literalListMax) {
    throw fault('LIMIT_EXCEEDED', `${name} takes at most ${literalListMax} values.`, { at });
  }
}

/** Functions that OData defines for lists as well as text. */
const listFunctions = new Set<FunctionName>([
  'contains',
  'startsWith',
  'endsWith',
  'length',
  'indexOf',
  'substring',
  'concat',
]);

function refuseType(call: Call, taken: ParameterKind, bound: TypedBound): void {
  const { list, scalar } = typeOf(bound);
  if (taken === 'any') return;
  if (takesList(taken) ? list : !list && acceptedBy[taken].includes(scalar)) return;
  if (list && listFunctions.has(call.name)) {
    throw fault('NOT_IMPLEMENTED', `${call.name} of a list is not supported.`, { at: call.at });
  }
  const expected = {
    text: 'text',
    pattern: 'text',
    number: 'a number',
    moment: 'a date',
    instant: 'a date with a time',
    clock: 'a time',
    duration: 'a duration',
    list: 'a list',
    sameList: 'a list',
    literalList: 'a list',
  };
  throw fault(
    'INVALID_OPERATION',
    `${call.name} takes ${expected[taken]}, not ${list ? 'a list' : scalar}.`,
    { at: call.at },
  );
}

const keepsUnstorable = new Set<FunctionName>(['lower', 'upper', 'trim']);
const falseOfUnstorable = new Set<FunctionName>(['contains', 'startsWith', 'endsWith']);

/** No stored text contains text that cannot be stored. */
function callUnstorable(call: Call, args: readonly TypedBound[]): TypedBound {
  if (keepsUnstorable.has(call.name)) return args[0]!;
  if (falseOfUnstorable.has(call.name)) return falseUnlessMissing(args.find(isNullable));
  throw fault(
    'INVALID_VALUE',
    `${call.name} cannot take text with a NUL character or an unpaired surrogate.`,
    {
      at: call.at,
    },
  );
}

function falseUnlessMissing(value: TypedBound | undefined): TypedBound {
  const never: TypedBound = { kind: 'or', items: [] };
  if (!value) return never;
  const isPresent: TypedBound = { kind: 'not', item: { kind: 'isNull', item: value } };
  return {
    kind: 'case',
    branches: [{ when: isPresent, value: never }],
    type: booleanType,
    nullable: true,
  };
}
