// `productsAggregate` and `productsGroupBy` -> AggregateQuery.

import type { FieldNode } from 'graphql';
import { fault } from '../../../base/errors.ts';
import type { Entity } from '../../../catalog/catalog.ts';
import type { AggregateQuery } from '../../../query/ask/aggregate-query.ts';
import { aggregateTypeName, groupTypeName } from '../../model/aggregates.ts';
import type { Input } from '../arguments/input.ts';
import type { Translation } from '../arguments/translation.ts';
import { rowsToExpr } from '../where/rows-to-expr.ts';
import { groupOrderToTerms } from './group-order-to-terms.ts';
import { havingToExpr } from './having-to-expr.ts';
import { AggregateParts } from './parts.ts';
import { aggregateToOutputs } from './to-outputs.ts';

type Arguments = ReadonlyMap<string, Input>;

/** @param nodes all root fields with the same response key */
export function toAggregateQuery(
  translation: Translation,
  entity: Entity,
  nodes: readonly FieldNode[],
  args: Arguments,
): AggregateQuery {
  const parts = new AggregateParts();
  const select = aggregateToOutputs({ translation, parts }, entity, nodes, aggregateTypeName(entity));
  return {
    kind: 'aggregate',
    entity: entity.name,
    where: rowsToExpr(translation, entity, args),
    aggregates: parts.aggregates,
    select,
    cardinality: 'one',
    at: nodes[0]!.loc?.start,
  };
}

/** @throws INVALID_OPERATION if nothing is selected under `key` */
export function toGroupQuery(
  translation: Translation,
  entity: Entity,
  nodes: readonly FieldNode[],
  args: Arguments,
): AggregateQuery {
  const parts = new AggregateParts();
  const select = aggregateToOutputs({ translation, parts }, entity, nodes, groupTypeName(entity));
  const at = nodes[0]!.loc?.start;
  if (parts.keys.length === 0) throw nothingToGroupBy(entity, at);
  const having = args.get('having');
  const orderBy = args.get('orderBy');
  return {
    kind: 'aggregate',
    entity: entity.name,
    where: rowsToExpr(translation, entity, args),
    groupBy: parts.keys,
    having: having && havingToExpr(parts, entity, having),
    orderBy: orderBy && groupOrderToTerms(translation, parts, entity, orderBy),
    aggregates: parts.aggregates,
    take: args.get('take')?.value as number | undefined,
    skip: args.get('skip')?.value as number | undefined,
    select,
    cardinality: 'many',
    at,
  };
}

const nothingToGroupBy = ({ set }: Entity, at?: number) =>
  fault('INVALID_OPERATION', `"${set}GroupBy" has no field to group by.`, {
    hint: `Select fields under "key", or use "${set}Aggregate" to aggregate all rows.`,
    at,
  });
