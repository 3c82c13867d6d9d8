// `{ gte: 10, lt: 20 }` on one value -> Expr.

import type { ValueType } from '../../../catalog/catalog.ts';
import {
  and,
  type ComparisonOperator,
  call,
  compare,
  type Expr,
  type FunctionName,
  type Literal,
  type LiteralValue,
  literal,
  not,
  or,
} from '../../../query/ask/expression.ts';
import { type FilterFunction, filterFunctions } from '../../model/filter-functions.ts';
import { entriesOf, type Given, itemsOf, positionOf } from '../arguments/given.ts';
import { refuseNull } from '../arguments/refuse-null.ts';
import { comparisonOperators } from './comparison-operators.ts';

/** @param path what the filter is on @param ignoreCase what an enclosing filter says; its own `mode` goes before */
export function filterToExpr(path: Expr, type: ValueType, filter: Given, ignoreCase = false): Expr {
  const operators = new Map(entriesOf(filter));
  const mode = operators.get('mode');
  if (mode) refuseNull('mode', mode);
  operators.delete('mode');
  const target: Target = { path, type, ignoreCase: mode ? mode.value === 'insensitive' : ignoreCase };
  return and([...operators].map(([operator, given]) => operatorToExpr(target, operator, given)));
}

interface Target {
  readonly path: Expr;
  readonly type: ValueType;
  readonly ignoreCase: boolean;
}

function operatorToExpr(target: Target, operator: string, given: Given): Expr {
  if (given.value === null && operator === 'equals') return isMissing(target, given);
  if (given.value === null && operator === 'not') return not(isMissing(target, given));
  refuseNull(operator, given);
  const applied = filterFunctions(target.type).find(({ name }) => name === operator);
  if (applied) return conditionOnResult(target, applied, given);
  switch (operator) {
    case 'in':
      return isOneOf(target, given);
    case 'notIn':
      return not(isOneOf(target, given));
    case 'isNull':
      return given.value ? isMissing(target, given) : not(isMissing(target, given));
    case 'NOT':
      return not(filterToExpr(target.path, target.type, given, target.ignoreCase));
    case 'contains':
    case 'startsWith':
    case 'endsWith':
      return textTest(target, operator, given);
    default:
      return comparison(target, comparisonOperators[operator]!, given);
  }
}

/** Whether case matters is asked for text only. */
function conditionOnResult(target: Target, { name, gives }: FilterFunction, given: Given): Expr {
  const type = gives(target.type);
  const ignoreCase = target.ignoreCase && type.scalar === 'String';
  return filterToExpr(call(name, [target.path], positionOf(given)), type, given, ignoreCase);
}

const isMissing = ({ path }: Target, given: Given): Expr => ({
  kind: 'isNull',
  item: path,
  at: positionOf(given),
});

const comparison = (target: Target, operator: ComparisonOperator, given: Given): Expr =>
  compare(operator, subject(target), value(target, given, given.place), positionOf(given));

const textTest = (target: Target, name: FunctionName, given: Given): Expr =>
  call(name, [subject(target), value(target, given)], positionOf(given));

/** The items of an `in` list are plain literals, so ignoring case takes a comparison for each. */
function isOneOf(target: Target, given: Given): Expr {
  const items = itemsOf(given);
  if (target.ignoreCase) return or(items.map(item => comparison(target, 'eq', item)));
  const list = items.map(item => toLiteral(target.type, item));
  return { kind: 'in', item: target.path, list, at: positionOf(given) };
}

const subject = (target: Target): Expr => (target.ignoreCase ? call('lower', [target.path]) : target.path);

/** @param slot a name for the value, where the condition is the same for any other */
function value(target: Target, given: Given, slot?: string): Expr {
  const plain = toLiteral(target.type, given);
  const operand = slot === undefined ? plain : { ...plain, slot };
  return target.ignoreCase ? call('lower', [operand]) : operand;
}

const toLiteral = (type: ValueType, given: Given): Literal =>
  literal(literalValue(type, given.value), undefined, positionOf(given));

const literalValue = (type: ValueType, value: unknown): LiteralValue =>
  type.scalar === 'Json' ? { json: value } : (value as LiteralValue);
