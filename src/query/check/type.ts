// Which types can be compared and sorted, and their names in errors.

import { fault } from '../../base/errors.ts';
import type { ValueType } from '../../catalog/catalog.ts';

const numbers = new Set(['Int', 'BigInt', 'Decimal', 'Float']);
const moments = new Set(['DateTime', 'Date']);
const texts = new Set(['String', 'Enum', 'Uuid']);

/** @throws INVALID_OPERATION for types that cannot be compared */
export function refuseUnequalTypes(left: ValueType, right: ValueType, at?: number): void {
  const sameKind = [numbers, moments].some(kind => kind.has(left.scalar) && kind.has(right.scalar));
  if (left.list === right.list && (left.scalar === right.scalar || sameKind) && left.enum === right.enum)
    return;
  throw fault('INVALID_OPERATION', `${typeName(left)} and ${typeName(right)} cannot be compared.`, { at });
}

/** @throws INVALID_OPERATION */
export function refuseUnordered(type: ValueType, at?: number): void {
  if (type.list || type.scalar === 'Json')
    throw fault('INVALID_OPERATION', `${typeName(type)} cannot be sorted or compared by order.`, { at });
}

export const typeName = (type: ValueType): string => {
  const name = type.enum?.name ?? (texts.has(type.scalar) && type.scalar !== 'Uuid' ? 'Text' : type.scalar);
  return type.list ? `A list of ${name}` : name;
};
