// `ProductOrderBy`: one sort key, on a field of the row or of a row that it leads to.

import type { Entity, Field } from '../../catalog/catalog.ts';
import { aggregateFieldOf } from '../model/aggregates.ts';
import { aggregateOrderType } from './aggregate-order-types.ts';
import { describeField } from './describe.ts';
import { type InputRef, inputType, type SchemaParts } from './schema-parts.ts';

export function orderType(parts: SchemaParts, entity: Entity): InputRef {
  return inputType(parts, `${entity.name}OrderBy`, ref =>
    parts.builder.inputType(ref, {
      description: `A sort key of ${entity.set}: exactly one field. Write several keys as a list, most important first.`,
      isOneOf: true,
      fields: t => {
        const keys = [...entity.fields.values()].filter(canSort).map(field => {
          const target = field.kind === 'relation' ? parts.catalog.entities.get(field.target) : undefined;
          const type = target ? orderType(parts, target) : parts.sortOrder;
          return [field.name, t.field({ type, description: describeField(entity, field) })] as const;
        });
        const aggregates = [...entity.fields.values()].flatMap(field => {
          const name = field.kind === 'relation' ? aggregateFieldOf(entity, field) : undefined;
          if (field.kind !== 'relation' || name === undefined) return [];
          const type = aggregateOrderType(parts, parts.catalog.entities.get(field.target)!);
          return [[name, t.field({ type, description: `An aggregate of the ${field.name}.` })] as const];
        });
        return Object.fromEntries([...keys, ...aggregates]);
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
