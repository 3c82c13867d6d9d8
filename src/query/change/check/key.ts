import { fault } from '../../../base/errors.ts';
import type { ColumnField, Entity } from '../../../catalog/catalog.ts';
import { waysToOne } from '../../../catalog/ways-to-one.ts';
import type { ChangeKey } from '../../ask/entity-change.ts';
import type { BoundKey } from '../../bound/change.ts';
import type { ChangeCheck } from './state.ts';
import { changeValue } from './value.ts';

/**
 * Finding a row by a restricted field needs read permission on the field: the result reveals its value.
 * @throws INVALID_OPERATION when the fields are not exactly one key of the entity
 */
export function checkKey(check: ChangeCheck, entity: Entity, { path, values, at }: ChangeKey): BoundKey {
  const names = values.map(({ field }) => field);
  const ways = waysToOne(entity);
  const way = ways.find(one => one.length === names.length && one.every(name => names.includes(name)));
  if (!way) {
    const keys = ways.map(one => one.join(' and ')).join(', or ');
    throw fault(
      'INVALID_OPERATION',
      `${path || 'The key'} must identify one ${entity.single} by exactly one of its keys.`,
      {
        hint: `Give ${keys}.`,
        at,
      },
    );
  }
  const bound = values.map(({ field: name, literal }) => {
    const field = entity.fields.get(name) as ColumnField;
    if (field.restricted) check.context.references.push({ entity, field, at: literal.at });
    const value = changeValue({ ...field, nullable: false, maxLength: undefined }, literal);
    if (typeof value === 'string') return value;
    const place = path ? `${path}.${name}` : name;
    check.refuse(place, value ?? { code: 'REQUIRED', message: 'A value is required.' }, literal.at);
    return '';
  });
  return { path, fields: names, values: bound };
}
