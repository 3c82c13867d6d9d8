// The catalog as one caller may write it. What may be written without being read can be addressed, but is never shown.

import type { Principal } from '../../base/principal.ts';
import type { Catalog, Entity, Field } from '../../catalog/catalog.ts';
import { mayWriteField, mayWriteSet } from '../../query/change/check/access.ts';
import { mayReadField, mayReadSet } from '../../query/check/access.ts';
import type { VisibleEntity, VisibleModel } from '../model/visible-model.ts';

/** @returns every set that the caller may read or write, with the fields of which the same is true */
export function writableModel(catalog: Catalog, principal: Principal): VisibleModel {
  const known = [...catalog.entities.values()].filter(
    entity => mayReadSet(principal, entity) || mayWriteSet(principal, entity),
  );
  const names = new Set(known.map(({ name }) => name));
  const sets = new Map(known.map(entity => [entity.set, knownEntity(catalog, principal, entity, names)]));
  return { catalog, sets, access: 'write' };
}

function knownEntity(
  catalog: Catalog,
  principal: Principal,
  entity: Entity,
  names: ReadonlySet<string>,
): VisibleEntity {
  // What it takes to go along a relation is decided where somebody does.
  const isKnown = (field: Field) =>
    mayReadField(principal, entity, field, name => catalog.entities.get(name)) ||
    ((field.kind === 'relation' || mayWriteSet(principal, entity)) &&
      mayWriteField(principal, entity, field.name));
  const fields = [...entity.fields.values()].filter(isKnown);
  return {
    entity,
    writable: mayWriteSet(principal, entity),
    values: new Map(fields.flatMap(field => (field.kind === 'relation' ? [] : [[field.name, field]]))),
    relations: new Map(
      fields.flatMap(field =>
        field.kind === 'relation' && names.has(field.target) ? [[field.name, field]] : [],
      ),
    ),
  };
}
