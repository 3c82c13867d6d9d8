// Rewrites a condition for a deleted row.

import type { Catalog, Entity, RelationField } from '../catalog/catalog.ts';
import { and, type Expr, not, or, path } from '../query/ask/expression.ts';

/**
 * The row's own last values are known, but related rows may have been deleted too. Where the condition depends on those, it
 * counts as met.
 * @returns a condition that every row meets that met `where`
 */
export const pastCondition = (catalog: Catalog, entity: Entity, where: Expr): Expr =>
  widened({ catalog, entity }, where, true);

interface Past {
  readonly catalog: Catalog;
  readonly entity: Entity;
}

/** @param wide whether unknown parts count as true: below a negation they must count as false */
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

/** @returns the to-one relations that a condition depends on, or 'everything' if it depends on more */
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

/** Whether the row referenced a row that no longer exists: that may have existed as long as this one did. */
function isLost({ entity }: Past, relation: RelationField): Expr {
  const local = relation.link.kind === 'columns' ? relation.link.local : [];
  const columns = [...entity.fields.values()].filter(
    field => field.kind === 'column' && local.includes(field.column),
  );
  const refers = columns.map(({ name }) => not({ kind: 'isNull', item: path([name]) }));
  return and([...refers, { kind: 'isNull', item: path([relation.name]) }]);
}
