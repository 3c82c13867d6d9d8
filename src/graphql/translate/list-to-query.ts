// The arguments of a list -> the query that they make, its selection aside.

import type { Entity } from '../../catalog/catalog.ts';
import type { EntityQuery } from '../../query/ask/entity-query.ts';
import { queriedRow } from './arguments/base.ts';
import type { Given } from './arguments/given.ts';
import type { Translation } from './arguments/translation.ts';
import { orderByToTerms } from './order-by-to-terms.ts';
import { searchOf } from './where/rows-to-expr.ts';
import { whereToExpr } from './where/where-to-expr.ts';

export function listToQuery(
  translation: Translation,
  entity: Entity,
  given: ReadonlyMap<string, Given>,
): Omit<EntityQuery, 'select' | 'at'> {
  const where = given.get('where');
  const orderBy = given.get('orderBy');
  return {
    entity: entity.name,
    where: where && whereToExpr(translation, entity, where, queriedRow),
    search: searchOf(given),
    orderBy: orderBy && orderByToTerms(translation, entity, orderBy),
    take: given.get('take')?.value as number | undefined,
    skip: given.get('skip')?.value as number | undefined,
    cardinality: 'many',
  };
}
