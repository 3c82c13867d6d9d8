// `{ count sum { price } key { category { name } } }` -> the aggregates and keys, and the shape of the answer.

import type { FieldNode, SelectionSetNode } from 'graphql';
import type { ColumnField, Entity, SqlField } from '../../../catalog/catalog.ts';
import type { AggregateOutput } from '../../../query/ask/aggregate-query.ts';
import {
  type DatePart,
  datePartsOf,
  isFieldAggregate,
  keyTypeName,
  valuesTypeName,
} from '../../model/aggregates.ts';
import { collectFields } from '../arguments/collect-fields.ts';
import type { Translation } from '../arguments/translation.ts';
import type { AggregateParts } from './parts.ts';

interface Context {
  readonly translation: Translation;
  /** Filled with what is selected. */
  readonly parts: AggregateParts;
}

/**
 * @param nodes all fields with the same response key: their selections are merged
 * @param typeName what `__typename` says
 */
export function aggregateToOutputs(
  context: Context,
  entity: Entity,
  nodes: readonly FieldNode[],
  typeName: string,
): AggregateOutput[] {
  return outputs(context, nodes, typeName, (as, name, same) => {
    const at = same[0]!.loc?.start;
    if (name === 'count') return { kind: 'value', as, of: context.parts.aggregate(name, undefined, at) };
    if (name === 'key') return { kind: 'object', as, select: keyOutputs(context, entity, same, []) };
    return { kind: 'object', as, select: valueOutputs(context, entity, name, same) };
  });
}

type ToOutput = (as: string, name: string, nodes: readonly FieldNode[]) => AggregateOutput;

function outputs(
  { translation }: Context,
  nodes: readonly FieldNode[],
  typeName: string,
  toOutput: ToOutput,
): AggregateOutput[] {
  const sets = nodes
    .map(node => node.selectionSet)
    .filter((set): set is SelectionSetNode => set !== undefined);
  return [...collectFields(translation, sets)].map(([as, same]) => {
    const name = same[0]!.name.value;
    return name === '__typename' ? { kind: 'constant', as, value: typeName } : toOutput(as, name, same);
  });
}

function valueOutputs(
  context: Context,
  entity: Entity,
  aggregate: string,
  nodes: readonly FieldNode[],
): AggregateOutput[] {
  if (!isFieldAggregate(aggregate)) throw new Error(`"${aggregate}" is no aggregate.`);
  return outputs(context, nodes, valuesTypeName(entity, aggregate), (as, name, [node]) => ({
    kind: 'value',
    as,
    of: context.parts.aggregate(aggregate, name, node!.loc?.start),
  }));
}

/** @param segments to-one relations that lead to the entity */
function keyOutputs(
  context: Context,
  entity: Entity,
  nodes: readonly FieldNode[],
  segments: readonly string[],
): AggregateOutput[] {
  const { parts, translation } = context;
  return outputs(context, nodes, keyTypeName(entity), (as, name, same) => {
    const field = entity.fields.get(name)!;
    const at = same[0]!.loc?.start;
    const inner = [...segments, name];
    const presentWhere = field.nullable && same[0]!.selectionSet ? parts.presence(inner, at) : undefined;
    if (field.kind === 'relation') {
      const select = keyOutputs(context, translation.target(field.target), same, inner);
      return { kind: 'object', as, select, presentWhere };
    }
    return datePartsOf(field.type)
      ? { kind: 'object', as, select: dateOutputs(context, field as Dated, same, inner), presentWhere }
      : { kind: 'value', as, of: parts.key(inner, 'value', at) };
  });
}

type Dated = ColumnField | SqlField;

const dateOutputs = (
  context: Context,
  { type }: Dated,
  nodes: readonly FieldNode[],
  segments: readonly string[],
): AggregateOutput[] =>
  outputs(context, nodes, keyTypeName(type), (as, part, [node]) => ({
    kind: 'value',
    as,
    of: context.parts.key(segments, part as DatePart, node!.loc?.start),
  }));
