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
import { entriesOf, type Input, itemsOf, positionOf } from '../arguments/input.ts';
import { refuseNull } from '../arguments/refuse-null.ts';
import { comparisonOperators } from './comparison-operators.ts';

/** @param path the filtered value @param ignoreCase inherited from the enclosing filter; the filter's own `mode` wins */
export function filterToExpr(path: Expr, type: ValueType, filter: Input, ignoreCase = false): Expr {
  const operators = new Map(entriesOf(filter));
  const mode = operators.get('mode');
  if (mode) refuseNull('mode', mode);
  operators.delete('mode');
  const target: Target = { path, type, ignoreCase: mode ? mode.value === 'insensitive' : ignoreCase };
  return and([...operators].map(([operator, input]) => operatorToExpr(target, operator, input)));
}

interface Target {
  readonly path: Expr;
  readonly type: ValueType;
  readonly ignoreCase: boolean;
}

function operatorToExpr(target: Target, operator: string, input: Input): Expr {
  if (input.value === null && operator === 'equals') return isMissing(target, input);
  if (input.value === null && operator === 'not') return not(isMissing(target, input));
  refuseNull(operator, input);
  const applied = filterFunctions(target.type).find(({ name }) => name === operator);
  if (applied) return conditionOnResult(target, applied, input);
  switch (operator) {
    case 'in':
      return isOneOf(target, input);
    case 'notIn':
      return not(isOneOf(target, input));
    case 'isNull':
      return input.value ? isMissing(target, input) : not(isMissing(target, input));
    case 'NOT':
      return not(filterToExpr(target.path, target.type, input, target.ignoreCase));
    case 'contains':
    case 'startsWith':
    case 'endsWith':
      return textTest(target, operator, input);
    default:
      return comparison(target, comparisonOperators[operator]!, input);
  }
}

/** Case sensitivity applies only to text. */
function conditionOnResult(target: Target, { name, gives }: FilterFunction, input: Input): Expr {
  const type = gives(target.type);
  const ignoreCase = target.ignoreCase && type.scalar === 'String';
  return filterToExpr(call(name, [target.path], positionOf(input)), type, input, ignoreCase);
}

const isMissing = ({ path }: Target, input: Input): Expr => ({
  kind: 'isNull',
  item: path,
  at: positionOf(input),
});

const comparison = (target: Target, operator: ComparisonOperator, input: Input): Expr =>
  compare(operator, subject(target), value(target, input, input.place), positionOf(input));

const textTest = (target: Target, name: FunctionName, input: Input): Expr =>
  call(name, [subject(target), value(target, input)], positionOf(input));

/** The items of an `in` list are plain literals, so ignoring case needs one comparison per item. */
function isOneOf(target: Target, input: Input): Expr {
  const items = itemsOf(input);
  if (target.ignoreCase) return or(items.map(item => comparison(target, 'eq', item)));
  const list = items.map(item => toLiteral(target.type, item));
  return { kind: 'in', item: target.path, list, at: positionOf(input) };
}

const subject = (target: Target): Expr => (target.ignoreCase ? call('lower', [target.path]) : target.path);

/** @param slot a name for the value, if any other value gives the same plan */
function value(target: Target, input: Input, slot?: string): Expr {
  const plain = toLiteral(target.type, input);
  const operand = slot === undefined ? plain : { ...plain, slot };
  return target.ignoreCase ? call('lower', [operand]) : operand;
}

const toLiteral = (type: ValueType, input: Input): Literal =>
  literal(literalValue(type, input.value), undefined, positionOf(input));

const literalValue = (type: ValueType, value: unknown): LiteralValue =>
  type.scalar === 'Json' ? { json: value } : (value as LiteralValue);
