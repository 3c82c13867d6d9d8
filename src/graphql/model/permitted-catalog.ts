// The catalog cut to what a principal may know of. The schema built from it is what introspection and hints show.

import type { Principal } from '../../base/principal.ts';
import type { Catalog, Entity } from '../../catalog/catalog.ts';
import { mayReadField, mayReadSet } from '../../query/check/access.ts';

/** @returns the same catalog object when nothing has to be cut */
export function permittedCatalog(catalog: Catalog, principal: Principal): Catalog {
  const all = [...catalog.entities.values()];
  const entities = all
    .filter(entity => mayReadSet(principal, entity))
    .map(entity => permittedEntity(catalog, entity, principal));
  if (entities.length === all.length && entities.every((entity, i) => entity === all[i])) return catalog;
  return {
    ...catalog,
    entities: new Map(entities.map(entity => [entity.name, entity])),
    sets: new Map(entities.map(entity => [entity.set, entity])),
  };
}

function permittedEntity(catalog: Catalog, entity: Entity, principal: Principal): Entity {
  const target = (name: string) => catalog.entities.get(name);
  const fields = [...entity.fields].filter(([, field]) => mayReadField(principal, entity, field, target));
  if (fields.length === entity.fields.size) return entity;
  const known = new Map(fields);
  const isKnown = (names: readonly string[]) => names.every(name => known.has(name));
  return {
    ...entity,
    fields: known,
    uniques: entity.uniques.filter(isKnown),
    naturalKey: entity.naturalKey && isKnown(entity.naturalKey) ? entity.naturalKey : undefined,
    search: isKnown(entity.search) ? entity.search : [],
  };
}
