// `aggregate(items/quantity with sum as sold)`: aggregates a field of related rows.

import { type Expr, path } from '../../query/ask/expression.ts';
import type { VisibleEntity, VisibleModel } from '../model/visible-model.ts';
import type { AggregateItem } from '../parse/apply.ts';
import { notServed } from '../url/syntax.ts';

/** @returns the aggregate of one entity's related rows, which is then aggregated like a field; undefined for other items */
export function relatedAggregate(
  { entity }: VisibleEntity,
  { catalog }: VisibleModel,
  { function: name, of: node, at }: AggregateItem,
): Expr | undefined {
  if (node?.kind !== 'member' || node.root !== undefined) return undefined;
  let from = entity;
  for (const [index, segment] of node.names.entries()) {
    const field = from.fields.get(segment);
    if (field?.kind !== 'relation') return undefined;
    if (!field.list) {
      from = catalog.entities.get(field.target)!;
      continue;
    }
    if (name === 'avg' || name === 'countDistinct') {
      throw notServed(`this method over the list "${segment}"`, at, 'Aggregate the related set directly.');
    }
    const variable = 'related';
    const of = path(node.names.slice(index + 1), variable, node.at);
    const over = path(node.names.slice(0, index + 1), undefined, node.at);
    return { kind: 'aggregate', over, variable, function: name, of, at };
  }
  return undefined;
}
