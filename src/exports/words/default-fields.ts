// Which fields an export has where none are named.

import type { Principal } from '../../base/principal.ts';
import type { ColumnField, Entity, Field } from '../../catalog/catalog.ts';
import { checkAccess } from '../../query/check/access.ts';
import type { Engine } from '../../query/engine.ts';
import { permittedOf } from '../../query/permitted/permitted-catalog.ts';

/**
 * @returns the names of all fields with a value of their own that the caller may read, restricted ones included
 * @throws SCOPE_MISSING if the caller may not read the set
 */
export function readableFields(
  engine: Pick<Engine, 'permitted'>,
  entity: Entity,
  principal: Principal,
): string[] {
  checkAccess([{ entity }], principal);
  const { readable } = permittedOf(engine.permitted(principal), entity);
  return [...entity.fields.values()]
    .filter(field => field.kind !== 'relation' && readable.has(field.name))
    .map(field => field.name);
}

/**
 * Fields in a restricted group are exported only when they are named.
 * @returns the names of the readable fields that are in no restricted group
 */
export const defaultFields = (
  engine: Pick<Engine, 'permitted'>,
  entity: Entity,
  principal: Principal,
): string[] =>
  readableFields(engine, entity, principal).filter(name => !isRestricted(entity, entity.fields.get(name)!));

function isRestricted(entity: Entity, field: Field): boolean {
  if (field.restricted) return true;
  return 'needs' in field && field.needs.some(name => entity.fields.get(name)?.restricted);
}

/** @returns whether an import takes the field: not what the server computes, counts up or sets to the time of the change */
export function isImportable(entity: Entity, name: string): boolean {
  const field = entity.fields.get(name);
  if (field?.kind !== 'column' || field.updatedAt) return false;
  return !isGeneratedKey(entity, field);
}

/** Rows of a set without a natural key can be found only by the key that the database counts up. */
const isGeneratedKey = ({ key, naturalKey }: Entity, { name, counted }: ColumnField): boolean =>
  counted === true && key.includes(name) && naturalKey !== undefined && !naturalKey.includes(name);
