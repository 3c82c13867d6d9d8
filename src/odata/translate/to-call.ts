// Calls -> Expr: canonical functions, casts and type tests.

import type { Catalog } from '../../catalog/catalog.ts';
import { call, type Expr, path } from '../../query/ask/expression.ts';
import { toScalar, toType, typeNameOf } from '../model/type-names.ts';
import type { CallNode, ODataExpression } from '../parse/odata-expression.ts';
import { notServed, syntaxError } from '../url/syntax.ts';
import { toFunctionName } from './function-names.ts';

export interface CallContext {
  readonly catalog: Catalog;
  /** The variable of the row that paths start from, if it is not the current row. */
  readonly row?: string;
  readonly translate: (node: ODataExpression) => Expr;
}

/** @throws NOT_IMPLEMENTED, INVALID_OPERATION for unknown functions, INVALID_VALUE for unknown types, SYNTAX_ERROR */
export function toCall(context: CallContext, node: CallNode): Expr {
  const { name, args, named, at } = node;
  if (named) throw notServed('functions of a model in an expression', at);
  switch (name.toLowerCase()) {
    case 'cast':
      return toCast(context, node);
    case 'isof':
      return toTypeTest(context, node);
    default: {
      const served = toFunctionName(name, at);
      return call(served, args.map(context.translate), at);
    }
  }
}

function toCast({ catalog, translate }: CallContext, { args, at }: CallNode): Expr {
  const [item, type] = args;
  if (args.length === 1) throw notServed('casts of a whole entity', at);
  if (args.length !== 2) throw syntaxError('cast needs a value and a type.', at);
  const to = toScalar(typeNameOf(type!), catalog, type!.at);
  return { kind: 'cast', item: translate(item!), to, at };
}

/** Without a value, it tests the row itself. */
function toTypeTest({ catalog, row, translate }: CallContext, { args, at }: CallNode): Expr {
  const type = args.at(-1);
  if (!type || args.length > 2) throw syntaxError('isof needs a value and a type.', at);
  const item = args.length === 2 ? translate(args[0]!) : path([], row, at);
  return { kind: 'isOf', item, type: toType(typeNameOf(type), catalog, type.at), at };
}
