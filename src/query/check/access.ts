// Permission: decided once per query, for everything that it refers to. A field that the caller may not read cannot be
// selected, filtered by, sorted by or counted. Permission never depends on individual rows.

import { type Fault, fault } from '../../base/errors.ts';
import { coversGroup, coversSet, type Principal } from '../../base/principal.ts';
import type { Entity, Field } from '../../catalog/catalog.ts';
import type { Reference } from '../bound/query.ts';

/** @throws SCOPE_MISSING naming the first scope that the principal lacks */
export function checkAccess(references: readonly Reference[], principal: Principal): void {
  for (const { entity, field, at } of references) {
    if (!mayReadSet(principal, entity)) throw missing(entity.set, `${entity.set}:read`, at);
    if (field?.restricted && !coversGroup(principal.scopes, field.restricted, 'read')) {
      throw missing(`${entity.set}.${field.name}`, `${field.restricted}:read`, at);
    }
  }
}

const missing = (what: string, scope: string, at?: number): Fault =>
  fault('SCOPE_MISSING', `Reading ${what} needs the scope "${scope}".`, {
    hint: 'Use a credential that has it, or leave this out.',
    target: scope,
    at,
  });

/** Whether a principal may read an entity set at all. */
export const mayReadSet = (principal: Principal, entity: Entity): boolean =>
  coversSet(principal.scopes, entity.set, 'read');

/**
 * Whether a principal may read a field, and so may know that it exists. Requires its own restricted group, the groups of
 * the columns that it is computed from, and read access to a relation's target set.
 * @param target finds an entity by model name
 */
export function mayReadField(
  principal: Principal,
  entity: Entity,
  field: Field,
  target: (name: string) => Entity | undefined,
): boolean {
  const covers = (group?: string) => !group || coversGroup(principal.scopes, group, 'read');
  if (!covers(field.restricted)) return false;
  if ('needs' in field && !field.needs.every(need => covers(entity.fields.get(need)?.restricted)))
    return false;
  if (field.kind !== 'relation') return true;
  const other = target(field.target);
  return other !== undefined && mayReadSet(principal, other);
}
