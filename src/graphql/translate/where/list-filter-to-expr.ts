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
import { entriesOf, type Given, positionOf } from '../arguments/given.ts';
import { refuseNull } from '../arguments/refuse-null.ts';

export const listFilterToExpr = (path: Path, type: ValueType, filter: Given): Expr =>
  and(entriesOf(filter).map(([operator, given]) => operatorToExpr(path, type, operator, given)));

function operatorToExpr(path: Path, type: ValueType, operator: string, given: Given): Expr {
  const at = positionOf(given);
  if (given.value === null && operator === 'equals') return { kind: 'isNull', item: path, at };
  refuseNull(operator, given);
  switch (operator) {
    case 'equals':
      return compare('eq', path, listLiteral(type, given, given.value), at);
    case 'has':
      return call('hasEvery', [path, listLiteral(type, given, [given.value])], at);
    case 'hasEvery':
    case 'hasSome':
      return call(operator, [path, listLiteral(type, given, given.value)], at);
    case 'isEmpty':
      return given.value ? call('isEmpty', [path], at) : not(call('isEmpty', [path], at));
    default:
      return given.value ? { kind: 'isNull', item: path, at } : not({ kind: 'isNull', item: path, at });
  }
}

function listLiteral(type: ValueType, given: Given, values: unknown): Literal {
  const items = type.scalar === 'Json' ? (values as unknown[]).map(json => ({ json })) : values;
  return literal(items as LiteralValue, undefined, positionOf(given));
}
