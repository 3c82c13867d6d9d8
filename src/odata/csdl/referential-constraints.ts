import type { RelationField } from '../../catalog/catalog.ts';
import type { VisibleEntity } from '../model/visible-model.ts';

/**
 * @returns the pairs of fields that link a to-one relation to the primary key of its target; none when the foreign key is
 * on the other side or the caller may not see the fields (OData CSDL XML 4.0, 7.2)
 */
export function referentialConstraints(
  owner: VisibleEntity,
  target: VisibleEntity,
  { link, list }: RelationField,
): { Property: string; ReferencedProperty: string }[] {
  if (list || link.kind !== 'columns') return [];
  const near = link.local.map(column => fieldOf(owner, column));
  const far = link.foreign.map(column => fieldOf(target, column));
  const { key } = target.entity;
  if (far.length !== key.length || !key.every(name => far.includes(name))) return [];
  if (near.includes(undefined)) return [];
  return near.map((name, i) => ({ Property: name!, ReferencedProperty: far[i]! }));
}

/** @returns the name of a column's field, if the caller may see it */
function fieldOf({ values }: VisibleEntity, column: string): string | undefined {
  for (const field of values.values())
    if (field.kind === 'column' && field.column === column) return field.name;
  return undefined;
}
