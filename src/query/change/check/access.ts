import { fault } from '../../../base/errors.ts';
import { coversGroup, coversSet, type Principal } from '../../../base/principal.ts';
import type { Entity } from '../../../catalog/catalog.ts';

/** Whether a principal may write to an entity set at all. */
export const mayWriteSet = (principal: Principal, entity: Entity): boolean =>
  coversSet(principal.scopes, entity.set, 'write');

/** Whether a principal who may write to the set may write this field too. */
export function mayWriteField(principal: Principal, entity: Entity, name: string): boolean {
  const group = entity.fields.get(name)?.restricted;
  return group === undefined || coversGroup(principal.scopes, group, 'write');
}

/**
 * Checks permission for a change, once for all rows.
 * @param fields names of the fields that the change sets
 * @throws SCOPE_MISSING naming the scope: `write` or `<set>:write` for the set, exactly `<group>:write` for a restricted field
 */
export function changeAccess(principal: Principal, entity: Entity, fields: Iterable<string>): void {
  if (!mayWriteSet(principal, entity)) throw missing(entity.set, `${entity.set}:write`);
  for (const name of fields) {
    if (mayWriteField(principal, entity, name)) continue;
    throw missing(`${entity.set}.${name}`, `${entity.fields.get(name)?.restricted}:write`);
  }
}

const missing = (what: string, scope: string) =>
  fault('SCOPE_MISSING', `Writing ${what} needs the scope "${scope}".`, {
    hint: 'Use a credential that has it, or leave this out.',
    target: scope,
  });
