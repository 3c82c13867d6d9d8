// A condition, to be asked of a row that is there no more.

import type { Catalog, Entity, RelationField } from '../catalog/catalog.ts';
import { and, type Expr, not, or, path } from '../query/ask/expression.ts';

/**
 * Whatever the row was, its own values are known. Of what it was related to, some may have gone with it; where the
 * condition turns on that, it counts as met.
 * @returns a condition that every row meets that met `where`
 */
export const pastCondition = (catalog: Catalog, entity: Entity, where: Expr): Expr =>
  widened({ catalog, entity }, where, true);

interface Past {
  readonly catalog: Catalog;
  readonly entity: Entity;
}

/** @param wide whether what is not known counts as true: below a negation it has to be false */
function widened(past: Past, expr: Expr, wide: boolean): Expr {
  if (expr.kind === 'and' || expr.kind === 'or')
    return { ...expr, items: expr.items.map(item => widened(past, item, wide)) };
  if (expr.kind === 'not') return { ...expr, item: widened(past, expr.item, !wide) };
  const unknown = unknownIn(past, expr);
  if (unknown === 'nothing') return expr;
  const always: Expr = { kind: 'and', items: [] };
  const lost = unknown === 'everything' ? always : or(unknown.map(relation => isLost(past, relation)));
  return wide ? or([expr, lost]) : and([expr, not(lost)]);
}

/** @returns the to-one relations on whose other ends a condition turns, unless it turns on more than that */
function unknownIn({ entity }: Past, expr: Expr): 'nothing' | 'everything' | readonly RelationField[] {
  const relations = new Set<RelationField>();
  for (const part of partsOf(expr)) {
    if (part.kind === 'lookup') return 'everything';
    if (part.kind !== 'path' || part.variable !== undefined) continue;
    const field = entity.fields.get(String(part.segments?.[0]));
    if (field?.kind !== 'relation') continue;
    if (field.list || field.link.kind === 'table' || !field.link.owner) return 'everything';
    relations.add(field);
  }
  return relations.size === 0 ? 'nothing' : [...relations];
}

type Part = { readonly kind?: unknown; readonly variable?: unknown; readonly segments?: readonly string[] };

function* partsOf(value: unknown): Iterable<Part> {
  if (typeof value !== 'object' || value === null) return;
  if (!Array.isArray(value)) yield value as Part;
  for (const inner of Object.values(value)) yield* partsOf(inner);
}

/** Whether the row referred to another that is not there: it may have been, as long as this one was. */
function isLost({ entity }: Past, relation: RelationField): Expr {
  const local = relation.link.kind === 'columns' ? relation.link.local : [];
  const columns = [...entity.fields.values()].filter(
    field => field.kind === 'column' && local.includes(field.column),
  );
  const refers = columns.map(({ name }) => not({ kind: 'isNull', item: path([name]) }));
  return and([...refers, { kind: 'isNull', item: path([relation.name]) }]);
}
