// The part of the catalog that a caller may read. Introspection and hints show the schema built from it.

import type { Catalog, Entity } from '../../catalog/catalog.ts';
import { usesEnum } from '../../catalog/uses-enum.ts';
import type { PermittedCatalog, PermittedEntity } from '../../query/permitted/permitted-catalog.ts';
import { hasOrder } from './aggregates.ts';

/** @returns the same catalog object if the caller may read everything */
export function readableCatalog({ catalog, entities: permitted, readsAll }: PermittedCatalog): Catalog {
  if (readsAll) return catalog;
  const shown = new Map([...permitted].filter(([, one]) => hasTypes(one)));
  const entities = [...shown.values()].map(one => readableEntity(one, shown));
  return {
    ...catalog,
    enums: new Map([...catalog.enums].filter(([, type]) => usesEnum(entities, type))),
    entities: new Map(entities.map(entity => [entity.name, entity])),
    sets: new Map(entities.map(entity => [entity.set, entity])),
  };
}

/** A type without fields would make the schema invalid, so sets without a field to sort or group by are left out. */
const hasTypes = ({ entity, readable }: PermittedEntity): boolean =>
  [...entity.fields.values()].some(
    field => readable.has(field.name) && field.kind !== 'relation' && hasOrder(field),
  );

function readableEntity(
  { entity, readable }: PermittedEntity,
  shown: ReadonlyMap<string, PermittedEntity>,
): Entity {
  const fields = [...entity.fields].filter(
    ([name, field]) => readable.has(name) && (field.kind !== 'relation' || shown.has(field.target)),
  );
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
