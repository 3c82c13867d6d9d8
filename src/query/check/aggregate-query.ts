// AggregateQuery -> BoundAggregateQuery. As in query.ts: checked against the catalog and the limits; access.ts decides on the
// references that are collected.

import { fault } from '../../base/errors.ts';
import type { ColumnField, Entity } from '../../catalog/catalog.ts';
import type { AggregateQuery, GroupKey } from '../ask/aggregate-query.ts';
import type { BoundAggregateQuery, BoundGroupKey, GroupColumn } from '../bound/aggregate.ts';
import { isNullable, typeOf } from '../bound/expression.ts';
import { bindAggregates, bindOutputs, columnsByName } from './aggregate.ts';
import type { CheckContext } from './context.ts';
import { costOfGroups } from './cost/cost-of-groups.ts';
import { bindCondition, bindStorable } from './expression.ts';
import { bindOrderTerms, endedBy } from './order.ts';
import type { Scope } from './path.ts';
import { checkSkip, checkTake } from './query.ts';
import { refuseUnordered } from './type.ts';

/** @throws UNKNOWN_ENTITY, UNKNOWN_FIELD, INVALID_VALUE, INVALID_OPERATION, LIMIT_EXCEEDED */
export function checkAggregateQuery(context: CheckContext, query: AggregateQuery): BoundAggregateQuery {
  const entity = context.catalog.entities.get(query.entity);
  if (!entity) throw fault('UNKNOWN_ENTITY', `There is no entity "${query.entity}".`, { at: query.at });
  context.references.push({ entity, at: query.at });
  const source = { entity };
  const scope: Scope = { root: source, variables: new Map() };
  const { groupBy = [] } = query;
  const where = query.where && bindCondition(context, scope, query.where);
  const keys = groupBy.map((key, index) => bindGroupKey(context, scope, key, `k${index}`));
  const aggregates = bindAggregates(context, scope, query.aggregates);
  const columns = columnsByName([...groupBy, ...query.aggregates], [...keys, ...aggregates]);
  const groups = { entity: groupEntity(entity, columns) };
  const groupScope: Scope = { root: groups, variables: new Map() };
  const take = query.cardinality === 'one' ? 1 : checkTake(context, query);
  const bound: BoundAggregateQuery = {
    source,
    where,
    keys,
    aggregates,
    groups,
    having: query.having && bindCondition(context, groupScope, query.having),
    // The keys are unique among groups.
    orderBy: endedBy(
      groupScope,
      groups.entity,
      groupBy.map(({ name }) => name),
      bindOrderTerms(context, groupScope, query.orderBy, query.at),
    ),
    take,
    takeIsDefault: query.take === undefined && query.cardinality === 'many',
    skip: checkSkip(query),
    cardinality: query.cardinality,
    select: bindOutputs(columns, query.select),
  };
  context.spend({ cost: costOfGroups(context.statistics, bound) }, query.at);
  return bound;
}

/** @param column the key's column name in the statement */
export function bindGroupKey(
  context: CheckContext,
  scope: Scope,
  { by, at }: GroupKey,
  column: string,
): BoundGroupKey {
  const bound = bindStorable(context, scope, by);
  refuseUnordered(typeOf(bound), at);
  return { column, by: bound, type: typeOf(bound), nullable: isNullable(bound) };
}

/** @returns the groups as an entity whose columns are the keys and the aggregates */
export function groupEntity(entity: Entity, columns: ReadonlyMap<string, GroupColumn>): Entity {
  const fields = [...columns].map(([name, column]) => [name, columnField(name, column)] as const);
  return {
    name: entity.name,
    set: entity.set,
    single: entity.single,
    table: entity.table,
    fields: new Map(fields),
    key: [],
    uniques: [],
    search: [],
  };
}

/** @returns a field of rows that the statement computes */
export const columnField = (name: string, { column, type, nullable }: GroupColumn): ColumnField => ({
  kind: 'column',
  name,
  column,
  type,
  nullable,
  hasDefault: false,
  updatedAt: false,
});
