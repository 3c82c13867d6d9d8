// What a caller may read, in terms of OData. It differs from the other APIs in one point: OData identifies every entity by
// its key (OData 4.01 Part 1, 4.1), so a set whose key the caller may not read is left out.

import type { Principal } from '../../base/principal.ts';
import type { Catalog, Entity, Field, RelationField, ValueField } from '../../catalog/catalog.ts';
import type { Engine } from '../../query/engine.ts';
import { oncePerPermitted } from '../../query/permitted/cache.ts';
import type { PermittedCatalog, PermittedEntity } from '../../query/permitted/permitted-catalog.ts';

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
  /** Which permission decided what is in this model; read by default. */
  readonly access?: 'read' | 'write';
}

/** @returns the model of a caller, built once for all callers with the same scopes */
export function keptModels(engine: Pick<Engine, 'permitted'>): (principal: Principal) => VisibleModel {
  const modelOf = oncePerPermitted(visibleModel);
  return principal => modelOf(engine.permitted(principal));
}

/** @returns the sets that can be read including their key, and the relations between them */
export function visibleModel({ catalog, entities }: PermittedCatalog): VisibleModel {
  const shown = [...entities.values()].filter(({ read, keyReadable }) => read && keyReadable);
  return { catalog, sets: toSets(shown, ({ readable }, field) => readable.has(field.name)) };
}

/** @param isShown whether a field is in the model; relations are in it only if their target is */
export function toSets(
  permitted: readonly PermittedEntity[],
  isShown: (permitted: PermittedEntity, field: Field) => boolean,
): VisibleModel['sets'] {
  const names = new Set(permitted.map(({ entity }) => entity.name));
  const toVisible = (one: PermittedEntity): VisibleEntity => {
    const fields = [...one.entity.fields.values()].filter(field => isShown(one, field));
    const values = fields.filter(field => field.kind !== 'relation');
    const relations = fields.filter(field => field.kind === 'relation' && names.has(field.target));
    return {
      entity: one.entity,
      values: byName(values as ValueField[]),
      relations: byName(relations as RelationField[]),
      writable: one.write,
    };
  };
  return new Map(permitted.map(one => [one.entity.set, toVisible(one)]));
}

const byName = <F extends Field>(fields: readonly F[]): ReadonlyMap<string, F> =>
  new Map(fields.map(field => [field.name, field]));

/** @returns the target of a relation of the model, which is always in the model */
export const targetOf = (model: VisibleModel, relation: RelationField): VisibleEntity =>
  [...model.sets.values()].find(({ entity }) => entity.name === relation.target)!;
