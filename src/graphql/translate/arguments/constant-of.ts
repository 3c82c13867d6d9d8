import type { Expr } from '../../../query/ask/expression.ts';

/** @returns whether a condition is true, or false, whatever the row; undefined where it depends on the row */
export function constantOf(expr: Expr): boolean | undefined {
  switch (expr.kind) {
    case 'and':
      return junction(expr.items, false);
    case 'or':
      return junction(expr.items, true);
    case 'not': {
      const inner = constantOf(expr.item);
      return inner === undefined ? undefined : !inner;
    }
    case 'in':
      return expr.list.length === 0 ? false : undefined;
    case 'all':
      return expr.where === undefined || constantOf(expr.where) === true ? true : undefined;
    case 'any':
      return expr.where !== undefined && constantOf(expr.where) === false ? false : undefined;
    default:
      return undefined;
  }
}

/** @param decisive the value of one item that decides for all */
function junction(items: readonly Expr[], decisive: boolean): boolean | undefined {
  const values = items.map(constantOf);
  if (values.includes(decisive)) return decisive;
  return values.includes(undefined) ? undefined : !decisive;
}
