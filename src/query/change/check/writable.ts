// The fields and relations of an entity that can be written at all, before permission.

import type { Catalog, ColumnField, Entity, RelationField } from '../../../catalog/catalog.ts';
import { sideOf } from '../../bound/change.ts';

/** @returns the columns that can be set on a new row, or on an existing one */
export const writableColumns = (entity: Entity, kind: 'insert' | 'update'): ColumnField[] =>
  [...entity.fields.values()].filter(
    (field): field is ColumnField => field.kind === 'column' && isWritable(entity, field, kind),
  );

/** The database generates serial keys, and the server sets `updatedAt`. Other keys can be set on insert; no key ever changes. */
export function isWritable(entity: Entity, field: ColumnField, kind: 'insert' | 'update'): boolean {
  if (field.updatedAt) return false;
  return !entity.key.includes(field.name) || (kind === 'insert' && !field.counted);
}

/** Whether a new row needs a value. */
export const isRequired = (field: ColumnField): boolean =>
  !field.nullable && !field.hasDefault && !field.updatedAt && !field.type.list;

/** @returns the fields by which upserts identify a row: the natural key, or a primary key that callers set */
export function upsertKey(entity: Entity): readonly string[] | undefined {
  if (entity.naturalKey) return entity.naturalKey;
  const isSettable = entity.key.every(name => {
    const field = entity.fields.get(name);
    return field?.kind === 'column' && isWritable(entity, field, 'insert');
  });
  return isSettable ? entity.key : undefined;
}

/** @returns the relations that can be written: the columns that store them are exposed and writable */
export const writableRelations = (
  catalog: Catalog,
  entity: Entity,
  kind: 'insert' | 'update',
): RelationField[] =>
  [...entity.fields.values()].filter(
    (field): field is RelationField => field.kind === 'relation' && isLinkable(catalog, entity, field, kind),
  );

function isLinkable(
  catalog: Catalog,
  entity: Entity,
  relation: RelationField,
  kind: 'insert' | 'update',
): boolean {
  const side = sideOf(relation);
  if (side === 'table') return true;
  const holder = side === 'near' ? entity : catalog.entities.get(relation.target)!;
  const columns = foreignKey(catalog, entity, relation);
  if (columns === undefined) return false;
  return kind === 'insert' || side === 'far' || columns.every(column => isWritable(holder, column, 'update'));
}

/** @returns the columns that store a relation, in the entity or at the other end; undefined if one of them is not exposed */
export function foreignKey(
  catalog: Catalog,
  entity: Entity,
  { link, target }: RelationField,
): ColumnField[] | undefined {
  if (link.kind === 'table') return [];
  const holder = link.owner ? entity : catalog.entities.get(target)!;
  const columns = (link.owner ? link.local : link.foreign).map(name => fieldOfColumn(holder, name));
  return columns.every(column => column !== undefined) ? columns : undefined;
}

/** @returns the field that exposes a column of the database, if any */
export function fieldOfColumn(entity: Entity, column: string): ColumnField | undefined {
  for (const field of entity.fields.values())
    if (field.kind === 'column' && field.column === column) return field;
  return undefined;
}
