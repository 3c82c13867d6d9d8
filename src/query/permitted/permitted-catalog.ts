// The catalog as one caller may see it: what they may read and write. Every API exposes exactly this.

import type { Principal } from '../../base/principal.ts';
import type { Catalog, Entity, Field } from '../../catalog/catalog.ts';
import { mayWriteField, mayWriteSet } from '../change/check/access.ts';
import { mayReadField, mayReadSet } from '../check/access.ts';

export interface PermittedEntity {
  /** As declared, with all its fields. */
  readonly entity: Entity;
  /** Whether records may be read. */
  readonly read: boolean;
  /** Whether records may be created, changed and deleted. */
  readonly write: boolean;
  /** Names of the fields that may be read. Empty if records may not be read. Relations count only if their target may be read. */
  readonly readable: ReadonlySet<string>;
  /** Names of the fields whose own scopes permit writing. They can be written only if `write` is also true. */
  readonly writable: ReadonlySet<string>;
  /** Whether all fields of the primary key may be read. */
  readonly keyReadable: boolean;
}

export interface PermittedCatalog {
  /** As declared, with everything in it. */
  readonly catalog: Catalog;
  /** The scopes that it was built for. */
  readonly scopes: ReadonlySet<string>;
  /** Every entity by model name, in the catalog's order, including those that may be neither read nor written. */
  readonly entities: ReadonlyMap<string, PermittedEntity>;
  /** Whether every field of every entity may be read. */
  readonly readsAll: boolean;
  /** Whether every field of every entity may be written. */
  readonly writesAll: boolean;
}

/** @returns what a principal may read and write, which depends only on their scopes */
export function permittedCatalog(catalog: Catalog, principal: Principal): PermittedCatalog {
  const permitted = [...catalog.entities.values()].map(entity => permittedEntity(catalog, entity, principal));
  const isWhole = (names: ReadonlySet<string>, { fields }: Entity) => names.size === fields.size;
  return {
    catalog,
    scopes: principal.scopes,
    entities: new Map(permitted.map(one => [one.entity.name, one])),
    readsAll: permitted.every(({ entity, read, readable }) => read && isWhole(readable, entity)),
    writesAll: permitted.every(({ entity, write, writable }) => write && isWhole(writable, entity)),
  };
}

/** @returns what is permitted of one entity */
export const permittedOf = (
  { entities }: Pick<PermittedCatalog, 'entities'>,
  { name }: Pick<Entity, 'name'>,
): PermittedEntity => entities.get(name)!;

function permittedEntity(catalog: Catalog, entity: Entity, principal: Principal): PermittedEntity {
  const read = mayReadSet(principal, entity);
  const target = (name: string) => catalog.entities.get(name);
  const readable = namesOf(entity, field => read && mayReadField(principal, entity, field, target));
  return {
    entity,
    read,
    write: mayWriteSet(principal, entity),
    readable,
    writable: namesOf(entity, field => mayWriteField(principal, entity, field.name)),
    keyReadable: entity.key.every(name => readable.has(name)),
  };
}

const namesOf = (entity: Entity, isPermitted: (field: Field) => boolean): ReadonlySet<string> =>
  new Set([...entity.fields.values()].filter(isPermitted).map(field => field.name));
