// Permission: decided once per query, on everything that it refers to. A field that may not be read can't be selected,
// filtered by, sorted by or counted; nothing about permission is left to the rows.

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
 * Whether a principal may read a field, and so may know of it: its own group, the groups of what it is computed from,
 * and the set that a relation leads to.
 * @param target finds an entity by its model's name
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
