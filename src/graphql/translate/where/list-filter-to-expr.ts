// `{ has: "new" }` on a list of values -> Expr.

import type { ValueType } from '../../../catalog/catalog.ts';
import {
  and,
  call,
  compare,
  type Expr,
  type Literal,
  type LiteralValue,
  literal,
  not,
  type Path,
} from '../../../query/ask/expression.ts';
import { entriesOf, type Input, positionOf } from '../arguments/input.ts';
import { refuseNull } from '../arguments/refuse-null.ts';

export const listFilterToExpr = (path: Path, type: ValueType, filter: Input): Expr =>
  and(entriesOf(filter).map(([operator, input]) => operatorToExpr(path, type, operator, input)));

function operatorToExpr(path: Path, type: ValueType, operator: string, input: Input): Expr {
  const at = positionOf(input);
  if (input.value === null && operator === 'equals') return { kind: 'isNull', item: path, at };
  refuseNull(operator, input);
  switch (operator) {
    case 'equals':
      return compare('eq', path, listLiteral(type, input, input.value), at);
    case 'has':
      return call('hasEvery', [path, listLiteral(type, input, [input.value])], at);
    case 'hasEvery':
    case 'hasSome':
      return call(operator, [path, listLiteral(type, input, input.value)], at);
    case 'isEmpty':
      return input.value ? call('isEmpty', [path], at) : not(call('isEmpty', [path], at));
    default:
      return input.value ? { kind: 'isNull', item: path, at } : not({ kind: 'isNull', item: path, at });
  }
}

function listLiteral(type: ValueType, input: Input, values: unknown): Literal {
  const items = type.scalar === 'Json' ? (values as unknown[]).map(json => ({ json })) : values;
  return literal(items as LiteralValue, undefined, positionOf(input));
}
