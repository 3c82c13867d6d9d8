// Value types of the catalog -> GraphQL's names for them.

import type { Scalar, ValueType } from '../../catalog/catalog.ts';
import type { SchemaParts } from './schema-parts.ts';

export type ScalarName = Exclude<Scalar, 'Enum' | 'Duration'>;

/** @returns the Pothos type of one value: a scalar's name or an enum */
export const elementType = (parts: SchemaParts, type: ValueType) =>
  type.enum ? parts.enums.get(type.enum.name)! : (type.scalar as ScalarName);

/** @returns the name of a value's type, lists aside: `Decimal`, `OrderStatus` */
export const elementName = (type: ValueType): string => type.enum?.name ?? type.scalar;
