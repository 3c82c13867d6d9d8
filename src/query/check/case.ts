// Checks conditional values.

import { fault } from '../../base/errors.ts';
import type { ValueType } from '../../catalog/catalog.ts';
import type { Case, Expr } from '../ask/expression.ts';
import { type Bound, type TypedBound, typeOf } from '../bound/expression.ts';
import { widest } from './arithmetic.ts';
import { refuseUnequalTypes } from './type.ts';

interface Bind {
  readonly condition: (expr: Expr) => Bound;
  /** @param expected the type for literals */
  readonly value: (expr: Expr, expected?: ValueType) => TypedBound;
}

/** @returns a value of the branches' common type @throws INVALID_OPERATION if they have none */
export function bindCase({ branches, at }: Case, bind: Bind): TypedBound {
  const conditions = branches.map(({ when }) => bind.condition(when));
  const values = branches.map(({ value }) => value).filter(value => !isNull(value));
  const leading = values.find(value => value.kind !== 'literal') ?? values[0];
  if (!leading) throw fault('INVALID_OPERATION', 'At least one of the values must not be null.', { at });
  const first = bind.value(leading);
  const expected = typeOf(first);
  if (expected.list || expected.scalar === 'Json') {
    throw fault('NOT_IMPLEMENTED', 'Lists and JSON cannot depend on a condition.', { at });
  }
  const others = values.filter(value => value !== leading);
  const bound = new Map(others.map(value => [value, bind.value(value, literalType(expected, value))]));
  bound.set(leading, first);
  for (const value of bound.values()) refuseUnequalTypes(expected, typeOf(value), at);
  const type = commonType(expected, [...bound.values()]);
  const missing: TypedBound = { kind: 'value', value: null, cast: type.sqlType, type, nullable: true };
  return {
    kind: 'case',
    branches: branches.map(({ value }, index) => ({
      when: conditions[index]!,
      value: bound.get(value) ?? missing,
    })),
    type,
    nullable: true,
  };
}

const isNull = (expr: Expr): boolean => expr.kind === 'literal' && expr.value === null;

/** A number literal keeps its own type, which may be wider. */
const literalType = (expected: ValueType, expr: Expr): ValueType | undefined =>
  expr.kind === 'literal' && expr.type !== undefined && isNumber(expected) ? undefined : expected;

const isNumber = ({ scalar }: ValueType): boolean =>
  scalar === 'Int' || scalar === 'BigInt' || scalar === 'Decimal' || scalar === 'Float';

function commonType(expected: ValueType, values: readonly TypedBound[]): ValueType {
  if (isNumber(expected)) return widest(values);
  return values.map(typeOf).find(type => type.scalar === 'DateTime') ?? expected;
}
