import type { Principal } from '../../base/principal.ts';
import { changeAccess } from '../../query/change/check/access.ts';
import { checkAccess } from '../../query/check/access.ts';
import type { CheckedMapper } from './check-mapper.ts';
import { fieldsOf, type MapperTarget } from './target.ts';

/**
 * Finding a related record by its key is a read of its set; creating one is a write.
 * @throws SCOPE_MISSING for anything that the mapper writes or finds and the principal may not
 */
export function checkMapperAccess({ document, entity, targets }: CheckedMapper, principal: Principal): void {
  const { action, field, where } = document.absent;
  const absent = action === 'deactivate' ? [field!] : [];
  changeAccess(principal, entity, [...targets.flatMap(fieldsOf), ...absent]);
  for (const target of targets) if (target.kind !== 'field') checkRelation(target, principal);
  if (action === 'leave') return;
  // Which records are changed would tell their values.
  const filtered = Object.keys(where).map(name => ({ entity, field: entity.fields.get(name)! }));
  checkAccess(filtered, principal);
}

/** Whether a principal may do all that the mapper does. */
export function mayUseMapper(mapper: CheckedMapper, principal: Principal): boolean {
  try {
    checkMapperAccess(mapper, principal);
    return true;
  } catch {
    return false;
  }
}

function checkRelation(relation: Exclude<MapperTarget, { kind: 'field' }>, principal: Principal): void {
  const { target, key, create } = relation;
  checkAccess([{ entity: target, field: key }], principal);
  if (!create) return;
  const tree = relation.kind === 'tree' ? [relation.label, relation.parentStored] : [];
  changeAccess(principal, target, [key.name, ...tree.map(field => field.name), ...Object.keys(create)]);
}
