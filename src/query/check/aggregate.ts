// Checks aggregates against the catalog: their arguments, their names and the selected output.

import { fault } from '../../base/errors.ts';
import type { Entity } from '../../catalog/catalog.ts';
import type { AggregateOutput, NamedAggregate, RelatedAggregateSelection } from '../ask/aggregate-query.ts';
import type {
  BoundNamedAggregate,
  BoundOutput,
  BoundRelatedAggregate,
  GroupColumn,
} from '../bound/aggregate.ts';
import { typeOf } from '../bound/expression.ts';
import { aggregateType, isMissingOfNone } from './aggregate-type.ts';
import type { CheckContext } from './context.ts';
import { bindCondition, bindStorable } from './expression.ts';
import type { Scope } from './path.ts';

/** @returns the aggregates over a relation's rows @throws as `checkQuery` */
export function bindRelatedAggregate(
  context: CheckContext,
  entity: Entity,
  selection: RelatedAggregateSelection,
): BoundRelatedAggregate {
  const relation = context.field(entity, selection.relation, selection.at);
  if (relation.kind !== 'relation' || !relation.list) {
    throw fault('INVALID_OPERATION', `"${relation.name}" is not a to-many relation.`, {
      at: selection.at,
    });
  }
  const each = { entity: context.target(relation.target) };
  const scope: Scope = { root: each, variables: new Map() };
  const aggregates = bindAggregates(context, scope, selection.aggregates);
  return {
    kind: 'aggregate',
    as: selection.as,
    relation,
    each,
    where: selection.where && bindCondition(context, scope, selection.where),
    aggregates,
    select: bindOutputs(columnsByName(selection.aggregates, aggregates), selection.select),
  };
}

export const bindAggregates = (
  context: CheckContext,
  scope: Scope,
  aggregates: readonly NamedAggregate[],
): BoundNamedAggregate[] =>
  aggregates.map((aggregate, index) => bindAggregate(context, scope, aggregate, `a${index}`));

function bindAggregate(
  context: CheckContext,
  scope: Scope,
  { function: name, of: expr, at }: NamedAggregate,
  column: string,
): BoundNamedAggregate {
  context.node(at);
  const of = expr && bindStorable(context, scope, expr);
  const type = aggregateType(name, of && typeOf(of), at);
  return { column, function: name, of, type, nullable: isMissingOfNone(name) };
}

type Columns = ReadonlyMap<string, GroupColumn>;

/** @param columns bound from `named`, in the same order @throws INVALID_OPERATION if two have the same name */
export function columnsByName(
  named: readonly (NamedAggregate | { readonly name: string; readonly at?: number })[],
  columns: readonly GroupColumn[],
): Columns {
  const byName = new Map<string, GroupColumn>();
  for (const [index, { name, at }] of named.entries()) {
    if (byName.has(name)) throw fault('INVALID_OPERATION', `The name "${name}" is used twice.`, { at });
    byName.set(name, columns[index]!);
  }
  return byName;
}

export const bindOutputs = (columns: Columns, outputs: readonly AggregateOutput[]): BoundOutput[] =>
  outputs.map(output => bindOutput(columns, output));

function bindOutput(columns: Columns, output: AggregateOutput): BoundOutput {
  if (output.kind === 'constant') return output;
  const { as } = output;
  if (output.kind === 'value') return { kind: 'value', as, column: columnOf(columns, output.of) };
  const { presentWhere } = output;
  return {
    kind: 'object',
    as,
    select: bindOutputs(columns, output.select),
    presentWhere: presentWhere === undefined ? undefined : columnOf(columns, presentWhere),
  };
}

function columnOf(columns: Columns, name: string): GroupColumn {
  const column = columns.get(name);
  if (column) return column;
  throw fault('UNKNOWN_FIELD', `There is no key or aggregate "${name}".`, { target: name });
}
