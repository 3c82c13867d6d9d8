// The catalog as one caller may know it: what it may not read does not exist here.

import { BoundedCache } from '../../base/memory/bounded-cache.ts';
import { coversSet, type Principal } from '../../base/principal.ts';
import type { Catalog, Entity, RelationField, ValueField } from '../../catalog/catalog.ts';
import { mayReadField, mayReadSet } from '../../query/check/access.ts';

export interface VisibleEntity {
  readonly entity: Entity;
  readonly values: ReadonlyMap<string, ValueField>;
  readonly relations: ReadonlyMap<string, RelationField>;
  /** Whether the caller may write to the set at all. */
  readonly writable: boolean;
}

export interface VisibleModel {
  readonly catalog: Catalog;
  /** By set name, in the catalog's order. */
  readonly sets: ReadonlyMap<string, VisibleEntity>;
  /** What is not in it could not be: read, unless it says otherwise. */
  readonly access?: 'read' | 'write';
}

/** Callers with different scopes whose view of the model is kept. */
const modelsMax = 200;

/** @returns the model of a caller, made once for all with the same scopes */
export function keptModels(catalog: Catalog): (principal: Principal) => VisibleModel {
  const kept = new BoundedCache<VisibleModel>(modelsMax);
  return principal => kept.getOrMake(principal.scopeKey, () => visibleModel(catalog, principal));
}

/** Entities whose key the caller may not read are left out: OData can't say them. So are relations to what is left out. */
export function visibleModel(catalog: Catalog, principal: Principal): VisibleModel {
  const readable = [...catalog.entities.values()]
    .filter(entity => mayReadSet(principal, entity))
    .map(entity => visibleEntity(catalog, principal, entity))
    .filter(({ entity, values }) => entity.key.every(name => values.has(name)));
  const names = new Set(readable.map(({ entity }) => entity.name));
  const sets = new Map(readable.map(visible => [visible.entity.set, withRelationsTo(names, visible)]));
  return { catalog, sets };
}

function visibleEntity(catalog: Catalog, principal: Principal, entity: Entity): VisibleEntity {
  const values = new Map<string, ValueField>();
  const relations = new Map<string, RelationField>();
  for (const field of entity.fields.values()) {
    if (!mayReadField(principal, entity, field, name => catalog.entities.get(name))) continue;
    if (field.kind === 'relation') relations.set(field.name, field);
    else values.set(field.name, field);
  }
  return { entity, values, relations, writable: coversSet(principal.scopes, entity.set, 'write') };
}

function withRelationsTo(names: ReadonlySet<string>, visible: VisibleEntity): VisibleEntity {
  const relations = [...visible.relations].filter(([, relation]) => names.has(relation.target));
  return { ...visible, relations: new Map(relations) };
}

/** @returns the entity that a relation of the model leads to; it is always there */
export const targetOf = (model: VisibleModel, relation: RelationField): VisibleEntity =>
  [...model.sets.values()].find(({ entity }) => entity.name === relation.target)!;
