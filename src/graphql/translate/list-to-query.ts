// Translates the arguments of a list to a query without a selection.

import type { Entity } from '../../catalog/catalog.ts';
import type { EntityQuery } from '../../query/ask/entity-query.ts';
import { queriedRow } from './arguments/base.ts';
import type { Input } from './arguments/input.ts';
import type { Translation } from './arguments/translation.ts';
import { orderByToTerms } from './order-by-to-terms.ts';
import { searchOf } from './where/rows-to-expr.ts';
import { whereToExpr } from './where/where-to-expr.ts';

export function listToQuery(
  translation: Translation,
  entity: Entity,
  args: ReadonlyMap<string, Input>,
): Omit<EntityQuery, 'select' | 'at'> {
  const where = args.get('where');
  const orderBy = args.get('orderBy');
  return {
    entity: entity.name,
    where: where && whereToExpr(translation, entity, where, queriedRow),
    search: searchOf(args),
    orderBy: orderBy && orderByToTerms(translation, entity, orderBy),
    take: args.get('take')?.value as number | undefined,
    skip: args.get('skip')?.value as number | undefined,
    cardinality: 'many',
  };
}
