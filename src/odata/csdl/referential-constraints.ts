import type { RelationField } from '../../catalog/catalog.ts';
import type { VisibleEntity } from '../model/visible-model.ts';

/**
 * @returns the pairs of fields by which a to-one relation leads to the other's primary key, or none where they are the
 * other way round or not to be known (OData CSDL XML 4.0, 7.2)
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

/** @returns the name of the field that a column is shown as, if the caller may know it */
function fieldOf({ values }: VisibleEntity, column: string): string | undefined {
  for (const field of values.values())
    if (field.kind === 'column' && field.column === column) return field.name;
  return undefined;
}
