// The root fields generated from the catalog: `products`, `product`, `productsCount`, `productsAggregate` and `productsGroupBy`.

import type { Catalog, Entity, Field, RelationField } from '../../catalog/catalog.ts';
import { waysToOne } from '../../catalog/ways-to-one.ts';
import { connectionName } from './connections.ts';

export { waysToOne };

export interface Root {
  readonly kind: 'list' | 'one' | 'count' | 'connection' | 'aggregate' | 'groupBy';
  readonly entity: Entity;
}

/** @returns every root field, by name */
export function rootsOf(catalog: Catalog): ReadonlyMap<string, Root> {
  const roots = new Map<string, Root>();
  for (const entity of catalog.entities.values()) {
    roots.set(entity.set, { kind: 'list', entity });
    if (waysToOne(entity).length > 0) roots.set(entity.single, { kind: 'one', entity });
    roots.set(`${entity.set}Count`, { kind: 'count', entity });
    roots.set(connectionName(entity.set), { kind: 'connection', entity });
    roots.set(`${entity.set}Aggregate`, { kind: 'aggregate', entity });
    roots.set(`${entity.set}GroupBy`, { kind: 'groupBy', entity });
  }
  return roots;
}

const countSuffix = 'Count';

/** @returns the to-many relation that a field such as `itemsCount` counts. A model field of the same name wins. */
export function countedRelation(entity: Entity, name: string): RelationField | undefined {
  if (!name.endsWith(countSuffix) || entity.fields.has(name)) return undefined;
  const field = entity.fields.get(name.slice(0, -countSuffix.length));
  return field && isToMany(field) ? field : undefined;
}

/** @returns the name of the field that counts a to-many relation, or undefined if that name is taken */
export function countFieldOf(entity: Entity, relation: RelationField): string | undefined {
  const name = `${relation.name}${countSuffix}`;
  return entity.fields.has(name) ? undefined : name;
}

const isToMany = (field: Field): field is RelationField => field.kind === 'relation' && field.list;
