// One root field -> one EntityQuery or AggregateQuery.

import type { FieldNode } from 'graphql';
import type { AggregateQuery } from '../../query/ask/aggregate-query.ts';
import type { EntityQuery } from '../../query/ask/entity-query.ts';
import type { Root } from '../model/roots.ts';
import { toAggregateQuery, toGroupQuery } from './aggregate/root-to-query.ts';
import { argumentsOf } from './arguments/input.ts';
import type { Translation } from './arguments/translation.ts';
import { connectionToQuery } from './connection-to-query.ts';
import { listToQuery } from './list-to-query.ts';
import { selectionsToSelect } from './selections-to-select.ts';
import { oneToWhere } from './where/one-to-where.ts';
import { rowsToExpr } from './where/rows-to-expr.ts';

/**
 * @param nodes all root fields with the same response key
 * @throws INVALID_VALUE, INVALID_OPERATION, with offsets into the document
 */
export function rootToQuery(
  translation: Translation,
  { kind, entity }: Root,
  nodes: readonly FieldNode[],
): EntityQuery | AggregateQuery {
  const node = nodes[0]!;
  const at = node.loc?.start;
  const args = argumentsOf(translation.rootField(node.name.value), node, translation.variables);
  if (kind === 'count') {
    return {
      entity: entity.name,
      select: [],
      where: rowsToExpr(translation, entity, args),
      take: 0,
      cardinality: 'many',
      count: 'exact',
      at,
    };
  }
  if (kind === 'connection') return connectionToQuery(translation, entity, nodes, args, selectionsToSelect);
  if (kind === 'aggregate') return toAggregateQuery(translation, entity, nodes, args);
  if (kind === 'groupBy') return toGroupQuery(translation, entity, nodes, args);
  const select = selectionsToSelect(translation, entity, nodes);
  if (kind === 'list') return { ...listToQuery(translation, entity, args), select, at };
  return { entity: entity.name, select, where: oneToWhere(entity, args, at), cardinality: 'one', at };
}
