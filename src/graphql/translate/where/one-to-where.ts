// `product(sku: "A-1")` -> Expr.

import { fault } from '../../../base/errors.ts';
import type { Entity } from '../../../catalog/catalog.ts';
import { and, compare, type Expr, type LiteralValue, literal } from '../../../query/ask/expression.ts';
import { waysToOne } from '../../model/roots.ts';
import { pathTo, queriedRow } from '../arguments/base.ts';
import { type Input, positionOf } from '../arguments/input.ts';

/** @throws INVALID_OPERATION unless the arguments are exactly one key */
export function oneToWhere(entity: Entity, args: ReadonlyMap<string, Input>, at?: number): Expr {
  const ways = waysToOne(entity);
  const way = ways.find(names => names.length === args.size && names.every(name => args.has(name)));
  if (!way) throw notOneWay(entity, ways, at);
  return and(way.map(name => isEqual(name, args.get(name)!)));
}

function isEqual(name: string, args: Input): Expr {
  const at = positionOf(args);
  const value = { ...literal(args.value as LiteralValue, undefined, at), slot: args.place };
  return compare('eq', pathTo(queriedRow, name, at), value, at);
}

function notOneWay(entity: Entity, ways: readonly (readonly string[])[], at?: number) {
  const calls = ways.map(way => `${entity.single}(${way.map(name => `${name}: …`).join(', ')})`);
  return fault('INVALID_OPERATION', `"${entity.single}" needs exactly one key, which must not be null.`, {
    hint: `Write ${calls.join(' or ')}.`,
    at,
  });
}
