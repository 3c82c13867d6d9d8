import type { Principal } from '../../base/principal.ts';
import type { Catalog, Entity } from '../../catalog/catalog.ts';
import { mayWriteField, mayWriteSet } from '../../query/change/check/access.ts';
import { writableColumns } from '../../query/change/check/writable.ts';
import { type MayWrite, mayWriteAll } from './mutations.ts';

/** @returns what of a catalog a principal may write: of a set, something at least */
export function mayWriteOf(catalog: Catalog, principal: Principal): MayWrite {
  const field: MayWrite['field'] = (entity, name) => mayWriteField(principal, entity, name);
  const set: MayWrite['set'] = entity =>
    mayWriteSet(principal, entity) && writableColumns(entity, 'update').some(one => field(entity, one.name));
  const whole = ([entity]: [Entity]) =>
    set(entity) && [...entity.fields.keys()].every(name => field(entity, name));
  return [...catalog.entities.values()].every(entity => whole([entity])) ? mayWriteAll : { set, field };
}
