// Resolves keys in parentheses to the fields of an entity.

import { fault } from '../../base/errors.ts';
import type { Entity } from '../../catalog/catalog.ts';
import type { KeyPart } from '../parse/odata-expression.ts';

export interface KeyField {
  readonly field: string;
  readonly value: KeyPart['value'];
  readonly at: number;
}

/**
 * A key is the primary key or any other set of fields that identifies an entity.
 * @param mayName whether the caller may know about a field
 * @throws INVALID_OPERATION
 */
export function keyFields(
  entity: Entity,
  parts: readonly KeyPart[],
  mayName: (field: string) => boolean,
): KeyField[] {
  const [{ name, value, at }] = parts as [KeyPart];
  if (name === undefined && entity.key.length === 1) return [{ field: entity.key[0]!, value, at }];
  const names = parts.map(part => part.name);
  const keys = [entity.key, ...entity.uniques].filter(key => key.every(mayName));
  const matches = (key: readonly string[]) =>
    key.length === names.length && key.every(field => names.includes(field));
  if (keys.some(matches)) return parts.map(part => ({ field: part.name!, value: part.value, at: part.at }));
  const shown = keys.map(key => `(${key.map(field => `${field}=…`).join(',')})`).join(' or ');
  throw fault('INVALID_OPERATION', `This is not a key of ${entity.set}.`, { hint: `Write ${shown}.`, at });
}
