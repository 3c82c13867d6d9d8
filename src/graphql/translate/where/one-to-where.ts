// `product(sku: "A-1")`: the one way that is given -> Expr.

import { fault } from '../../../base/errors.ts';
import type { Entity } from '../../../catalog/catalog.ts';
import { and, compare, type Expr, type LiteralValue, literal } from '../../../query/ask/expression.ts';
import { waysToOne } from '../../model/roots.ts';
import { pathTo, queriedRow } from '../arguments/base.ts';
import { type Given, positionOf } from '../arguments/given.ts';

/** @throws INVALID_OPERATION when no way, or more than one, is given */
export function oneToWhere(entity: Entity, given: ReadonlyMap<string, Given>, at?: number): Expr {
  const ways = waysToOne(entity);
  const way = ways.find(names => names.length === given.size && names.every(name => given.has(name)));
  if (!way) throw notOneWay(entity, ways, at);
  return and(way.map(name => isEqual(name, given.get(name)!)));
}

function isEqual(name: string, given: Given): Expr {
  const at = positionOf(given);
  const value = { ...literal(given.value as LiteralValue, undefined, at), slot: given.place };
  return compare('eq', pathTo(queriedRow, name, at), value, at);
}

function notOneWay(entity: Entity, ways: readonly (readonly string[])[], at?: number) {
  const calls = ways.map(way => `${entity.single}(${way.map(name => `${name}: …`).join(', ')})`);
  return fault(
    'INVALID_OPERATION',
    `"${entity.single}" takes exactly one way to tell which one, and it must not be null.`,
    {
      hint: `Write ${calls.join(' or ')}.`,
      at,
    },
  );
}
