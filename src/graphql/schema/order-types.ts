// `ProductOrderBy`: one sort key, on a field of the row or of a row that it leads to.

import type { Entity, Field } from '../../catalog/catalog.ts';
import { describeField } from './describe.ts';
import { type InputRef, inputType, type SchemaParts } from './schema-parts.ts';

export function orderType(parts: SchemaParts, entity: Entity): InputRef {
  return inputType(parts, `${entity.name}OrderBy`, ref =>
    parts.builder.inputType(ref, {
      description: `A sort key of ${entity.set}: exactly one field. Several keys go in a list, the first one first.`,
      isOneOf: true,
      fields: t => {
        const keys = [...entity.fields.values()].filter(canSort).map(field => {
          const target = field.kind === 'relation' ? parts.catalog.entities.get(field.target) : undefined;
          const type = target ? orderType(parts, target) : parts.sortOrder;
          return [field.name, t.field({ type, description: describeField(entity, field) })] as const;
        });
        return Object.fromEntries(keys);
      },
    }),
  );
}

function canSort(field: Field): boolean {
  if (field.kind === 'relation') return !field.list;
  return (
    field.kind !== 'function' &&
    !field.type.list &&
    field.type.scalar !== 'Json' &&
    field.type.scalar !== 'Bytes'
  );
}
