// `{ id name items(take: 3) { product { name } } }` -> what to read.

import type { FieldNode, SelectionSetNode } from 'graphql';
import type { Entity, RelationField } from '../../catalog/catalog.ts';
import type { EntityQuery, Selection } from '../../query/ask/entity-query.ts';
import { aggregatedRelation, aggregateTypeName } from '../model/aggregates.ts';
import { connectedRelation } from '../model/connections.ts';
import { versionFieldOf } from '../model/mutations.ts';
import { countedRelation } from '../model/roots.ts';
import { AggregateParts } from './aggregate/parts.ts';
import { aggregateToOutputs } from './aggregate/to-outputs.ts';
import { collectFields } from './arguments/collect-fields.ts';
import { argumentsOf } from './arguments/input.ts';
import type { Translation } from './arguments/translation.ts';
import { connectionToQuery } from './connection-to-query.ts';
import { listToQuery } from './list-to-query.ts';
import { rowsToExpr } from './where/rows-to-expr.ts';

/** @param nodes all fields with the same response key: their selections are merged */
export function selectionsToSelect(
  translation: Translation,
  entity: Entity,
  nodes: readonly FieldNode[],
): Selection[] {
  const sets = nodes
    .map(node => node.selectionSet)
    .filter((set): set is SelectionSetNode => set !== undefined);
  return [...collectFields(translation, sets)].map(([as, same]) =>
    toSelection(translation, entity, as, same),
  );
}

function toSelection(
  translation: Translation,
  entity: Entity,
  as: string,
  nodes: readonly FieldNode[],
): Selection {
  const node = nodes[0]!;
  const name = node.name.value;
  const at = node.loc?.start;
  if (name === '__typename') return { kind: 'constant', as, value: entity.name };
  if (name === versionFieldOf(entity)) return { kind: 'version', as, at };
  const counted = countedRelation(entity, name);
  if (counted) return toCount(translation, entity, counted, as, node);
  const aggregated = aggregatedRelation(entity, name);
  if (aggregated) return toAggregate(translation, entity, aggregated, as, nodes);
  const connected = connectedRelation(entity, name);
  if (connected) return toConnection(translation, entity, connected, as, nodes);
  const field = entity.fields.get(name);
  if (field?.kind !== 'relation') return { kind: 'field', field: name, as, at };
  return {
    kind: 'relation',
    relation: name,
    as,
    query: toRelatedQuery(translation, entity, field, nodes),
    at,
  };
}

function toCount(
  translation: Translation,
  entity: Entity,
  relation: RelationField,
  as: string,
  node: FieldNode,
): Selection {
  const definition = translation.field(entity, node.name.value);
  const args = argumentsOf(definition, node, translation.variables);
  const target = translation.target(relation.target);
  return {
    kind: 'count',
    relation: relation.name,
    as,
    where: rowsToExpr(translation, target, args),
    at: node.loc?.start,
  };
}

function toAggregate(
  translation: Translation,
  entity: Entity,
  relation: RelationField,
  as: string,
  nodes: readonly FieldNode[],
): Selection {
  const node = nodes[0]!;
  const definition = translation.field(entity, node.name.value);
  const args = argumentsOf(definition, node, translation.variables);
  const target = translation.target(relation.target);
  const parts = new AggregateParts();
  const select = aggregateToOutputs({ translation, parts }, target, nodes, aggregateTypeName(target));
  return {
    kind: 'aggregate',
    relation: relation.name,
    as,
    where: rowsToExpr(translation, target, args),
    aggregates: parts.aggregates,
    select,
    at: node.loc?.start,
  };
}

function toConnection(
  translation: Translation,
  entity: Entity,
  relation: RelationField,
  as: string,
  nodes: readonly FieldNode[],
): Selection {
  const node = nodes[0]!;
  const args = argumentsOf(translation.field(entity, node.name.value), node, translation.variables);
  const target = translation.target(relation.target);
  const query = connectionToQuery(translation, target, nodes, args, selectionsToSelect);
  return { kind: 'relation', relation: relation.name, as, query, at: node.loc?.start };
}

function toRelatedQuery(
  translation: Translation,
  entity: Entity,
  relation: RelationField,
  nodes: readonly FieldNode[],
): EntityQuery {
  const target = translation.target(relation.target);
  const select = selectionsToSelect(translation, target, nodes);
  const node = nodes[0]!;
  if (!relation.list) return { entity: target.name, select, cardinality: 'one', at: node.loc?.start };
  const args = argumentsOf(translation.field(entity, relation.name), node, translation.variables);
  return { ...listToQuery(translation, target, args), select, at: node.loc?.start };
}
