// Names of connections: https://relay.dev/graphql/connections.htm

import type { Entity, RelationField } from '../../catalog/catalog.ts';

const suffix = 'Connection';

/** @returns the to-many relation that a field such as `itemsConnection` pages through. A model field of the same name wins. */
export function connectedRelation(entity: Entity, name: string): RelationField | undefined {
  if (!name.endsWith(suffix) || entity.fields.has(name)) return undefined;
  const field = entity.fields.get(name.slice(0, -suffix.length));
  return field?.kind === 'relation' && field.list ? field : undefined;
}

/** @returns the name of the field that pages through a relation, or undefined for a to-one relation or if the name is taken */
export function connectionFieldOf(entity: Entity, relation: RelationField): string | undefined {
  const name = connectionName(relation.name);
  return relation.list && !entity.fields.has(name) ? name : undefined;
}

/** @param list a set or a to-many relation @returns `productsConnection` */
export const connectionName = (list: string): string => `${list}${suffix}`;

export const connectionTypeName = (entity: Entity): string => `${entity.name}${suffix}`;
export const edgeTypeName = (entity: Entity): string => `${entity.name}Edge`;
export const pageInfoTypeName = 'PageInfo';
